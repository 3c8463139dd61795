package flowtest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"flowrun/builtins/email"
	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// MockSettings are those of mock.
type MockSettings struct {
	Returns any            `flow:"returns" doc:"What the component returns."`
	Fails   map[string]any `flow:"fails" doc:"Lets the component fail: a map with message, kind and further fields of the error."`
	Times   int            `flow:"times" min:"1" doc:"For how many calls the mock stands; without it for all that come."`
}

// mocked is a mock that a test has set up.
type mocked struct {
	component string
	settings  MockSettings
	place     lang.Range
	calls     int
}

// mockComponent is what stands behind `mock name < … >`.
func (f *testFile) mockComponent(name string) *runtime.Component {
	if !f.known(name) {
		f.open[name] = true
	}
	return runtime.NewComponent("mock", func(_ context.Context, call *runtime.Call, s *MockSettings) (any, error) {
		if len(f.test.mocks) >= mostOrders {
			return nil, tooMany("mocks")
		}
		f.test.mocks = append(f.test.mocks, &mocked{component: name, settings: *s, place: call.Range})
		return nil, nil
	}, runtime.InTests(), runtime.Doc("Puts a mock in the place of a component, in tests."), runtime.Example(`mock crm.addNote < returns: { id: 5 } >`), runtime.Checked(func(c *runtime.Check) {
		f.checkMock(name, c)
	}))
}

func (f *testFile) checkMock(name string, c *runtime.Check) {
	if c.Has("returns") && c.Has("fails") {
		c.Errorf("fails", "", "returns and fails exclude each other")
	}
	for _, key := range []string{"message", "kind"} {
		if v, constant := c.Item("fails", key); constant && v != nil {
			if _, ok := plain(v).(string); !ok {
				c.Errorf("fails", "", "%s of fails is %s, want a string", key, value.Phrase(plain(v)))
			}
		}
	}
	if f.known(name) {
		return
	}
	if flow := f.functions[name]; flow != "" {
		c.Errorf("", "mock the components that it calls", "%s is a function of %s, and only components are mocked", name, flow)
		return
	}
	if near := lang.Suggest(name, f.names()); near != "" {
		c.Warnf("", fmt.Sprintf("did you mean %q?", near), "no component is named %q", name)
	}
}

// mockedFunctions finds the mocked names that are functions of the flows which the
// file runs: each with a flow.
func (f *testFile) mockedFunctions() map[string]string {
	found := map[string]string{}
	if len(f.open) == 0 {
		return found
	}
	for _, file := range sortedKeys(f.runs) {
		text, err := f.config.readSource(f.beside(file))
		if err != nil {
			continue // which the run tells
		}
		flow, _ := lang.Parse(file, text, lang.WithLimits(lang.Limits{Source: f.config.Limits.Source}))
		for _, statement := range flow.Body.Statements {
			if function, ok := statement.(*lang.Function); ok && f.open[function.Name.Text] {
				found[function.Name.Text] = file
			}
		}
	}
	return found
}

// isMocked reports whether a component is mocked in this test.
func (t *testRun) isMocked(name string) bool {
	return slices.ContainsFunc(t.mocks, func(m *mocked) bool { return m.component == name })
}

// callMock gives what the next mock of a component has for a call.
func (t *testRun) callMock(name string) (any, error) {
	calls := 0
	for _, mock := range t.mocks {
		if mock.component != name {
			continue
		}
		if mock.settings.Times > 0 && mock.calls == mock.settings.Times {
			calls += mock.calls
			continue
		}
		mock.calls++
		v, failure := mock.answer()
		if failure == nil {
			return v, nil
		}
		if name == nameSendEmail && !t.file.hosts(name) {
			email.StandInFailure(failure)
		}
		return nil, failure
	}
	return nil, &runtime.Failure{
		Message: fmt.Sprintf("its mocks are used up: this is call %d", calls+1),
		Hint:    fmt.Sprintf("write another mock %s, or one without times", name),
	}
}

// nameSendEmail is the component whose error is also a result.
const nameSendEmail = "sendEmail"

// answer gives what the component returns, or its error.
func (m *mocked) answer() (any, *runtime.Failure) {
	if m.settings.Fails == nil {
		return m.settings.Returns, nil
	}
	failure := &runtime.Failure{Message: "the mock fails", Fields: map[string]any{}}
	for key, v := range m.settings.Fails {
		text, isText := v.(string)
		fields, isMap := value.AsMap(v)
		switch {
		case key == "message" && isText:
			failure.Message = text
		case key == "kind" && isText:
			failure.Kind = runtime.Kind(text)
		case isMap:
			failure.Fields[key] = &value.Record{Fields: maps.Clone(fields)}
		default:
			failure.Fields[key] = v
		}
	}
	return nil, failure
}

// unmocked is a component that a test file mocks, in a test that does not.
func unmocked(_ context.Context, call *runtime.Call, _ map[string]any) (any, error) {
	return nil, &runtime.Failure{
		Message: "there is no such component, and this test does not mock it",
		Hint:    fmt.Sprintf("write mock %s < returns: … > before the run", call.Component),
	}
}

// observe notes the calls of mocked components.
func (t *testRun) observe(event runtime.Event) {
	if event.Kind != runtime.CallStarted || !t.isMocked(event.Call.Component) {
		return
	}
	settings := map[string]any{}
	for _, setting := range event.Settings {
		settings[setting.Key] = value.WithoutSecrets(setting.Value)
	}
	t.calls = append(t.calls, record(map[string]any{
		"component": event.Call.Component,
		"settings":  settings,
		"line":      event.Call.Range.Start.Line,
	}))
}

// plain is a constant of a check without its templates.
func plain(v any) any {
	if converted, err := value.Plain(v); err == nil {
		return converted
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
