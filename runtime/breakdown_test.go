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
	"flowrun/runtime/value"
)

type brokenError struct{}

func (brokenError) Error() string { panic("no words") }

type brokenText struct{ Name string }

func (brokenText) String() string { panic("no text") }

type brokenNumber int

func (brokenNumber) String() string { panic("no text") }

// TestWhatBreaksDownInTheHostIsAnErrorOfTheCall has what panics outside of the
// component's own function.
func TestWhatBreaksDownInTheHostIsAnErrorOfTheCall(t *testing.T) {
	type none struct{}
	for name, give := range map[string]func() (any, error){
		"a nil failure":          func() (any, error) { var f *runtime.Failure; return nil, f },
		"an error without words": func() (any, error) { return nil, brokenError{} },
		"a result without text":  func() (any, error) { return brokenNumber(1), nil },
		"a failure's broken field": func() (any, error) {
			return nil, &runtime.Failure{Message: "m", Fields: map[string]any{"x": brokenNumber(1)}}
		},
		"a failure's broken result": func() (any, error) { return nil, &runtime.Failure{Message: "m", Result: brokenNumber(1)} },
	} {
		t.Run(name, func(t *testing.T) {
			component := runtime.NewComponent("give", func(context.Context, *runtime.Call, *none) (any, error) { return give() })
			program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(component)), "give < >")
			_, err := program.Run(t.Context(), nil)
			if failed := failure(t, err); failed.Source == nil || failed.Component != "give" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAStructWithoutItsTextIsAnErrorWhereItIsPrintedAndNowhereElse(t *testing.T) {
	ask := runtime.NewComponent("ask", func(context.Context, *runtime.Call, *struct{}) (any, error) {
		return nil, runtime.Suspend("waits")
	})
	engine := newEngine(t, &recorder{}, runtime.WithComponents(ask))
	host := runtime.Inputs{"host": brokenText{Name: "Ann"}}
	outcome, err := compile(t, engine, "input host\nask < >\n").Run(t.Context(), host)
	if err != nil || outcome.Snapshot == nil {
		t.Errorf("suspending: %v", err)
	}
	_, err = compile(t, engine, "input host\nx = host.Name\ny = \"${host}\"\n").Run(t.Context(), host)
	if failed := failure(t, err); failed.Range().Start.Line != 3 || !strings.HasSuffix(failed.Message, "its text broke down") {
		t.Errorf("got %v", err)
	}
	wantPanic(t, err, "no text")
}

// breaking is a settings type whose methods panic on the word "break".
type breaking struct{}

func (*breaking) DecodeSetting(v any) error {
	if text, err := value.Text(v); err == nil && text == "break" {
		panic("boom")
	}
	return nil
}

func (*breaking) CheckItem(key string, _ any, _ bool) error {
	if key == "broken" {
		panic("boom")
	}
	return nil
}

// brokenEffects are those of an ordinary run but for one that panics.
type brokenEffects struct {
	runtime.Direct
	broken string
}

func (e brokenEffects) Now() time.Time {
	if e.broken == "now" {
		panic("boom")
	}
	return e.Direct.Now()
}

func (e brokenEffects) Random() uint64 {
	if e.broken == "random" {
		panic("boom")
	}
	return e.Direct.Random()
}

func (e brokenEffects) Sleep(ctx context.Context, d time.Duration) error {
	if e.broken == "sleep" {
		panic("boom")
	}
	return e.Direct.Sleep(ctx, d)
}

func (e brokenEffects) Invoke(ctx context.Context, call *runtime.Call, run func(context.Context) (any, error)) (any, error) {
	switch e.broken {
	case "invoke":
		panic("boom")
	case "invoke's error":
		return nil, brokenError{}
	}
	return e.Direct.Invoke(ctx, call, run)
}

// brokenStatements panics where a statement starts or ends.
type brokenStatements struct{ atEnd bool }

func (o brokenStatements) StatementStarted(ctx context.Context, _ *runtime.Statement) context.Context {
	if !o.atEnd {
		panic("boom")
	}
	return ctx
}

func (o brokenStatements) StatementEnded(context.Context, *runtime.Statement, runtime.StatementEnd, *runtime.Error) {
	panic("boom")
}

// TestEveryHookOfAHostMayBreakDown has each function that a host gives panic: the
// error says so, where in the flow it was, and the process goes on.
func TestEveryHookOfAHostMayBreakDown(t *testing.T) {
	type settings struct {
		Word   *breaking              `flow:"word"`
		Token  runtime.Password       `flow:"token"`
		Number int                    `flow:"number"`
		Output runtime.OutputVariable `flow:"output"`
	}
	run := func(context.Context, *runtime.Call, *settings) (any, error) { return nil, nil }
	fails := func(context.Context, *runtime.Call, *settings) (any, error) { return nil, errors.New("no") }
	component := func(run func(context.Context, *runtime.Call, *settings) (any, error), options ...runtime.ComponentOption) runtime.Option {
		return runtime.WithComponents(runtime.NewComponent("give", run, options...))
	}
	observer := func(kind runtime.EventKind) runtime.RunOption {
		return runtime.WithObserver(func(e runtime.Event) {
			if e.Kind == kind {
				panic("boom")
			}
		})
	}
	effects := func(broken string) runtime.RunOption { return runtime.WithEffects(brokenEffects{broken: broken}) }
	for _, c := range []struct {
		name   string
		option runtime.Option
		run    runtime.RunOption
		source string
		kind   runtime.Kind
		line   int // 0: the error has no place
		text   string
	}{
		{"the component", component(func(context.Context, *runtime.Call, *settings) (any, error) { panic("boom") }), nil,
			"\ngive < >", runtime.KindFailed, 2, "the component broke down"},
		{"the component, with an error that breaks down as it is printed",
			component(func(context.Context, *runtime.Call, *settings) (any, error) { panic(brokenError{}) }), nil,
			"\ngive < >", runtime.KindFailed, 2, "the component broke down"},
		{"a decoder", component(run), nil, "\nx = \"break\"\ngive < word: x >", runtime.KindValue, 3, "word: the setting's decoder broke down"},
		{"OutputsOnFailure", component(fails, runtime.OutputsOnFailure(func(*runtime.Error) map[string]any { panic("boom") })), nil,
			"\ngive < output: o >", runtime.KindFailed, 2, "OutputsOnFailure of the component broke down"},
		{"Unstarted", component(run, runtime.Unstarted(func(*runtime.Error) (*value.Record, map[string]any) { panic("boom") })), nil,
			"\nx = \"a\"\ngive < number: x >", runtime.KindFailed, 3, "Unstarted of the component broke down"},
		{"the secrets", runtime.WithSecrets(func(string) (string, error) { panic("boom") }), nil,
			"\nlogin < token: secret(\"A\") >", runtime.KindValue, 2, "token: the host's resolver of secrets broke down"},
		{"an observer of starts", component(run), observer(runtime.CallStarted), "\ngive < >\nx = 1", runtime.KindHost, 2, "an observer of the host broke down"},
		{"an observer of ends, at the end", component(run), observer(runtime.CallEnded), "\ngive < >", runtime.KindHost, 2, "an observer of the host broke down"},
		{"an observer of failures, which nothing takes", component(fails), observer(runtime.CallEnded),
			"\ngive < > catch { }\nx = 1", runtime.KindHost, 2, "an observer of the host broke down"},
		{"an observer of errors passed over", component(run), observer(runtime.ErrorSkipped),
			"flow < onError: \"continue\" >\nx = 1 / 0\ny = 1\n", runtime.KindHost, 2, "an observer of the host broke down"},
		{"a statement observer that starts", component(run), runtime.WithStatementObserver(brokenStatements{}),
			"\nx = 1\ny = 2", runtime.KindHost, 3, "a statement observer of the host broke down"},
		{"a statement observer that ends", component(run), runtime.WithStatementObserver(brokenStatements{atEnd: true}),
			"\nx = 1\ny = 2", runtime.KindHost, 3, "a statement observer of the host broke down"},
		{"the clock", component(run), effects("now"), "\nx = now()\ny = 2", runtime.KindHost, 3, "the clock of the host broke down"},
		{"the randomness", component(run), effects("random"), "\nx = 1", runtime.KindHost, 0, "the source of randomness of the host broke down"},
		{"Sleep", component(func(ctx context.Context, call *runtime.Call, _ *settings) (any, error) {
			return nil, call.Sleep(ctx, time.Second)
		}), effects("sleep"), "\ngive < >", runtime.KindFailed, 2, "the component broke down"},
		{"Invoke", component(run), effects("invoke"), "\ngive < >", runtime.KindFailed, 2, "the component's invocation broke down"},
		{"Invoke's error", component(run), effects("invoke's error"), "\ngive < >", runtime.KindFailed, 2, "the component's error broke down"},
	} {
		t.Run(c.name, func(t *testing.T) {
			login := runtime.WithComponents(runtime.NewComponent("login", run))
			program := compile(t, newEngine(t, &recorder{}, login, c.option), c.source)
			var options []runtime.RunOption
			if c.run != nil {
				options = append(options, c.run)
			}
			outcome, err := program.Run(t.Context(), nil, options...)
			if err == nil {
				t.Fatal("no error")
			}
			failed := outcome.Failures[len(outcome.Failures)-1]
			if failed.Kind != c.kind || failed.Range().Start.Line != c.line || !strings.HasSuffix(failed.Message, c.text) {
				t.Errorf("got %s of kind %s", failed, failed.Kind)
			}
			var panicked *runtime.PanicError
			if !errors.As(failed, &panicked) || panicked.Value == nil || !strings.Contains(string(panicked.Stack), "breakdown_test.go") {
				t.Errorf("the host gets %v", panicked)
			}
		})
	}
}

// wantPanic checks that the host can tell what panicked, which the flow cannot.
func wantPanic(t *testing.T, err error, text string) {
	t.Helper()
	var panicked *runtime.PanicError
	if !errors.As(err, &panicked) || panicked.Value != text || !strings.Contains(string(panicked.Stack), "breakdown_test.go") {
		t.Errorf("the host gets %v of %v", panicked, err)
	}
	if strings.Contains(err.Error(), text) {
		t.Errorf("the flow gets %v", err)
	}
}

func TestWhatTheTextOfAHostsValueSaysAsItBreaksDownIsForTheHost(t *testing.T) {
	give := runtime.NewComponent("give", func(context.Context, *runtime.Call, *struct{}) (any, error) { return brokenNumber(1), nil })
	engine := newEngine(t, &recorder{}, runtime.WithComponents(give))
	for source, inputs := range map[string]runtime.Inputs{
		"input host\nx = \"${host}\"":    {"host": brokenText{}},
		"input host\nx = toJSON([host])": {"host": brokenText{}},
		"input host":                     {"host": brokenNumber(1)},
		"input hosts":                    {"hosts": []any{1, brokenNumber(1)}},
		"give < >":                       nil,
	} {
		_, err := compile(t, engine, source).Run(t.Context(), inputs)
		wantPanic(t, err, "no text")
	}
}

func TestWhatBreaksDownInACheckIsADiagnosticAtItsPlace(t *testing.T) {
	type settings struct {
		Word  *breaking `flow:"word"`
		Words breaking  `flow:"words"`
	}
	run := func(context.Context, *runtime.Call, *settings) (any, error) { return nil, nil }
	checked := runtime.Checked(func(k *runtime.Check) {
		if !k.Has("word") && !k.Has("words") {
			panic("boom")
		}
	})
	engine := newEngine(t, &recorder{}, runtime.WithComponents(runtime.NewComponent("give", run, checked)))
	for _, c := range []struct{ name, source, want string }{
		{"Checked", "\n  give < >", "2:3: give: its check broke down"},
		{"DecodeSetting", "\ngive < word: \"break\" >", "2:14: word: the setting's decoder broke down"},
		{"CheckItem", "\nx = 1\ngive < words: { ok: x, broken: x } >", "3:24: words: the setting's check broke down"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := engine.Compile("test.flow", c.source)
			if len(problems) != 1 {
				t.Fatalf("got %v", problems)
			}
			at := problems[0].Range().Start
			if got := fmt.Sprintf("%d:%d: %s", at.Line, at.Column, problems[0].Summary); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if c.name == "Checked" {
				wantPanic(t, problems.Err(), "boom")
			}
		})
	}
}

// TestNothingInAFlowTakesWhatBreaksDownInTheHost has a flow that would go on if it
// could.
func TestNothingInAFlowTakesWhatBreaksDownInTheHost(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), `
flow < onError: "continue" >
function f < > { show < value: 1 > catch { } }
f < > catch { }
show < value: "went on" >
`)
	_, err := program.Run(t.Context(), nil, runtime.WithObserver(func(e runtime.Event) {
		if e.Depth == 1 {
			panic("boom")
		}
	}))
	if failed := failure(t, err); failed.Kind != runtime.KindHost {
		t.Errorf("got %v", err)
	}
}

func TestAReplyWhoseErrorBreaksDownFailsTheCall(t *testing.T) {
	ask := runtime.NewComponent("ask", func(context.Context, *runtime.Call, *struct{}) (any, error) {
		return nil, runtime.Suspend("waits")
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(ask)), "ask < >")
	outcome, err := program.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = program.Resume(t.Context(), outcome.Snapshot, runtime.Reply{Err: brokenError{}})
	if failed := failure(t, err); !strings.Contains(failed.Message, "the component's error broke down") {
		t.Errorf("got %v", err)
	}
}

// selfish wraps itself.
type selfish struct{}

func (selfish) Error() string   { return "selfish" }
func (s selfish) Unwrap() error { return s }

// manifold wraps itself twice.
type manifold struct{}

func (manifold) Error() string     { return "manifold" }
func (m manifold) Unwrap() []error { return []error{m, m} }

func TestAnErrorWithoutEndFailsTheCall(t *testing.T) {
	for _, endless := range []error{selfish{}, manifold{}, &runtime.Failure{Message: "m", Cause: selfish{}}} {
		give := runtime.NewComponent("give", func(context.Context, *runtime.Call, *struct{}) (any, error) { return nil, endless })
		ask := runtime.NewComponent("ask", func(context.Context, *runtime.Call, *struct{}) (any, error) {
			return nil, runtime.Suspend("waits")
		})
		engine := newEngine(t, &recorder{}, runtime.WithComponents(give, ask))
		_, err := compile(t, engine, "give < >").Run(t.Context(), nil)
		if message := failure(t, err).Message; message != "the component's error has no end: it wraps itself" {
			t.Errorf("got %q", message)
		}
		program := compile(t, engine, "ask < >")
		outcome, err := program.Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = program.Resume(t.Context(), outcome.Snapshot, runtime.Reply{Err: endless}); !strings.Contains(failure(t, err).Message, "has no end") {
			t.Errorf("resumed: %v", err)
		}
		if _, err := json.Marshal(runtime.Reply{Err: endless}); err != nil {
			t.Errorf("saved: %v", err)
		}
	}
}

// TestAPanicWithWhatHasNoTextIsToldByItsType has an observer of the host do so.
func TestAPanicWithWhatHasNoTextIsToldByItsType(t *testing.T) {
	_, err := compile(t, newEngine(t, &recorder{}), "show < value: 1 >").Run(t.Context(), nil,
		runtime.WithObserver(func(runtime.Event) { panic(brokenError{}) }))
	var panicked *runtime.PanicError
	if !errors.As(err, &panicked) || panicked.Error() != "panic: a runtime_test.brokenError without a text" {
		t.Errorf("got %v", panicked)
	}
}

func TestTheMessageOfAFailureIsCut(t *testing.T) {
	give := runtime.NewComponent("give", func(context.Context, *runtime.Call, *struct{}) (any, error) {
		return nil, &runtime.Failure{Message: strings.Repeat("é", 32<<20), Hint: strings.Repeat("h", 64<<20)}
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(give)), "give < > catch problem { return problem.message }")
	outcome, err := program.Run(t.Context(), nil)
	if text, _ := outcome.Result.(string); err != nil || len(text) != 64<<10+len("…") || !strings.HasSuffix(text, "é…") {
		t.Errorf("got %d bytes, %v", len(text), err)
	}
}
