package runtime_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"flowrun/runtime"
)

func TestObserversSeeNoPasswordAndNoOutputVariable(t *testing.T) {
	type login struct {
		User     string           `flow:"user"`
		Password runtime.Password `flow:"password"`
	}
	type settings struct {
		Login  *login                 `flow:"login"`
		Token  runtime.Password       `flow:"token"`
		Result runtime.OutputVariable `flow:"result"`
	}
	var revealed []string
	connect := runtime.NewComponent("connect", func(_ context.Context, _ *runtime.Call, s *settings) (any, error) {
		revealed = append(revealed, s.Login.Password.Reveal(), s.Token.Reveal())
		return nil, nil
	})
	engine, err := runtime.New(runtime.WithComponents(connect))
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("connect.flow",
		`connect < login: { user: "ann", password: "hunter2" }, token: "swordfish", result: r >`)
	if program == nil {
		t.Fatal(diagnostics)
	}
	var seen []string
	observe := func(e runtime.Event) {
		for _, s := range e.Settings {
			seen = append(seen, fmt.Sprint(s.Key, "=", s.Value))
		}
	}
	if _, err := program.Run(t.Context(), nil, runtime.WithObserver(observe)); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(seen, " "), "login=map[password:*** user:ann] token=***"; got != want {
		t.Errorf("observers see %s, want %s", got, want)
	}
	if got := strings.Join(revealed, " "); got != "hunter2 swordfish" {
		t.Errorf("the component gets %q", got)
	}
}

func TestObserversSeeOfAnOpenComponentWhatItGets(t *testing.T) {
	var got map[string]any
	add := runtime.NewOpenComponent("add", func(_ context.Context, _ *runtime.Call, settings map[string]any) (any, error) {
		got = settings
		return nil, nil
	})
	engine, err := runtime.New(runtime.WithComponents(add), runtime.WithSecrets(func(string) (string, error) { return "hunter2", nil }))
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("add.flow", `add < text: "t${secret("A")}", map: { list: [secret("B"), "n${1}"] } >`)
	if program == nil {
		t.Fatal(diagnostics)
	}
	seen := map[string]any{}
	observe := func(e runtime.Event) {
		for _, s := range e.Settings {
			seen[s.Key] = s.Value
		}
	}
	if _, err := program.Run(t.Context(), nil, runtime.WithObserver(observe)); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"text": "t***", "map": map[string]any{"list": []any{"***", "n1"}}}
	if !reflect.DeepEqual(seen, want) || !reflect.DeepEqual(got, want) {
		t.Errorf("observers see %v and the component gets %v, want %v", seen, got, want)
	}
}
