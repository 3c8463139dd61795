package runtime_test

import (
	"context"
	"strings"
	"testing"

	"flowrun/runtime"
)

type letterSettings struct {
	To     string `flow:"to,required"`
	Copy   string `flow:"copy" alias:"cc"`
	Server string `flow:"server"`
	Port   int    `flow:"port"`
}

func letterComponent() *runtime.Component {
	return runtime.NewComponent("letter", func(context.Context, *runtime.Call, *letterSettings) (any, error) { return nil, nil })
}

func TestASettingThatTheHostWithholdsDoesNotCheck(t *testing.T) {
	whole := letterComponent()
	less := whole.Without("server").Without("cc", "server")
	for _, c := range []struct{ name, source, want string }{
		{"withheld", `letter < to: "a", server: "s" >`, `the host does not grant the setting "server" of letter`},
		{"withheld under its key", `letter < to: "a", copy: "b" >`, `the host does not grant the setting "copy" of letter`},
		{"withheld under its alias", `letter < to: "a", cc: "b" >`, `the host does not grant the setting "cc" of letter`},
		{"granted", `letter < to: "a", port: 25 >`, ""},
		{"misspelt", `letter < to: "a", servr: "b" >`, `unknown setting "servr" of letter`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := newEngine(t, &recorder{}, runtime.WithComponents(less)).Compile("test.flow", c.source)
			var got []string
			for _, d := range problems {
				got = append(got, d.Summary)
				if strings.Contains(d.Hint, "server") {
					t.Errorf("the hint %q suggests what is withheld", d.Hint)
				}
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	var keys []string
	for _, s := range less.Settings() {
		keys = append(keys, s.Key)
	}
	if got := strings.Join(keys, " "); got != "to port" {
		t.Errorf("the settings are described as %s", got)
	}
	if got := len(whole.Settings()); got != 4 {
		t.Errorf("the whole component has %d settings left", got)
	}
}

func TestSettingsOfAnOpenComponentCanBeWithheld(t *testing.T) {
	open := runtime.NewOpenComponent("letter", func(context.Context, *runtime.Call, map[string]any) (any, error) { return nil, nil })
	engine := newEngine(t, &recorder{}, runtime.WithComponents(open.Without("server")))
	if _, problems := engine.Compile("test.flow", `letter < to: "a" >`); len(problems) > 0 {
		t.Error(problems)
	}
	_, problems := engine.Compile("test.flow", `letter < server: "s" >`)
	if len(problems) != 1 || problems[0].Summary != `the host does not grant the setting "server" of letter` {
		t.Errorf("got %v", problems)
	}
}

func TestOnlyWhatIsThereAndNotNeededCanBeWithheld(t *testing.T) {
	for key, want := range map[string]string{
		"to":    `every call of letter needs the setting "to"`,
		"sever": `letter has no setting "sever" to be withheld`,
	} {
		func() {
			defer func() {
				if reason, _ := recover().(string); !strings.Contains(reason, want) {
					t.Errorf("%s: panics with %q, want %q", key, reason, want)
				}
			}()
			letterComponent().Without(key)
		}()
	}
}
