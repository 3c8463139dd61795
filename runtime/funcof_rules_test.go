package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"flowrun/runtime"
)

// called tells what a function gives for inputs.
func called[In, Out any](t *testing.T, call func(context.Context, *In) (Out, error), in In) string {
	t.Helper()
	out, err := call(t.Context(), &in)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%T %v", out, out)
}

func TestAFloatFieldIsAnIntWhenItIsWhole(t *testing.T) {
	type field struct {
		N float64 `flow:"n"`
	}
	call := funcOf[field, any](t, "input n: int\nreturn n")
	for n, want := range map[float64]string{
		-3: "int -3", 2.5: `input "n" is a float, want an int`, 1e30: `input "n" is a float, want an int`,
		math.Inf(1): `input "n" cannot be used: +Inf is not a number of the language`,
	} {
		if got := called(t, call, field{n}); got != want {
			t.Errorf("%v: got %s, want %s", n, got, want)
		}
	}
}

func TestAnUnsignedFieldMustFitIntoAnInt(t *testing.T) {
	type field struct {
		N uint64 `flow:"n"`
	}
	for _, input := range []string{"n: int", "n: number", "n"} {
		call := funcOf[field, any](t, "input "+input+"\nreturn n")
		for n, want := range map[uint64]string{
			math.MaxInt64:     "int 9223372036854775807",
			math.MaxInt64 + 1: `input "n" cannot be used: the integer 9223372036854775808 does not fit into 64 bits`,
		} {
			if got := called(t, call, field{n}); got != want {
				t.Errorf("input %s: got %s, want %s", input, got, want)
			}
		}
	}
}

func TestANilPointerGivesNoInputAndANilAnyGivesNil(t *testing.T) {
	type pointer struct {
		X *int `flow:"x"`
	}
	type anything struct {
		X any `flow:"x"`
	}
	type both struct {
		X *any `flow:"x"`
	}
	const withDefault, required = "input x = 5\nreturn x", "input x: int\nreturn x"
	seven, null := 7, any(nil)
	for _, c := range []struct{ got, want string }{
		{called(t, funcOf[pointer, any](t, withDefault), pointer{}), "int 5"},
		{called(t, funcOf[pointer, any](t, withDefault), pointer{&seven}), "int 7"},
		{called(t, funcOf[pointer, any](t, required), pointer{}), `input "x" is missing, want an int`},
		{called(t, funcOf[anything, any](t, withDefault), anything{}), "<nil> <nil>"},
		{called(t, funcOf[anything, any](t, withDefault), anything{(*int)(nil)}), "<nil> <nil>"},
		{called(t, funcOf[anything, any](t, required), anything{}), `input "x" is nil, want an int`},
		{called(t, funcOf[both, any](t, withDefault), both{}), "int 5"},
		{called(t, funcOf[both, any](t, withDefault), both{&null}), "<nil> <nil>"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestReturnNilIsNoListAndNoMap(t *testing.T) {
	for _, source := range []string{"return nil", "return"} {
		if got, want := called(t, funcOf[struct{}, []any](t, source), struct{}{}), "returned nil, want a list"; !strings.HasSuffix(got, want) {
			t.Errorf("%s: got %s", source, got)
		}
		if got, want := called(t, funcOf[struct{}, map[string]any](t, source), struct{}{}), "returned nil, want a map"; !strings.HasSuffix(got, want) {
			t.Errorf("%s: got %s", source, got)
		}
	}
	if got := called(t, funcOf[struct{}, map[string]any](t, "return {}"), struct{}{}); got != "map[string]interface {} map[]" {
		t.Errorf("got %s", got)
	}
}

func TestANilContextNeverEnds(t *testing.T) {
	var ctx context.Context
	given := make(chan context.Context, 1)
	look := runtime.NewComponentFunc("look", func(ctx context.Context, _ struct{}) (bool, error) {
		given <- ctx
		return ctx.Err() == nil && ctx.Done() == nil, nil
	})
	call := funcOf[struct{}, bool](t, "x = look < >\nreturn x", runtime.WithComponents(look))
	if got, err := call(ctx, &struct{}{}); !got || err != nil || <-given == nil {
		t.Errorf("got %t, %v", got, err)
	}
}

func TestErrorsThatWerePassedOverLeaveNoResult(t *testing.T) {
	call := funcOf[struct{}, float64](t, "flow < onError: \"continue\" >\nx = 1 / 0\ny = [1][2]\nreturn 1.5")
	got, err := call(t.Context(), &struct{}{})
	if got != 0 || err == nil || strings.Count(err.Error(), "test.flow:") != 2 {
		t.Errorf("got %v, %v", got, err)
	}
}

// clock is an Effects whose time stands still.
type clock struct{ runtime.Direct }

func (clock) Now() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

func TestTheOptionsOfAFunctionHoldForAllItsCalls(t *testing.T) {
	identify := runtime.NewComponent("identify", func(_ context.Context, call *runtime.Call, _ *struct{}) (any, error) {
		return call.Run + " " + call.Address, nil
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(identify)), "x = identify < >\nreturn \"${x} ${now()}\"")
	var started atomic.Int32
	call, err := runtime.FuncOf[struct{}, string](program, runtime.WithRunID("the-run"), runtime.WithEffects(clock{}), nil,
		runtime.WithObserver(func(e runtime.Event) {
			if e.Kind == runtime.CallStarted && e.Run == "the-run" {
				started.Add(1)
			}
		}))
	if err != nil {
		t.Fatal(err)
	}
	for n := range int32(3) {
		got, err := call(t.Context(), &struct{}{})
		if err != nil || got != "the-run 0.1 2026-01-02T03:04:05Z" || started.Load() != n+1 {
			t.Errorf("got %q, %v with %d calls observed", got, err, started.Load())
		}
	}
}

func TestAnObserverOfAFunctionThatPanicsEndsItsRunOnly(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "show < value: 1 >\nreturn 1")
	broken := true
	call, err := runtime.FuncOf[struct{}, int](program, runtime.WithObserver(func(runtime.Event) {
		if broken {
			panic("a secret of the host")
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = call(t.Context(), &struct{}{})
	var panicked *runtime.PanicError
	if !errors.Is(err, &runtime.Error{Kind: runtime.KindHost}) || !errors.As(err, &panicked) || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
	broken = false
	if got, err := call(t.Context(), &struct{}{}); got != 1 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
}
