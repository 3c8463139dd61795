package runtime_test

import (
	"errors"
	"testing"

	"flowrun/runtime"
)

func TestAFunctionOfAProgramGivesNothingBesideAnError(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "return 2.5")
	call, err := runtime.FuncOf[struct{}, int](program)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := call(t.Context(), &struct{}{}); err == nil || got != 0 {
		t.Errorf("got %d, %v", got, err)
	}
	var problem *runtime.Error
	if _, err := call(t.Context(), nil); !errors.As(err, &problem) || problem.Kind != runtime.KindInput {
		t.Errorf("for a nil struct: got %v", err)
	}
	if _, err := runtime.FuncOf[struct{}, int](nil); err == nil {
		t.Error("FuncOf took a nil program")
	}
}
