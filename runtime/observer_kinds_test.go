package runtime_test

import (
	"testing"

	"flowrun/runtime"
)

func TestKindsOfEventsHaveNames(t *testing.T) {
	for kind, want := range map[runtime.EventKind]string{
		runtime.CallStarted: "call started", runtime.CallEnded: "call ended", runtime.FailoverTaken: "failover taken",
		runtime.CatchTaken: "catch taken", runtime.ErrorSkipped: "error skipped", runtime.CallTold: "call told",
		runtime.CallRefused: "call refused", runtime.EventKind(99): "EventKind(99)",
	} {
		if got := kind.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
