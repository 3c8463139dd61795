package runtime_test

import (
	"context"
	"strings"
	"testing"

	"flowrun/runtime"
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
	if failed := failure(t, err); failed.Range().Start.Line != 3 || !strings.Contains(failed.Message, "broke down: no text") {
		t.Errorf("got %v", err)
	}
}
