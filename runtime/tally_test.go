package runtime_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"flowrun/runtime"
)

type tallySettings struct {
	Suspend bool `flow:"suspend"`
}

func tallyProgram(t *testing.T) *runtime.Program {
	count := runtime.NewComponent("count", func(_ context.Context, call *runtime.Call, s *tallySettings) (any, error) {
		counted := call.Tally("count calls")
		if s.Suspend {
			return nil, runtime.Suspend("counted")
		}
		return counted, nil
	})
	return compile(t, newEngine(t, &recorder{}, runtime.WithComponents(count)),
		"count < >\ncount < suspend: true >\nx = count < >\nreturn x\n")
}

func TestATallyGoesOnInAResumedRun(t *testing.T) {
	outcome, err := tallyProgram(t).Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(outcome.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	var snapshot runtime.Snapshot
	if err := json.Unmarshal(text, &snapshot); err != nil {
		t.Fatal(err)
	}
	outcome, err = tallyProgram(t).Resume(t.Context(), &snapshot, runtime.Reply{})
	if err != nil || outcome.Result != 3 {
		t.Errorf("got %v, %v, want 3", outcome.Result, err)
	}
}

func TestEachRunHasATallyOfItsOwn(t *testing.T) {
	program := tallyProgram(t)
	var runs sync.WaitGroup
	for range 50 {
		runs.Go(func() {
			outcome, err := program.Run(t.Context(), nil)
			if err != nil || outcome.Snapshot == nil {
				t.Error(outcome, err)
				return
			}
			outcome, err = program.Resume(t.Context(), outcome.Snapshot, runtime.Reply{})
			if err != nil || outcome.Result != 3 {
				t.Error(outcome.Result, err)
			}
		})
	}
	runs.Wait()
}
