package runtime_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"flowrun/runtime"
)

// TestARunSeesNothingOfTheRunsBeforeIt runs one program well again and again, with a
// run that ends in another way in between.
func TestARunSeesNothingOfTheRunsBeforeIt(t *testing.T) {
	cancel := func() {}
	end := runtime.NewComponentFunc("end", func(_ context.Context, s struct {
		How string `flow:"how"`
	}) (int, error) {
		switch s.How {
		case "panic":
			panic("broken")
		case "suspend":
			return 0, runtime.Suspend("for a word")
		case "cancel":
			cancel()
		case "fail":
			return 0, fmt.Errorf("failed as it was told")
		}
		return 1, nil
	})
	engine, err := runtime.New(runtime.WithComponents(end), runtime.WithLimits(runtime.Limits{Variables: 4000, Steps: 2000}))
	if err != nil {
		t.Fatal(err)
	}
	program := compile(t, engine, `
input how: string
filled = repeat("a", 3000)
if how != "" { left = "over" }
for i in 1..2 { y = end < how: "", limit: 2 > }
z = end < how: how, limit: 1 >
if how == "hold" { filled = [filled, filled] }
if how == "steps" { for i in 1..9999 { left = i } }
if how == "wrong" { left = [1][7] }
return [y, z]
`[1:])
	var want string
	for _, how := range []string{"", "fail", "panic", "suspend", "cancel", "hold", "steps", "wrong"} {
		ctx, stop := context.WithCancel(t.Context())
		cancel = stop
		outcome, err := program.Run(ctx, runtime.Inputs{"how": how})
		if bad := err != nil || outcome.Snapshot != nil; bad != (how != "") {
			t.Fatalf("%q: got %v, %v", how, outcome.Result, err)
		}
		stop()
		for range 2 {
			outcome, err := program.Run(t.Context(), runtime.Inputs{"how": ""})
			got := fmt.Sprint(outcome.Result, err, outcome.Failures, outcome.Snapshot, outcome.Steps, len(outcome.Variables()))
			if want == "" {
				want = got
			}
			if err != nil || got != want {
				t.Errorf("after %q: got %s, want %s", how, got, want)
			}
		}
	}
}

func TestRunsOfOneProgramDrawAnew(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), `return "${uuid()} ${random(1000000000)}"`)
	seen := map[string]bool{}
	for range 100 {
		outcome, err := program.Run(t.Context(), nil)
		if err != nil || outcome.Run == "" || seen[outcome.Run] || seen[outcome.Result.(string)] {
			t.Fatalf("got %v, %q, %v", outcome.Result, outcome.Run, err)
		}
		seen[outcome.Run], seen[outcome.Result.(string)] = true, true
	}
}

func TestAnOutcomeIsItsRunsAlone(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "input n: int\nl = [n, [n]]\nreturn l")
	var outcomes []*runtime.Outcome
	for n := range 50 {
		outcome, err := program.Run(t.Context(), runtime.Inputs{"n": n})
		if err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, outcome)
	}
	for n, outcome := range outcomes {
		want := fmt.Sprintf("map[l:[%d [%d]] n:%d]", n, n, n)
		if got := fmt.Sprint(outcome.Variables()); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestACallThatAComponentKeepsStaysWhatItWas has the calls of ended runs drawn from and
// read while others of the program go on.
func TestACallThatAComponentKeepsStaysWhatItWas(t *testing.T) {
	type settings struct {
		N int `flow:"n"`
	}
	type kept struct {
		call     *runtime.Call
		settings *settings
		n        int
		run      string
		address  string
	}
	var mutex sync.Mutex
	var all []kept
	keep := runtime.NewComponent("keep", func(_ context.Context, call *runtime.Call, s *settings) (any, error) {
		mutex.Lock()
		defer mutex.Unlock()
		all = append(all, kept{call, s, s.N, strings.Clone(call.Run), strings.Clone(call.Address)})
		return s.N, nil
	})
	double := runtime.NewComponentFunc("double", func(_ context.Context, s settings) (int, error) { return 2 * s.N, nil })
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(keep, double)),
		"input n: int\nfor i in 1..3 { x = double < n: n + i >\n if n > 4 { y = keep < n: n * 10 + i > } }\nreturn x")
	var runs sync.WaitGroup
	for range 4 {
		runs.Go(func() {
			for n := range 10 {
				outcome, err := program.Run(t.Context(), runtime.Inputs{"n": n})
				if err != nil || outcome.Result != 2*(n+3) {
					t.Errorf("got %v, %v, want %d", outcome.Result, err, 2*(n+3))
				}
				mutex.Lock()
				earlier := append([]kept(nil), all...)
				mutex.Unlock()
				for _, k := range earlier {
					k.call.Random()
					if k.call.Now().IsZero() || k.settings.N != k.n || k.call.Run != k.run || k.call.Address != k.address || !k.call.Has("n") {
						t.Errorf("call %s of %s with %d became %s of %s with %d", k.address, k.run, k.n, k.call.Address, k.call.Run, k.settings.N)
					}
				}
			}
		})
	}
	runs.Wait()
	if len(all) != 4*5*3 {
		t.Errorf("%d calls were kept", len(all))
	}
}

// TestASnapshotIsOfItsOwnRun resumes suspended runs after all of them, and others, have
// left their room.
func TestASnapshotIsOfItsOwnRun(t *testing.T) {
	ask := runtime.NewComponentFunc("ask", func(_ context.Context, s struct {
		N int `flow:"n"`
	}) (int, error) {
		if s.N%2 == 1 {
			return 0, runtime.Suspend("for a word")
		}
		return s.N, nil
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(ask)), `
input n: int
function f < n, depth > {
  own = n * 10
  if depth > 0 {
    x = f < n: n, depth: depth - 1 >
    return x + own
  }
  y = ask < n: n >
  return y
}
z = f < n: n, depth: 2 >
return [n, z]
`)
	snapshots := map[int]*runtime.Snapshot{}
	for n := range 20 {
		outcome, err := program.Run(t.Context(), runtime.Inputs{"n": n})
		if err != nil || (outcome.Snapshot != nil) != (n%2 == 1) {
			t.Fatalf("%d: got %v, %v", n, outcome.Result, err)
		}
		if n%2 == 1 {
			snapshots[n] = outcome.Snapshot
			continue
		}
		if got, want := fmt.Sprint(outcome.Result), fmt.Sprintf("[%d %d]", n, 21*n); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for n, snapshot := range snapshots {
		for range 2 {
			outcome, err := program.Resume(t.Context(), snapshot, runtime.Reply{Result: 1000})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := fmt.Sprint(outcome.Result), fmt.Sprintf("[%d %d]", n, 1000+20*n); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
}

// TestASessionKeepsItsOwnVariablesOnly has sessions of one engine side by side.
func TestASessionKeepsItsOwnVariablesOnly(t *testing.T) {
	double := runtime.NewComponentFunc("double", func(_ context.Context, s struct {
		N int `flow:"n"`
	}) (int, error) {
		return 2 * s.N, nil
	})
	engine := newEngine(t, &recorder{}, runtime.WithComponents(double))
	sessions := []*runtime.Session{engine.NewSession(), engine.NewSession()}
	entries := []string{"n = base", "a = double < n: n >", "b = double < n: a, limit: 1 >", "[n][5]", "c = double < n: b, limit: 1 >", "[n, a, b, c]"}
	for i, session := range sessions {
		if _, diagnostics, err := session.Eval(t.Context(), "entry", fmt.Sprintf("base = %d", i+1)); err != nil || diagnostics.HasErrors() {
			t.Fatal(diagnostics, err)
		}
	}
	for _, entry := range entries {
		for i, session := range sessions {
			evaluation, diagnostics, err := session.Eval(t.Context(), "entry", entry)
			if diagnostics.HasErrors() || (err != nil) != (entry == "[n][5]") {
				t.Fatal(entry, diagnostics, err)
			}
			if want := fmt.Sprintf("[%d %d %d %d]", i+1, 2*(i+1), 4*(i+1), 8*(i+1)); entry == entries[5] && fmt.Sprint(evaluation.Value) != want {
				t.Errorf("got %v, want %s", evaluation.Value, want)
			}
		}
	}
}
