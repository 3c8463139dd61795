package replay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/replay"
	"flowrun/runtime/virtualtime"
)

type settings struct {
	Wait time.Duration `flow:"wait"`
	Fail bool          `flow:"fail"`
}

// program calls a component that does something else each time.
func program(t *testing.T, calls *int, source string) *runtime.Program {
	t.Helper()
	work := runtime.NewComponent("work", func(ctx context.Context, call *runtime.Call, s *settings) (any, error) {
		*calls++
		began := call.Now()
		if err := call.Sleep(ctx, s.Wait); err != nil {
			return nil, err
		}
		if s.Fail {
			return nil, &runtime.Failure{Kind: "odd", Message: "failed", Fields: map[string]any{"chance": rand.IntN(1 << 30)}, Result: "partly"}
		}
		return []any{rand.IntN(1 << 30), call.Now().Sub(began), int(call.Random() >> 1)}, nil
	})
	engine, err := runtime.New(runtime.WithComponents(work))
	if err != nil {
		t.Fatal(err)
	}
	compiled, problems := engine.Compile("test.flow", source)
	if compiled == nil {
		t.Fatal(problems)
	}
	return compiled
}

const source = `flow < onError: "continue" >
input n: int
function slow < > { work < wait: "3h" > }
xs = [uuid(), random(), now()]
for i in 1..n {
  x = work < wait: "10m" >
  y = work < fail: (i % 2 == 0) > catch e { xs = concat(xs, [e.chance, e.kind]) }
  xs = concat(xs, [x, y, now(), random()])
}
slow < timeout: "1h" > catch e { xs = concat(xs, [e.message]) }
work < fail: true >
return xs
`

func TestAReplayedRunHasTheSameOutcomeAndTrace(t *testing.T) {
	calls := 0
	p := program(t, &calls, source)
	var traces [2][]string
	trace := func(i int) func(runtime.Event) {
		return func(e runtime.Event) {
			text := fmt.Sprint(e.Kind, e.Time.UnixNano(), e.Depth, e.Settings, e.Result, e.Err, e.Duration)
			if e.Call != nil {
				text += e.Call.Run + e.Call.Address
			}
			traces[i] = append(traces[i], text)
		}
	}
	recorder := replay.NewRecorder(virtualtime.New(time.Now(), nil))
	wanted, wantedErr := p.Run(t.Context(), runtime.Inputs{"n": 4}, recorder.Options(trace(0))...)
	journal := rewritten(t, recorder.Journal())
	calls = 0
	got, gotErr := replay.Run(t.Context(), p, runtime.Inputs{"n": 4}, journal, trace(1))
	if calls != 0 {
		t.Errorf("%d components ran", calls)
	}
	if fmt.Sprint(got.Run, got.Result, got.Steps, gotErr) != fmt.Sprint(wanted.Run, wanted.Result, wanted.Steps, wantedErr) {
		t.Errorf("got %v, %v\nwant %v, %v", got, gotErr, wanted, wantedErr)
	}
	if !slices.Equal(traces[0], traces[1]) || len(traces[0]) < 20 {
		t.Errorf("the trace is\n%q\nwant\n%q", traces[1], traces[0])
	}
}

func TestARunThatIsNotTheRecordedOneIsAnError(t *testing.T) {
	const loop = "input n: int\nfor i in 1..n { work < > catch { } }\nif n == 2 { work < > }"
	for n, want := range map[int]string{
		1: "it ended before the call of work at 0.2",
		2: "it comes to the call of work at 1.1 instead of the call of work at 0.3",
		4: "the call of work at 0.4 was not made",
	} {
		calls := 0
		p := program(t, &calls, loop)
		recorder := replay.NewRecorder(runtime.Direct{})
		if _, err := p.Run(t.Context(), runtime.Inputs{"n": 3}, recorder.Options(nil)...); err != nil {
			t.Fatal(err)
		}
		_, err := replay.Run(t.Context(), p, runtime.Inputs{"n": n}, recorder.Journal(), nil)
		var deviation *replay.DeviationError
		if !errors.As(err, &deviation) || deviation.Reason != want {
			t.Errorf("n = %d: got %v, want %s", n, err, want)
		}
	}
}

func TestAReplayedRunKeepsTheIdentifierThatTheHostGave(t *testing.T) {
	calls := 0
	p := program(t, &calls, "work < >\nreturn [uuid(), random()]\n")
	recorder := replay.NewRecorder(runtime.Direct{})
	wanted, err := p.Run(t.Context(), nil, append(recorder.Options(nil), runtime.WithRunID("mine"))...)
	if err != nil {
		t.Fatal(err)
	}
	got, err := replay.Run(t.Context(), p, nil, recorder.Journal(), nil)
	if err != nil || got.Run != "mine" || fmt.Sprint(got.Result) != fmt.Sprint(wanted.Result) {
		t.Errorf("got %s %v, %v, want %v", got.Run, got.Result, err, wanted.Result)
	}
}

// rewritten is a journal that was written as JSON and read again.
func rewritten(t *testing.T, journal *replay.Journal) *replay.Journal {
	t.Helper()
	text, err := json.Marshal(journal)
	if err != nil {
		t.Fatal(err)
	}
	var read replay.Journal
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return &read
}
