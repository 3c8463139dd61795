package replay_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"flowrun/runtime"
	"flowrun/runtime/replay"
)

// TestAComponentFuncIsReplayedFromItsRecord records and replays a run of a component
// that gets no Call and does something else each time, and of a program that ran
// before and after without a record.
func TestAComponentFuncIsReplayedFromItsRecord(t *testing.T) {
	calls := 0
	draw := runtime.NewComponentFunc("draw", func(_ context.Context, s struct {
		Below int `flow:"below,required"`
	}) (int, error) {
		calls++
		if s.Below == 3 {
			return 0, &runtime.Failure{Kind: "odd", Message: "three", Fields: map[string]any{"chance": rand.IntN(1 << 30)}}
		}
		return rand.IntN(s.Below), nil
	})
	engine, err := runtime.New(runtime.WithComponents(draw))
	if err != nil {
		t.Fatal(err)
	}
	p, problems := engine.Compile("draw.flow", `
input n: int
function twice < below > {
  x = draw < below: below >
  y = draw < below: below >
  return [x, y]
}
xs = []
for i in 1..n {
  x = draw < below: i > catch e { x = e.chance }
  y = twice < below: 1000000 >
  xs = concat(xs, [x, y])
}
return xs
`)
	if p == nil {
		t.Fatal(problems)
	}
	inputs := runtime.Inputs{"n": 4}
	direct := func() {
		t.Helper()
		before := calls
		for range 2 {
			if _, err := p.Run(t.Context(), inputs); err != nil {
				t.Fatal(err)
			}
		}
		if calls != before+2*12 {
			t.Errorf("the component was called %d times in two runs", calls-before)
		}
	}
	trace := func(into *[]string) func(runtime.Event) {
		return func(e runtime.Event) {
			*into = append(*into, fmt.Sprint(e.Kind, e.Time.UnixNano(), e.Depth, e.Settings, e.Result, e.Err, e.Call.Run, e.Call.Address))
		}
	}
	for _, observed := range []bool{true, false} {
		var recorded, replayed []string
		var before, after func(runtime.Event)
		if observed {
			before, after = trace(&recorded), trace(&replayed)
		}
		direct()
		recorder := replay.NewRecorder(runtime.Direct{})
		want, err := p.Run(t.Context(), inputs, recorder.Options(before)...)
		if err != nil {
			t.Fatal(err)
		}
		direct()
		journal := rewritten(t, recorder.Journal())
		made := calls
		for range 2 {
			replayed = nil
			got, err := replay.Run(t.Context(), p, inputs, journal, after)
			if err != nil || fmt.Sprint(got.Result, got.Steps, got.Run) != fmt.Sprint(want.Result, want.Steps, want.Run) {
				t.Errorf("got %v, %v, want %v", got.Result, err, want.Result)
			}
			if !slices.Equal(replayed, recorded) || observed && len(recorded) < 30 {
				t.Errorf("the trace is\n%q\nwant\n%q", replayed, recorded)
			}
		}
		if calls != made {
			t.Errorf("the component was called %d times by a replay", calls-made)
		}
	}
}
