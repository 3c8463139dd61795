package flowotel_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestNothingElseImportsOpenTelemetry holds the promise that a host which does not
// trace compiles nothing of it.
func TestNothingElseImportsOpenTelemetry(t *testing.T) {
	list := exec.CommandContext(t.Context(), "go", "list", "-deps",
		"flowrun/lang", "flowrun/runtime/...", "flowrun/builtins/...", "flowrun/store/...", "flowrun/observe/flowslog", "flowrun/cmd/flowrun")
	packages, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(packages), "flowrun/runtime\n") {
		t.Fatalf("go list gives %q", packages)
	}
	for name := range strings.Lines(string(packages)) {
		if strings.HasPrefix(name, "go.opentelemetry.io/") {
			t.Errorf("%s is imported", strings.TrimSpace(name))
		}
	}
}
