package runtime_test

import (
	"context"
	"strings"
	"testing"

	"flowrun/runtime"
)

// refused gives what a constructor of components panics with.
func refused(define func()) (reason string) {
	defer func() { reason, _ = recover().(string) }()
	define()
	return ""
}

func TestAComponentWithoutAFunctionPanicsAtStartUp(t *testing.T) {
	for name, define := range map[string]func(){
		"NewComponent":     func() { runtime.NewComponent[quoteSettings]("quote", nil) },
		"NewComponentFunc": func() { runtime.NewComponentFunc[quoteSettings, int]("quote", nil) },
		"NewOpenComponent": func() { runtime.NewOpenComponent("quote", nil) },
	} {
		if reason := refused(define); reason != "runtime: component quote has no function: a nil one was given" {
			t.Errorf("%s: got %q", name, reason)
		}
	}
}

func TestAComponentOverAPointerIsToldHowToNameItsStruct(t *testing.T) {
	const want = "runtime: settings of component quote: *runtime_test.quoteSettings is a pointer: name the struct itself, runtime_test.quoteSettings, " +
		"which NewComponent's function gets as a pointer and NewComponentFunc's by value"
	for name, define := range map[string]func(){
		"NewComponent": func() {
			runtime.NewComponent("quote", func(context.Context, *runtime.Call, **quoteSettings) (any, error) { return nil, nil })
		},
		"NewComponentFunc": func() {
			runtime.NewComponentFunc("quote", func(context.Context, *quoteSettings) (int, error) { return 0, nil })
		},
	} {
		if reason := refused(define); reason != want {
			t.Errorf("%s: got %q", name, reason)
		}
	}
	reason := refused(func() {
		runtime.NewComponentFunc("quote", func(context.Context, string) (int, error) { return 0, nil })
	})
	if !strings.Contains(reason, "string is not a struct: write one with a field for each setting, or struct{} for none") {
		t.Errorf("got %q", reason)
	}
}

func TestAComponentWhoseResultIsNoValuePanicsAtStartUp(t *testing.T) {
	reason := refused(func() {
		runtime.NewComponentFunc("quote", func(context.Context, quoteSettings) (chan int, error) { return nil, nil })
	})
	if reason != "runtime: component quote gives a chan int, which no value of a flow can be" {
		t.Errorf("got %q", reason)
	}
}
