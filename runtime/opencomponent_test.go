package runtime_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// openEngine has the open component `any`, which returns its settings.
func openEngine(t *testing.T, options ...runtime.ComponentOption) *runtime.Engine {
	t.Helper()
	open := runtime.NewOpenComponent("any", func(_ context.Context, _ *runtime.Call, settings map[string]any) (any, error) {
		return settings, nil
	}, options...)
	secrets := runtime.WithSecrets(func(string) (string, error) { return "hunter2", nil })
	engine, err := runtime.New(runtime.WithComponents(open), secrets)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func TestAnOpenComponentTakesAnySettings(t *testing.T) {
	for text, want := range map[string]string{
		`any < a: 1, b: "x${1 + 1}", c: [nil, "y"], d: { e: "${"z"}" }, f: nil >`: `{"a":1,"b":"x2","c":[null,"y"],"d":{"e":"z"},"f":null}`,
		`any < >`: `{}`,
		`any < a: 1.5, limit: 2, timeout: "1s", description: "d" >`:                          `{"a":1.5}`,
		`any < key: secret("KEY"), all: ["Bearer ${secret("KEY")}", { k: secret("KEY") }] >`: `{"all":["Bearer ***",{"k":"***"}],"key":"***"}`,
		`any < to: any >`: ``,
	} {
		program, diagnostics := openEngine(t).Compile("a.flow", "r = "+text+"\nreturn r")
		if program == nil {
			if want != "" {
				t.Errorf("%s: %v", text, diagnostics)
			}
			continue
		}
		outcome, err := program.Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := value.JSON(outcome.Result); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
}

func TestWithOwnSettingsOnlyTheUniversalKeysAreSettings(t *testing.T) {
	program := compile(t, openEngine(t, runtime.OwnSettingsOnly()), `r = any < limit: "none", timeout: 3, break: 1, description: nil >
return r`)
	outcome, err := program.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := value.JSON(outcome.Result); string(got) != `{"break":1,"description":null,"limit":"none","timeout":3}` {
		t.Errorf("got %s", got)
	}
}

func TestAComponentSetsAGlobalOfTheHost(t *testing.T) {
	set := runtime.NewOpenComponent("set", func(_ context.Context, call *runtime.Call, settings map[string]any) (any, error) {
		return nil, call.SetGlobal(settings["name"].(string), settings["to"])
	})
	engine, err := runtime.New(runtime.WithComponents(set), runtime.WithGlobals(map[string]any{"count": 1}))
	if err != nil {
		t.Fatal(err)
	}
	program := compile(t, engine, `function f < > {
  set < name: "count", to: count + 1 >
}
f < >
f < >
other = 0
set < name: "other", to: 5 > catch e { return "${count} ${e.message}" }`)
	for range 2 { // each run has its own
		outcome, err := program.Run(t.Context(), nil)
		if err != nil || outcome.Result != `3 there is no global "other"` {
			t.Errorf("got %v, %v", outcome.Result, err)
		}
	}
}

func TestTheHostSetsTheTimeZoneOfFlowsThatNameNone(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	engine, err := runtime.New(runtime.WithLocation(kyiv))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{"": "Europe/Kyiv", `flow < timezone: "UTC" >`: "UTC"} {
		program := compile(t, engine, header+"\nreturn now().Hour()")
		if got := program.Location().String(); got != want {
			t.Errorf("%q: %s", header, got)
		}
	}
	if _, err := runtime.New(runtime.WithLocation(nil)); err == nil {
		t.Error("nil was taken")
	}
}

func TestAnInputIsReadByItsType(t *testing.T) {
	program := compile(t, openEngine(t), "input n: int\ninput d: duration\ninput m: map = {}")
	for _, test := range []struct {
		name string
		v    any
		want string
	}{
		{"n", 3.0, "3 <nil>"},
		{"n", "3", `<nil> input "n" is the string "3", want an int`},
		{"d", "2h", "2h0m0s <nil>"},
		{"d", "soon", `<nil> input "d" is "soon", want a duration like "1h30m"`},
		{"dd", 1, `<nil> unknown input "dd"`},
	} {
		v, err := program.ReadInput(test.name, test.v)
		if got := fmt.Sprint(v, " ", err); strings.Join(strings.Fields(got), " ") != test.want {
			t.Errorf("%s = %v: got %s", test.name, test.v, got)
		}
	}
}
