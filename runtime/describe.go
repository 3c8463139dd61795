package runtime

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"flowrun/runtime/internal/expression"
)

// SettingDescription tells what a settings struct says of one setting, for
// references, completion and settings panels. NewComponent tells where it comes
// from.
type SettingDescription struct {
	Key   string
	Alias string // another key for the same setting, or ""
	Doc   string
	// Type says in words what the setting takes, such as "string", "list of ints"
	// or "output variable".
	Type     string
	Required bool
	// Default is what the component takes when the call does not say, as the flow
	// language writes it, or "".
	Default string
	Min     *float64 // bounds of a number; nil: none
	Max     *float64
	Enum    []string // the only strings allowed; nil: any
	// Settings are the keys of a setting that is a map, or nil.
	Settings []SettingDescription
	// Variable tells that the setting takes the bare name of a variable; with
	// Output the call declares it.
	Variable bool
	Output   bool
	// Secret tells that the setting takes secret("NAME").
	Secret bool
}

// DescribedType is a SettingDecoder that says in words what it takes, for
// SettingDescription.Type.
type DescribedType interface {
	SettingDecoder
	SettingType() string
}

// Doc is what the option of that name said, or "".
func (c *Component) Doc() string { return c.doc }

// FlowTypes are the flow types in which the component may stand; nil: all.
func (c *Component) FlowTypes() []FlowType { return slices.Clone(c.types) }

// Settings describes the component's own settings in the order of its struct;
// those of UniversalSettings it has as well.
func (c *Component) Settings() []SettingDescription { return c.schema.describe() }

// UniversalSettings describes the settings that every component and function has.
func UniversalSettings() []SettingDescription {
	return []SettingDescription{
		{Key: "break", Type: "bool", Default: "false", Doc: "Whether the run ends after this call, as by stop."},
		{Key: "limit", Type: "int or map with max", Doc: "The most passes through this statement in one run. Above it the failover block runs, or the call fails."},
		{Key: "description", Type: "string literal", Doc: "What the call is for. People see it in traces, graphs and explanations."},
		{Key: "timeout", Type: "duration", Doc: "How long the whole call may take, its attempts and waits included."},
	}
}

// Builtins shows the functions of expressions by name, each as it is called, such as
// `upper(text)`.
func Builtins() map[string]string {
	shown := map[string]string{}
	for _, name := range expression.Builtins() {
		shown[name] = expression.Signature(name)
	}
	return shown
}

func (s *schema) describe() []SettingDescription {
	described := make([]SettingDescription, len(s.fields))
	for i, f := range s.fields {
		described[i] = f.describe()
	}
	return described
}

func (f *field) describe() SettingDescription {
	d := SettingDescription{
		Key:      f.key,
		Alias:    f.alias,
		Doc:      f.doc,
		Type:     f.typeName(),
		Required: f.required,
		Default:  f.defaultText(),
		Min:      f.min,
		Max:      f.max,
		Enum:     slices.Clone(f.enum),
		Variable: f.kind == kindOutput || f.kind == kindInput,
		Output:   f.kind == kindOutput,
		Secret:   f.kind == kindPassword,
	}
	if f.kind == kindNested {
		d.Settings = f.nested.describe()
	}
	return d
}

// defaultText is SettingDescription.Default.
func (f *field) defaultText() string {
	if f.fallback != "" && f.kind == kindPlain && (f.typ.Kind() == reflect.String || f.typ == durationType) {
		return strconv.Quote(f.fallback)
	}
	return f.fallback
}

// typeNames are the names of the types whose settings words describe otherwise.
var typeNames = map[string]string{
	"true or false": "bool", "an int": "int", "any value": "any",
}

// typeName is SettingDescription.Type.
func (f *field) typeName() string {
	switch f.kind {
	case kindTemplate:
		return "template"
	case kindPassword:
		return "string or secret"
	case kindOutput:
		return "output variable"
	case kindInput:
		return "input variable"
	case kindNested:
		return "map"
	case kindDecoder:
		if described, ok := reflect.New(f.typ).Interface().(DescribedType); ok {
			return described.SettingType()
		}
		return "any"
	}
	words := plainTypes[f.typ]
	if name := typeNames[words]; name != "" {
		return name
	}
	return strings.TrimPrefix(words, "a ")
}
