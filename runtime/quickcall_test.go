package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"flowrun/runtime"
)

// tellSettings are of types that a call may take in one stretch.
type tellSettings struct {
	N    int     `flow:"n"`
	Text string  `flow:"text"`
	On   bool    `flow:"on"`
	Rate float64 `flow:"rate"`
	Most int     `flow:"most" max:"9"`
}

// tell ends as n says.
func tell(s tellSettings) (int, error) {
	switch s.N {
	case 2:
		return 0, runtime.Suspend("for a word")
	case 3:
		return 0, errors.New("failed as it was told")
	case 4:
		panic("broken")
	case 5:
		return 0, &runtime.Failure{Kind: "own", Message: "of its own kind", Setting: "n"}
	case 6:
		return 0, &runtime.Failure{Kind: runtime.KindResource, Message: "too much"}
	}
	told := s.N + 10*len(s.Text) + int(1000*s.Rate)
	if s.On {
		told = -told
	}
	return told, nil
}

// unbroken are calls in a loop over i, that are made in one stretch from the second one on, or
// that something keeps from it.
var unbroken = []string{
	"x = tell < n: i >", "tell < n: i >", "x = tell < >", `x = tell < n: i, text: t, on: (i > 0), rate: 1.5 >`, "x = tell < n: i, rate: i >",
	`x = tell < n: i, text: "${i}" >`, "x = tell < n: i, text: nil >", "x = tell < n: (i + 1 + 1 - 1 - 1 + 1) % 7 >", "x = tell < n: i, most: i + 8 >", "x = tell < n: unset >",
	"x = tell < n: i > catch problem { x = problem.kind }", "x = tell < n: i, limit: 2 > failover { x = 0 }", "x = tell < n: i, break: i == 7 >",
	`x = tell < n: i, text: "` + repeated("long ", 100) + `" >`, "l.a = tell < n: i >", "x = f < n: i >", "x = f < n: i > catch problem { x = problem.message }",
}

// TestCallsInOneStretchAreAsThoseOfAComponentWithACall has a component that needs no Call
// beside the same one that gets it, and runs each program twice.
func TestCallsInOneStretchAreAsThoseOfAComponentWithACall(t *testing.T) {
	short := runtime.NewComponentFunc("tell", func(_ context.Context, s tellSettings) (int, error) { return tell(s) })
	whole := runtime.NewComponent("tell", func(_ context.Context, _ *runtime.Call, s *tellSettings) (any, error) { return tell(*s) })
	round := 0
	for _, call := range unbroken {
		for _, list := range []string{"[1, 1, 7, 1, 1]", "[1, 1, 2, 2, 1]", "[1, 3, 1, 3]", "[1, 4, 1]", "[1, 5, 1]", "[1, 6]", `[1, "text", 2.0, 1.5]`} {
			for _, head := range []string{"", "flow \"f\" < onError: \"continue\" >\n"} {
				source := head + "if false { unset = 1 }\nl = {a: 1}\nt = \"text\"\nx = 0\nall = []\nfor i in " + list + " {\n " + call +
					"\n all = concat(all, [x])\n}\nreturn [all, l]\nfunction f < n > {\n y = tell < n: n >\n return y\n}"
				round++
				for _, limit := range []runtime.Limits{
					{}, {Value: 15 + round%40}, {Value: 500}, {Variables: 100 + 37*round%1700}, {Variables: 100 + 53*round%1700},
					{Steps: 20 + round%40}, {Steps: 60 + round%40}, {Steps: 100 + round%40},
				} {
					got := toldTwice(t, newLimited(t, &recorder{}, limit, runtime.WithComponents(short)), source)
					want := toldTwice(t, newLimited(t, &recorder{}, limit, runtime.WithComponents(whole), runtime.OnVM()), source)
					if got != want {
						t.Fatalf("%s with %s, %+v:\nin one stretch %s\n   with a Call %s", call, list, limit, got, want)
					}
				}
			}
		}
	}
}

// toldTwice runs a program twice, resumes what is suspended, and tells all of it.
func toldTwice(t *testing.T, engine *runtime.Engine, source string) string {
	t.Helper()
	program := compile(t, engine, source)
	var all strings.Builder
	for range 2 {
		outcome, err := program.Run(t.Context(), nil, runtime.WithRunID("run"))
		for err == nil && outcome.Snapshot != nil {
			fmt.Fprintln(&all, withoutTime(t, outcome.Snapshot))
			outcome, err = program.Resume(t.Context(), outcome.Snapshot, runtime.Reply{Result: 42})
		}
		fmt.Fprintln(&all, err, outcome.Result, outcome.Steps, outcome.Failures)
	}
	return all.String()
}

// withoutTime is a snapshot without what differs from run to run.
func withoutTime(t *testing.T, snapshot *runtime.Snapshot) string {
	t.Helper()
	text, err := json.Marshal(snapshot)
	var fields map[string]any
	if err == nil {
		err = json.Unmarshal(text, &fields)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"time", "seed", "random"} {
		delete(fields, field)
	}
	return fmt.Sprint(fields)
}
