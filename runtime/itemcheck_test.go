package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// labels is a setting that takes a map, or a list of maps, whose items are checked
// one by one.
type labels struct{}

func (l *labels) DecodeSetting(v any) error {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, element := range list {
		fields, ok := value.AsMap(element)
		if !ok {
			return errors.New("not a map")
		}
		for key, item := range fields {
			if err := l.CheckItem(key, item, true); err != nil {
				return err
			}
		}
	}
	return nil
}

func (*labels) CheckItem(key string, v any, known bool) error {
	switch {
	case key == "bad":
		return &runtime.Failure{Message: "bad is no key", Hint: "write good"}
	case known && v == 0:
		return errors.New("0 is no value")
	}
	return nil
}

type labelSettings struct {
	Labels labels `flow:"labels"`
}

func TestItemsOfAMapAreCheckedBeforeTheRun(t *testing.T) {
	var keys []string
	engine, err := runtime.New(runtime.WithComponents(runtime.NewComponent("label",
		func(context.Context, *runtime.Call, *labelSettings) (any, error) { return nil, nil },
		runtime.Checked(func(c *runtime.Check) { keys = c.Keys("labels") }))))
	if err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string]string{
		`{ good: x }`:                   "",
		`{ good: 1, b: 2 }`:             "",
		`[{ good: x }, { good: 1 }]`:    "",
		`{ good: x, bad: x }`:           "2:28: labels: bad is no key",
		`{ good: x, b: 0 }`:             "2:28: labels: 0 is no value",
		`{ bad: 1 }`:                    "2:19: labels: bad is no key",
		`[{ good: 1 }, { x: x, b: 0 }]`: "2:39: labels: 0 is no value",
		`[{ bad: 1 }, { good: x }]`:     "2:18: labels: bad is no key",
	} {
		_, diagnostics := engine.Compile("test.flow", "input x\nlabel < labels: "+source+" >")
		got := ""
		for _, d := range diagnostics {
			at := d.Range().Start
			got += fmt.Sprintf("%d:%d: %s", at.Line, at.Column, d.Summary)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
	if _, diagnostics := engine.Compile("test.flow", "input x\nlabel < labels: { b: x, \"a\": 1, (x): 2 } >"); len(diagnostics) > 0 || !slices.Equal(keys, []string{"b", "a"}) {
		t.Errorf("keys %q (%v)", keys, diagnostics)
	}
}
