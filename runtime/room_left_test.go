package runtime_test

import (
	"context"
	goruntime "runtime"
	"testing"

	"flowrun/runtime"
)

// leaving is a setting that ends the goroutine, as the FailNow of a test does.
type leaving struct{}

func (*leaving) DecodeSetting(v any) error {
	if v == true {
		goruntime.Goexit()
	}
	return nil
}

// TestARunThatWasLeftLeavesNoSettings gives a component settings, and leaves the run
// before it gets them.
func TestARunThatWasLeftLeavesNoSettings(t *testing.T) {
	sum := runtime.NewComponentFunc("sum", func(_ context.Context, s struct {
		N     *int    `flow:"n"`
		Leave leaving `flow:"leave"`
	}) (int, error) {
		if s.N == nil {
			return 0, nil
		}
		return *s.N, nil
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(sum)), "input n\ninput leave: bool\nx = sum < n: n, leave: leave >\nreturn x")
	type in struct {
		N     any  `flow:"n"`
		Leave bool `flow:"leave"`
	}
	call, err := runtime.FuncOf[in, int](program)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := call(t.Context(), &in{N: 1}); err != nil {
			t.Fatal(err)
		}
		left := make(chan bool)
		go func() {
			defer close(left)
			call(t.Context(), &in{N: 5, Leave: true})
			t.Error("the run was not left")
		}()
		<-left
		if got, err := call(t.Context(), &in{}); got != 0 || err != nil {
			t.Errorf("got %d, %v of a call without n", got, err)
		}
	}
}
