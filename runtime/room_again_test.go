package runtime_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"flowrun/runtime"
)

// later is an hour after the machine's time.
type later struct{ runtime.Direct }

func (later) Now() time.Time { return time.Now().Add(time.Hour) }

// TestATimeoutOfAResumedRunIsNoneOfALaterRun has a component fail with the error of a run
// that has ended, which stands for a context or an error that it has kept.
func TestATimeoutOfAResumedRunIsNoneOfALaterRun(t *testing.T) {
	var kept error
	ask := runtime.NewComponentFunc("ask", func(context.Context, struct{}) (int, error) {
		if kept != nil {
			return 0, kept
		}
		return 0, runtime.Suspend("for a word")
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(ask)),
		"input bounded: bool\nfunction f < > {\n x = ask < >\n return x\n}\nif bounded { y = f < timeout: \"1m\" > } else { y = f < > }\nreturn y")
	for range 10 {
		kept = nil
		outcome, err := program.Run(t.Context(), runtime.Inputs{"bounded": true})
		if err != nil || outcome.Snapshot == nil {
			t.Fatal(err)
		}
		_, kept = program.Resume(t.Context(), outcome.Snapshot, runtime.Reply{}, runtime.WithEffects(later{}))
		if !errors.Is(kept, runtime.ErrTimeout) {
			t.Fatalf("got %v of a run whose time has passed", kept)
		}
		outcome, err = program.Run(t.Context(), runtime.Inputs{"bounded": false})
		if want := kept.Error(); err == nil || outcome.Failures[0].Message != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestARunCountsWhatTheFirstOfItsProgramCounted has runs that look at what they hold, and
// then compare much at once.
func TestARunCountsWhatTheFirstOfItsProgramCounted(t *testing.T) {
	program := compile(t, newLimited(t, &recorder{}, runtime.Limits{Variables: 16000}),
		"input n: int\na = repeat(\"a\", 2000)\nb = \"${a}${a}\"\nc = "+repeated("0 < n < 9 and ", 100)+"true\nreturn "+repeated("0 < n < 9 and ", 100)+"any([a], # < b)")
	want := 0
	for range 5 {
		outcome, err := program.Run(t.Context(), runtime.Inputs{"n": 5})
		if want == 0 {
			want = outcome.Steps
		}
		if err != nil || outcome.Steps != want {
			t.Errorf("%d steps, %v, want %d", outcome.Steps, err, want)
		}
	}
}
