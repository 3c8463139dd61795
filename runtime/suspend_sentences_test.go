package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"flowrun/runtime"
)

// waiting is a run that `ask < >` suspends, in a time that the test moves.
type waiting struct {
	*recorder
	instantEffects
	t       *testing.T
	source  string
	outcome *runtime.Outcome
	err     error
}

type askSettings struct {
	Answer runtime.OutputVariable `flow:"answer"`
}

func (w *waiting) program() *runtime.Program {
	ask := runtime.NewComponent("ask", func(context.Context, *runtime.Call, *askSettings) (any, error) {
		return nil, runtime.Suspend("needs an answer")
	})
	secrets := runtime.WithSecrets(func(string) (string, error) { return "hunter2", nil })
	return compile(w.t, newEngine(w.t, w.recorder, runtime.WithComponents(ask), secrets), w.source)
}

// suspend runs a flow, which must be suspended.
func suspend(t *testing.T, source string) *waiting {
	t.Helper()
	w := &waiting{recorder: &recorder{}, t: t, source: source}
	w.outcome, w.err = w.program().Run(t.Context(), nil, runtime.WithEffects(w))
	if w.err != nil || w.outcome.Snapshot == nil {
		t.Fatalf("not suspended: %v", w.err)
	}
	return w
}

// resume goes on from the JSON of the snapshot, with a program compiled anew.
func (w *waiting) resume(reply runtime.Reply) {
	w.t.Helper()
	var snapshot runtime.Snapshot
	if err := json.Unmarshal(w.json(), &snapshot); err != nil {
		w.t.Fatal(err)
	}
	w.outcome, w.err = w.program().Resume(w.t.Context(), &snapshot, reply, runtime.WithEffects(w))
}

func (w *waiting) json() []byte {
	w.t.Helper()
	text, err := json.Marshal(w.outcome.Snapshot)
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// TestAReplyActsAsTheComponentsOwn resumes with a result or an error; the flows
// show what they make of it.
func TestAReplyActsAsTheComponentsOwn(t *testing.T) {
	refused := &runtime.Failure{Kind: "refused", Message: "no", Fields: map[string]any{"code": 7}, Result: "partly"}
	for _, test := range []struct {
		name, source string
		reply        runtime.Reply
		shown        string
		err          string
	}{
		{"the result goes to the target", "x = ask < >\nshow < value: x >", runtime.Reply{Result: []uint8("hi")}, "hi", ""},
		{"the result is converted", "x = ask < >\nshow < value: x[1] + 1 >", runtime.Reply{Result: []int32{1, 2}}, "3", ""},
		{"a result that is no value fails the call", "ask < > catch e { show < value: e.message > }", runtime.Reply{Result: func() {}},
			"its result cannot be used: a function is not a value of the language", ""},
		{"catch takes an error", "x = ask < > catch e { show < value: [e.kind, e.message, e.code, e.line, x] > }", runtime.Reply{Err: refused},
			`["refused","no",7,1,"partly"]`, ""},
		{"an output variable takes an error", "ask < answer: a >\nshow < value: a.message >", runtime.Reply{Err: refused}, "no", ""},
		{"output variables are nil after a result", "a = 1\nask < answer: a >\nshow < value: a == nil >", runtime.Reply{}, "true", ""},
		{"onError goes on", "flow < onError: \"continue\" >\nask < >\nshow < value: 1 >", runtime.Reply{Err: refused}, "1", "test.flow:2:1: ask: no"},
		{"else the run ends", "ask < >\nshow < value: 1 >", runtime.Reply{Err: errors.New("down")}, "", "test.flow:1:1: ask: down"},
		{"break ends the run behind the call", "ask < break: true >\nshow < value: 1 >", runtime.Reply{}, "", ""},
		{"break ends the run behind its catch", "ask < break: true > catch { show < value: 1 > }\nshow < value: 2 >", runtime.Reply{Err: refused}, "1", ""},
		{"inside a function", "function f < a > { x = ask < >; return x + a }\ny = f < a: 1 >\nshow < value: y >", runtime.Reply{Result: 2}, "3", ""},
		{"an error inside a function has its stack", "function f < > { ask < > }\nf < > catch e { show < value: e.stack > }", runtime.Reply{Err: refused},
			`[{"function":"f","line":2}]`, ""},
		{"inside a for over a list", "for i, x in [\"a\", \"b\"] { if i == 1 { ask < > }; show < value: \"${i}${x}\" > }", runtime.Reply{}, "0a 1b", ""},
		{"inside a for over a map", "for k, v in ({b: 2, a: 1}) { if v == 1 { ask < > }; show < value: \"${k}${v}\" > }", runtime.Reply{}, "a1 b2", ""},
		{"inside a for over a range", "for i in 3..5 { if i == 4 { ask < > }; show < value: i > }", runtime.Reply{}, "3 4 5", ""},
		{"the loop goes through what it was given", "xs = [1, 2]\nfor x in xs { xs = []; if x == 1 { ask < > }; show < value: x > }", runtime.Reply{}, "1 2", ""},
		{"a loop variable keeps what the body assigned", "for x in [1] { x = 9; ask < >; show < value: x > }", runtime.Reply{}, "9", ""},
		{"inside a while", "n = 0\nwhile n < 2 { n = n + 1; if n == 1 { ask < > }; show < value: n > }", runtime.Reply{}, "1 2", ""},
		{"inside switch and else", "switch 2 { case 1 { } default { if false { } else { ask < > }; show < value: 1 > } }\nshow < value: 2 >", runtime.Reply{}, "1 2", ""},
		{"inside catch", "try < fail: \"down\", break: true > catch e { x = ask < >; show < value: [x, e.message] > }\nshow < value: 2 >", runtime.Reply{Result: 1},
			`[1,"down"]`, ""},
		{"inside failover", "for i in 1..2 { try < limit: 1, break: (i == 2) > failover { ask < >; show < value: i > } }\nshow < value: 3 >", runtime.Reply{}, "2", ""},
		{"inside a catch that a goto entered", "goto inside\ntry < break: true > catch { inside: ask < > }\nshow < value: 1 >", runtime.Reply{}, "1", ""},
		{"a goto leads on from there", "again: x = ask < limit: 1 > failover { show < value: \"twice\" >; stop }\ngoto again", runtime.Reply{}, "twice", ""},
		{"passes are counted on", "for i in 1..2 { if i == 1 { ask < > }; try < limit: 1 > failover { show < value: i > } }", runtime.Reply{}, "2", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := suspend(t, test.source)
			w.resume(test.reply)
			if got := strings.Join(w.shown, " "); got != test.shown {
				t.Errorf("showed %s, want %s", got, test.shown)
			}
			if (w.err == nil) != (test.err == "") || w.err != nil && w.err.Error() != test.err {
				t.Errorf("got %v, want %q", w.err, test.err)
			}
			if w.outcome.Snapshot != nil {
				t.Error("the run is still suspended")
			}
		})
	}
}

func TestNothingInAFlowTakesASuspension(t *testing.T) {
	w := suspend(t, `flow < onError: "continue" >
function f < > { ask < answer: a, break: true > catch { show < value: 1 > } }
f < limit: 1, timeout: "1h", break: true > catch { show < value: 2 > }
show < value: 3 >
`)
	if w.shown != nil || len(w.outcome.Failures) > 0 {
		t.Errorf("showed %v, failures %v", w.shown, w.outcome.Failures)
	}
}

func TestASnapshotTellsTheHostWhatItWaitsFor(t *testing.T) {
	w := suspend(t, `flow "orders"
function f < > { ask < timeout: "2h", description: "the boss" > }
f < timeout: "1h" >
`)
	start := (&instantEffects{}).Now()
	s := w.outcome.Snapshot
	got := fmt.Sprint(s.Flow, s.Component, s.Address, s.Description, s.Reason, s.Time.Equal(start), s.Deadline.Equal(start.Add(time.Hour)))
	if want := fmt.Sprint("orders", "ask", "0.1", "the boss", "needs an answer", true, true); got != want || s.Run != w.outcome.Run {
		t.Errorf("got %s, want %s", got, want)
	}
	if none := suspend(t, "ask < >").outcome.Snapshot.Deadline; !none.IsZero() {
		t.Errorf("the deadline is %v without a timeout", none)
	}
}

func TestAPassedDeadlineFailsTheCallWhoseTimeoutItIs(t *testing.T) {
	const source = `
function f < > { ask < timeout: "2h" > catch e { show < value: "inner" > } }
f < timeout: "%s" > catch e { show < value: "${e.kind}: ${e.message}" > }
`
	for outer, want := range map[string]string{"1h": "timeout: did not end within 1h", "3h": "inner"} {
		w := suspend(t, fmt.Sprintf(source, outer))
		w.slept = 2 * time.Hour
		w.resume(runtime.Reply{Result: "too late"})
		if got := strings.Join(w.shown, " "); got != want || w.err != nil {
			t.Errorf("timeout %s: showed %q (%v), want %q", outer, got, w.err, want)
		}
	}
}

func TestALateFailureKeepsItsFields(t *testing.T) {
	w := suspend(t, `x = ask < timeout: "1h" > catch e { show < value: [e.kind, e.code, x] > }`)
	w.slept = time.Hour
	w.resume(runtime.Reply{Err: &runtime.Failure{Message: "down", Fields: map[string]any{"code": 7}, Result: "partly"}})
	if got := strings.Join(w.shown, " "); got != `["timeout",7,"partly"]` {
		t.Errorf("showed %s", got)
	}
}

func TestATimeoutHoldsForTheTimeThatIsLeft(t *testing.T) {
	w := suspend(t, `
function f < > {
  ask < >
  try < wait: "20m" >
  show < value: "in time" >
  try < wait: "20m" >
  show < value: "too late" >
}
f < timeout: "1h" > catch e { show < value: e.message > }
`)
	w.slept = 30 * time.Minute
	w.resume(runtime.Reply{})
	if got := strings.Join(w.shown, ", "); got != "in time, did not end within 1h" || w.slept != time.Hour {
		t.Errorf("showed %s at %v", got, w.slept)
	}
}

func TestAResumedRunMaySuspendAgain(t *testing.T) {
	w := suspend(t, "a = ask < >\nb = ask < >\nreturn [a, b]")
	w.resume(runtime.Reply{Err: runtime.Suspend("not yet")})
	if w.outcome.Snapshot == nil || w.outcome.Snapshot.Address != "0.1" || w.outcome.Snapshot.Reason != "not yet" {
		t.Fatalf("got %+v, %v", w.outcome.Snapshot, w.err)
	}
	w.resume(runtime.Reply{Result: 1})
	if w.outcome.Snapshot == nil || w.outcome.Snapshot.Address != "1.1" {
		t.Fatalf("got %+v, %v", w.outcome.Snapshot, w.err)
	}
	w.resume(runtime.Reply{Result: 2})
	if got := fmt.Sprint(w.outcome.Result, w.err); got != "[1 2] <nil>" {
		t.Errorf("got %s", got)
	}
}

func TestASnapshotShowsSecretsOnlyAsReferences(t *testing.T) {
	w := suspend(t, `
s = secret("PIN")
try < login: { user: "ann", password: "x-${s}" } >
xs = [s, { deep: s }]
for p in xs { ask < > }
show < value: xs[0] >
`)
	text := string(w.json())
	if strings.Contains(text, "hunter2") || !strings.Contains(text, `{"secret":"PIN"}`) {
		t.Errorf("the snapshot is %s", text)
	}
}

func TestGlobalsThatTheFlowOnlyReadsComeFromTheEngine(t *testing.T) {
	ask := runtime.NewComponent("ask", func(context.Context, *runtime.Call, *struct{}) (any, error) {
		return nil, runtime.Suspend("")
	})
	program := func(company string) *runtime.Program {
		globals := runtime.WithGlobals(map[string]any{"company": company, "motto": company})
		return compile(t, newEngine(t, &recorder{}, runtime.WithComponents(ask), globals), "motto = motto + \"!\"\nask < >\nreturn [company, motto]")
	}
	outcome, err := program("old").Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	outcome, err = program("new").Resume(t.Context(), outcome.Snapshot, runtime.Reply{})
	if got := fmt.Sprint(outcome.Result, err); got != "[new old!] <nil>" {
		t.Errorf("got %s", got)
	}
}

func TestACallDrawsItsOwnRandomness(t *testing.T) {
	var drawn []uint64
	draw := runtime.NewComponent("draw", func(_ context.Context, call *runtime.Call, _ *struct{}) (any, error) {
		drawn = append(drawn, call.Random())
		return nil, nil
	})
	program := func(source string) *runtime.Program {
		return compile(t, newEngine(t, &recorder{}, runtime.WithComponents(draw)), source)
	}
	for _, source := range []string{"for i in 1..2 { draw < > }", "for i in 1..2 { x = random(); draw < > }"} {
		if _, err := program(source).Run(t.Context(), nil, runtime.WithEffects(&recordedTime{})); err != nil {
			t.Fatal(err)
		}
	}
	if len(drawn) != 4 || drawn[0] == drawn[1] || drawn[0] != drawn[2] || drawn[1] != drawn[3] {
		t.Errorf("drew %v", drawn)
	}
}

// recordedTime has a seed that is always the same.
type recordedTime struct{ runtime.Direct }

func (*recordedTime) Random() uint64 { return 4 }

func TestASnapshotThatDoesNotFitIsRefused(t *testing.T) {
	const source = "function f < > { for x in [1, 2] { ask < timeout: \"1h\" > } }\nf < >"
	text := string(suspend(t, source).json())
	for name, test := range map[string]struct{ old, new, want string }{
		"another source":       {`"source":"`, `"source":"0`, "it was made from another source than test.flow"},
		"other semantics":      {`"semantics":1`, `"semantics":2`, "it was made by a version of flowrun that runs flows in another way (2, this one 1)"},
		"a statement too far":  {`"index":0`, `"index":9`, "damaged: its path leads nowhere"},
		"an unknown name":      {`"variables":{"map":{}}`, `"variables":{"map":{"zzz":1}}`, `damaged: the flow has no variable "zzz"`},
		"a loop too far":       {`"at":0`, `"at":2`, "damaged: a loop is outside its collection"},
		"no collection":        {`"collection":[1,2]`, `"collection":7`, "damaged: cannot loop over an int, want a list, a map or a range"},
		"an unknown kind":      {`"item":1`, `"item":{"gadget":1}`, `damaged: the variables of a loop: "gadget" is no kind of value`},
		"a pass not counted":   {`"number":1`, `"number":2`, "damaged: a call of f is not as the flow has it"},
		"another place":        {`"place":"component"`, `"place":"catch"`, "damaged: its path leads nowhere"},
		"a timeout of its own": {`"place":"function",`, `"place":"function","timeout":5,"deadline":"2026-11-23T09:00:00Z",`, "damaged: a call of f is not as the flow has it"},
		"another address":      {`"address":"0.1"`, `"address":"0.7"`, `damaged: it waits at "0.1" and says "0.7"`},
		"too few counts":       {`"passes":[1,1]`, `"passes":[1]`, "damaged: its counts do not fit the flow"},
		"no randomness":        {`"random":"`, `"random":"AAAA`, "damaged: its randomness cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(text, test.old, test.new, 1)
			if changed == text {
				t.Fatalf("the snapshot has no %s: %s", test.old, text)
			}
			var snapshot runtime.Snapshot
			if err := json.Unmarshal([]byte(changed), &snapshot); err != nil {
				t.Fatal(err)
			}
			w := &waiting{recorder: &recorder{}, t: t, source: source}
			_, err := w.program().Resume(t.Context(), &snapshot, runtime.Reply{})
			var unfit *runtime.SnapshotError
			if !errors.As(err, &unfit) || unfit.Reason != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestWhatIsNoSnapshotIsAnError(t *testing.T) {
	var snapshot runtime.Snapshot
	for _, text := range []string{"", "[]", "7", `{"format":2}`, `{"path":7}`, strings.Repeat("[", 100_000), `{"format":1,"passes":["x"]}`} {
		if err := json.Unmarshal([]byte(text), &snapshot); err == nil {
			t.Errorf("%.20s is taken for a snapshot", text)
		}
	}
	w := &waiting{recorder: &recorder{}, t: t, source: "ask < >"}
	for _, none := range []*runtime.Snapshot{nil, {}} {
		if _, err := w.program().Resume(t.Context(), none, runtime.Reply{}); failure(t, err).Kind != runtime.KindInput {
			t.Errorf("got %v", err)
		}
	}
}
