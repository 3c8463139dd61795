package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"flowrun/lang"
	"flowrun/runtime"
)

func TestManyRunsOfOneProgramDoNotTouchEachOther(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), `
input n: int
total = 0
function add < by > { global total = total + by }
for i in 1..20 {
  add < by: n, limit: 15 > failover { break }
}
return total
`)
	var all sync.WaitGroup
	for n := range 100 {
		all.Go(func() {
			outcome, err := program.Run(context.Background(), runtime.Inputs{"n": n})
			if err != nil || outcome.Result != 15*n {
				t.Errorf("run %d gave %v, %v", n, outcome.Result, err)
			}
		})
	}
	all.Wait()
}

func TestCancellingARunEndsItWhereverItIs(t *testing.T) {
	for name, source := range map[string]string{
		"a loop":      "while true { }",
		"a goto":      "again: goto again",
		"a component": "try < never: true > catch { show < value: 1 > }",
		"a sleep":     `try < wait: "1h" > catch { show < value: 1 > }`,
		"a function":  "function f < > { while true { } }\nf < > catch { show < value: 1 > }",
		"a predicate": "xs = 1..1000\nwhile true { x = all(xs, all(xs, # > 0)) }",
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{}
			program := compile(t, newEngine(t, r, runtime.WithLimits(runtime.Limits{Steps: 1 << 50})), source)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() {
				_, err := program.Run(ctx, nil)
				ended <- err
			}()
			cancel()
			err := <-ended
			if failed := failure(t, err); failed.Kind != runtime.KindCancelled || r.shown != nil {
				t.Errorf("got %s (%v), shown %v", failed.Kind, err, r.shown)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v is not context.Canceled", err)
			}
		})
	}
}

func TestTheStepsOfARunAreLimited(t *testing.T) {
	for name, source := range map[string]string{
		"while":     "while true { }",
		"for":       "for i in 1..1000000 { }",
		"goto":      "again: goto again",
		"predicate": "x = all(1..1000000, # > 0)",
		"recursion": "n = 0\nfunction f < > {\n  global n = n + 1\n  f < >\n}\nwhile true { f < > }",
	} {
		t.Run(name, func(t *testing.T) {
			engine := newEngine(t, &recorder{}, runtime.WithLimits(runtime.Limits{Steps: 5000, CallDepth: 2_000}))
			outcome, err := compile(t, engine, source).Run(t.Context(), nil)
			failed := failure(t, err)
			if failed.Kind != runtime.KindResource || failed.Message != "the run took more than 5000 steps" {
				t.Errorf("got %v", err)
			}
			if failed.Source == nil {
				t.Error("the error has no place")
			}
			if outcome.Steps < 5000 {
				t.Errorf("took %d steps", outcome.Steps)
			}
		})
	}
}

func TestALimitOfStepsHoldsAtItsEdge(t *testing.T) {
	source := "x = 1\nx = 2\nx = 3\n"
	for steps, ok := range map[int]bool{3: true, 2: false} {
		engine := newEngine(t, &recorder{}, runtime.WithLimits(runtime.Limits{Steps: steps}))
		if _, err := compile(t, engine, source).Run(t.Context(), nil); (err == nil) != ok {
			t.Errorf("with %d steps: %v", steps, err)
		}
	}
}

func TestNothingCatchesALimitOfTheHost(t *testing.T) {
	r := &recorder{}
	engine := newEngine(t, r, runtime.WithLimits(runtime.Limits{Steps: 3000}))
	program := compile(t, engine, `flow < onError: "continue" >
function f < > { while true { } }
f < > catch { show < value: "caught" > }
show < value: "passed over" >
`)
	outcome, err := program.Run(t.Context(), nil)
	if failure(t, err).Kind != runtime.KindResource || r.shown != nil || len(outcome.Failures) != 1 {
		t.Errorf("got %v, shown %v", err, r.shown)
	}
}

func TestTimeoutEndsAComponentThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		program := compile(t, newEngine(t, r), `
try < never: true, timeout: "30s" > catch problem { show < value: "${problem.kind}: ${problem.message}" > }
`)
		began := time.Now()
		if _, err := program.Run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if len(r.shown) != 1 || r.shown[0] != "timeout: did not end within 30s" || time.Since(began) != 30*time.Second {
			t.Errorf("shown %v after %s", r.shown, time.Since(began))
		}
	})
}

func TestTimeoutEndsTheLoopOfAFunction(t *testing.T) {
	r := &recorder{}
	engine := newEngine(t, r, runtime.WithLimits(runtime.Limits{Steps: 1 << 50}))
	program := compile(t, engine, `
function f < > {
  while true { }
}
f < timeout: "20ms" > catch problem { show < value: "${problem.kind} ${problem.line}" > }
`)
	if _, err := program.Run(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if len(r.shown) != 1 || r.shown[0] != "timeout 3" {
		t.Errorf("shown %v", r.shown)
	}
}

func TestTheOutcomeHoldsResultAndVariables(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "x = 1\nif false { y = 2 }\nfor i in [1] { }\nreturn [x]")
	outcome, err := program.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(outcome.Result, outcome.Variables()); got != "[1] map[x:1]" {
		t.Errorf("got %s", got)
	}
	if outcome.Run == "" {
		t.Error("the run has no identifier")
	}
}

func TestErrorsWorkWithErrorsIsAndAs(t *testing.T) {
	cause := errors.New("the disk is full")
	engine, err := runtime.New(runtime.WithComponents(runtime.NewComponent("save",
		func(context.Context, *runtime.Call, *struct{}) (any, error) {
			return nil, fmt.Errorf("cannot save: %w", cause)
		})))
	if err != nil {
		t.Fatal(err)
	}
	_, err = compile(t, engine, "x = 1\n  save < >").Run(t.Context(), nil)
	failed := failure(t, err)
	if !errors.Is(err, cause) || !errors.Is(err, &runtime.Error{Kind: runtime.KindFailed}) || errors.Is(err, &runtime.Error{Kind: runtime.KindTimeout}) {
		t.Errorf("%v does not match its cause or kind", err)
	}
	if failed.Component != "save" || failed.Range().Start.Line != 2 || failed.Range().Start.Column != 3 {
		t.Errorf("got %q at %v", failed.Component, failed.Range())
	}
	if got, want := err.Error(), "test.flow:2:3: save: cannot save: the disk is full"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnErrorRendersWithExcerptAndStack(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), `function inner < > {
  try < fail: "no\u0007way" >
}
function outer < > { inner < > }
outer < >
`)
	_, err := program.Run(t.Context(), nil)
	var b strings.Builder
	if err := failure(t, err).Render(&b, lang.RenderOptions{}); err != nil {
		t.Fatal(err)
	}
	want := `test.flow:2:3: error: try: no\u{7}way
    2 |   try < fail: "no\u0007way" >
      |   ^^^
  in inner, called at test.flow:4:22
  in outer, called at test.flow:5:1
`
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
}

func TestADeepStackRendersItsInnermostAndOutermostCalls(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "function down < > {\n  down < >\n}\ndown < >\n")
	_, err := program.Run(t.Context(), nil)
	var b strings.Builder
	if err := failure(t, err).Render(&b, lang.RenderOptions{}); err != nil {
		t.Fatal(err)
	}
	const end = "  … 185 more calls\n" +
		"  in down, called at test.flow:2:3\n  in down, called at test.flow:2:3\n" +
		"  in down, called at test.flow:2:3\n  in down, called at test.flow:2:3\n" +
		"  in down, called at test.flow:4:1\n"
	if got := b.String(); !strings.HasSuffix(got, end) || strings.Count(got, "called at") != 15 {
		t.Errorf("got:\n%s", got)
	}
}

func TestContinueListsEveryFailure(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "flow < onError: \"continue\" >\ntry < fail: \"one\" >\ntry < fail: \"two\" >")
	outcome, err := program.Run(t.Context(), nil)
	if len(outcome.Failures) != 2 || err == nil || !strings.Contains(err.Error(), "one") || !strings.Contains(err.Error(), "two") {
		t.Errorf("got %v, %v", outcome.Failures, err)
	}
}

func TestTheObserverSeesTheLifeOfEachCall(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), `
function f < n > { try < fail: "down", login: { user: "ann", password: "hunter2" } > catch { } }
for i in 1..2 { f < n: i, limit: 1, description: "the first" > failover { } }
`)
	var seen []string
	_, err := program.Run(t.Context(), nil, runtime.WithRunID("r1"), runtime.WithObserver(func(e runtime.Event) {
		text := fmt.Sprintf("%d %d %s %q %s/%s", e.Kind, e.Depth, e.Call.Component, e.Call.Description, e.Call.Run, e.Call.Address)
		for _, s := range e.Settings {
			text += fmt.Sprintf(" %s=%v", s.Key, s.Value)
		}
		if e.Err != nil {
			text += " " + e.Err.Message
		}
		seen = append(seen, text)
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`0 0 f "the first" r1/1.1 n=1`,
		`0 1 try "" r1/0.1 fail=down login=map[password:*** user:ann]`,
		`1 1 try "" r1/0.1 down`,
		`3 1 try "" r1/0.1 down`,
		`1 0 f "the first" r1/1.1`,
		`2 0 f "the first" r1/1.2`,
	}
	if got := strings.Join(seen, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// recordedEffects gives component results of its own and keeps the addresses.
type recordedEffects struct {
	runtime.Direct
	addresses []string
}

func (e *recordedEffects) Random() uint64 { return 4 }

func (e *recordedEffects) Invoke(_ context.Context, call *runtime.Call, _ func(context.Context) (any, error)) (any, error) {
	e.addresses = append(e.addresses, call.Address)
	return "recorded", nil
}

func TestTimeRandomnessAndResultsComeThroughEffects(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), `
for i in 1..2 { x = try < fail: "never called" > }
return [x, now() == now(), random()]
`)
	effects := &recordedEffects{}
	outcome, err := program.Run(t.Context(), nil, runtime.WithEffects(effects))
	if err != nil {
		t.Fatal(err)
	}
	again, err := program.Run(t.Context(), nil, runtime.WithEffects(&recordedEffects{}))
	if err != nil {
		t.Fatal(err)
	}
	result, repeated := outcome.Result.([]any), again.Result.([]any)
	if got := fmt.Sprint(result[0], " ", result[2] == repeated[2], outcome.Run == again.Run, effects.addresses); got != "recorded true true [0.1 0.2]" {
		t.Errorf("got %s", got)
	}
}

func TestAPanicOfAComponentIsAFailure(t *testing.T) {
	_, err := compile(t, newEngine(t, &recorder{}), "panics < >").Run(t.Context(), nil)
	if got := failure(t, err).Message; got != "the component broke down" {
		t.Errorf("got %q", got)
	}
}
