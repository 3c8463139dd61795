package runtime_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"flowrun/runtime"
)

type secretSettings struct {
	Password runtime.Password `flow:"password"`
	Text     runtime.Template `flow:"text"`
}

func secretEngine(t *testing.T, got *string, options ...runtime.Option) *runtime.Engine {
	use := runtime.NewComponent("use", func(_ context.Context, _ *runtime.Call, s *secretSettings) (any, error) {
		*got = s.Password.Reveal()
		return s.Password.String(), nil
	})
	engine, err := runtime.New(append(options, runtime.WithComponents(use))...)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func TestASecretIsResolvedOnlyInsideTheComponent(t *testing.T) {
	var got string
	engine := secretEngine(t, &got, runtime.WithSecrets(func(name string) (string, error) {
		if name != "MAIL" {
			return "", errors.New("unknown secret")
		}
		return "hunter2", nil
	}))
	outcome, err := compile(t, engine, `
s = secret("MAIL")
shown = use < password: "x-${s}" >
return shown
`).Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got != "x-hunter2" || outcome.Result != "***" {
		t.Errorf("the component got %q, the flow %v", got, outcome.Result)
	}
}

func TestNoSecretIsGrantedByDefault(t *testing.T) {
	var got string
	_, err := compile(t, secretEngine(t, &got), `use < password: secret("MAIL") >`).Run(t.Context(), nil)
	if message := failure(t, err).Message; message != `password: the secret "MAIL" is not granted` {
		t.Errorf("got %q", message)
	}
}

func TestASettingThatIsNoPasswordRefusesASecret(t *testing.T) {
	var got string
	_, err := compile(t, secretEngine(t, &got), "s = secret(\"MAIL\")\nuse < text: \"a ${s}\" >").Run(t.Context(), nil)
	if message := failure(t, err).Message; message != `text cannot hold a secret` {
		t.Errorf("got %q", message)
	}
}

func TestGlobalsOfTheHostAreKnownNames(t *testing.T) {
	company := map[string]any{"name": "Acme"}
	engine := newEngine(t, &recorder{}, runtime.WithGlobals(map[string]any{"company": company}))
	program := compile(t, engine, "company.name = \"Other\"\nreturn company.name")
	for range 2 {
		outcome, err := program.Run(t.Context(), nil)
		if err != nil || outcome.Result != "Other" {
			t.Errorf("got %v, %v", outcome.Result, err)
		}
	}
	if company["name"] != "Acme" {
		t.Error("a flow changed the host's value")
	}
}

func TestAnEngineRefusesWhatItCannotGrant(t *testing.T) {
	none := func(context.Context, *runtime.Call, *struct{}) (any, error) { return nil, nil }
	for want, option := range map[string]runtime.Option{
		`two components are named "a"`:                                            runtime.WithComponents(runtime.NewComponent("a", none), runtime.NewComponent("a", none)),
		`component "if": the name is a keyword`:                                   runtime.WithComponents(runtime.NewComponent("if", none)),
		`component "a b": a name is a word, or words joined by dots`:              runtime.WithComponents(runtime.NewComponent("a b", none)),
		`global "for" is a keyword, call it "for_"`:                               runtime.WithGlobals(map[string]any{"for": 1}),
		`global "x-y": a name is a letter or _ followed by letters, digits and _`: runtime.WithGlobals(map[string]any{"x-y": 1}),
		`global "f": a function is not a value of the language`:                   runtime.WithGlobals(map[string]any{"f": func() {}}),
	} {
		if _, err := runtime.New(option); err == nil || err.Error() != "runtime: "+want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestASettingsStructThatBreaksTheRulesPanicsAtStartUp(t *testing.T) {
	for want, define := range map[string]func(){
		"type chan int cannot be a setting": func() {
			runtime.NewComponent("c", func(context.Context, *runtime.Call, *struct {
				C chan int `flow:"c"`
			}) (any, error) {
				return nil, nil
			})
		},
		`"limit" is a universal setting`: func() {
			runtime.NewComponent("c", func(context.Context, *runtime.Call, *struct {
				L int `flow:"limit"`
			}) (any, error) {
				return nil, nil
			})
		},
		`key "a" is taken`: func() {
			runtime.NewComponent("c", func(context.Context, *runtime.Call, *struct {
				A int `flow:"a"`
				B int `flow:"b" alias:"a"`
			}) (any, error) {
				return nil, nil
			})
		},
	} {
		func() {
			defer func() {
				if reason, _ := recover().(string); !strings.Contains(reason, want) {
					t.Errorf("got %q, want %q", reason, want)
				}
			}()
			define()
		}()
	}
}

func TestAtMostTwentyProblemsAreReportedInOrder(t *testing.T) {
	_, diagnostics := newEngine(t, &recorder{}).Compile("x.flow", strings.Repeat("x = nothing\n", 15)+strings.Repeat("y = (\n", 15))
	if len(diagnostics) != 20 {
		t.Errorf("got %d problems", len(diagnostics))
	}
	for i := 1; i < len(diagnostics); i++ {
		if diagnostics[i].Span.Start < diagnostics[i-1].Span.Start {
			t.Errorf("problem %d is out of order", i)
		}
	}
}

func TestAFlowThatDoesNotCheckGivesNoProgram(t *testing.T) {
	program, diagnostics := newEngine(t, &recorder{}).Compile("x.flow", "show < >")
	if program != nil || !diagnostics.HasErrors() {
		t.Errorf("got %v, %v", program, diagnostics)
	}
}
