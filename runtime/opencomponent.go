package runtime

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"flowrun/lang"
	"flowrun/runtime/value"
)

// openSettings are the settings of an open component.
type openSettings struct {
	values map[string]any
}

// NewOpenComponent makes a component that takes any settings, for what a host
// learns only while it runs: the stand-in of a component that it does not have, or
// a call whose settings somebody else describes. The values are plain values of
// the flow; one that holds a secret is text that shows *** in its place. A nil
// function panics here, as with NewComponent.
func NewOpenComponent(name string, run func(ctx context.Context, call *Call, settings map[string]any) (any, error), options ...ComponentOption) *Component {
	wantFunction(name, run == nil)
	c := &Component{
		name:   name,
		schema: &schema{typ: reflect.TypeFor[openSettings](), byKey: map[string]*field{}, open: true},
		invoke: func(ctx context.Context, call *Call, settings any) (any, error) {
			return run(ctx, call, settings.(*openSettings).values)
		},
	}
	for _, option := range options {
		option(c)
	}
	return c
}

// OwnSettingsOnly takes the universal settings from a component: in its calls
// their keys are settings of its own.
func OwnSettingsOnly() ComponentOption {
	return func(c *Component) { c.ownOnly = true }
}

// Open reports that the component takes any settings.
func (c *Component) Open() bool { return c.schema.open }

// InTests says that a component stands in test files only, for references.
func InTests() ComponentOption {
	return func(c *Component) { c.inTests = true }
}

// InTests reports whether the component stands in test files only.
func (c *Component) InTests() bool { return c.inTests }

// HasUniversalSettings reports that calls of the component have the settings of
// UniversalSettings.
func (c *Component) HasUniversalSettings() bool { return !c.ownOnly }

// field finds the field of a setting, under its key or an alias; nil when there
// is none.
func (s *schema) field(key string) *field {
	if s.open {
		return &field{key: key, typ: anyType, kind: kindOpen}
	}
	return s.byKey[key]
}

// decodeOpen stores a setting of an open component, or only looks at it when there
// are no settings to store it in.
func (f *field) decodeOpen(target reflect.Value, v any) error {
	settings, ok := target.Addr().Interface().(*openSettings)
	if !ok {
		return nil
	}
	if settings.values == nil {
		settings.values = map[string]any{}
	}
	settings.values[f.key] = value.WithoutSecrets(v)
	return nil
}

// KeyErrorf is Errorf for a setting that should not be there: it points at the key.
func (c *Check) KeyErrorf(key, hint, format string, args ...any) {
	span := c.statement.Component.Span
	if s, given := c.settings[key]; given {
		span = s.syntax.Key.Span
	}
	c.report(lang.Diagnostic{Severity: lang.Error, Span: span, Summary: fmt.Sprintf(format, args...), Hint: hint})
}

// Given lists the keys of the settings that the call gives, in order.
func (c *Check) Given() []string { return slices.Sorted(maps.Keys(c.settings)) }
