package runtime

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"flowrun/lang"
	"flowrun/runtime/value"
)

// FlowType is the kind of flow that a component may stand in.
type FlowType string

// The four flow types. A flow without a type is none of them and takes every
// component.
const (
	Voice   FlowType = "voice"
	Chat    FlowType = "chat"
	Forms   FlowType = "forms"
	Service FlowType = "service"
)

// Component is something that a flow can call: a name, settings described by a
// struct, and a function that does the work. Components are immutable and may
// serve any number of engines and runs at once.
type Component struct {
	name    string
	doc     string
	types   []FlowType
	schema  *schema
	ownOnly bool             // without universal settings
	inTests bool             // for references
	pass    func() *callPass // with room for settings; nil: it has none of its own
	invoke  func(ctx context.Context, call *Call, settings any) (any, error)
	plain   plainInvocation // of a component that keeps nothing of a pass; else nil
	check   func(*Check)
	outputs func(*Error) map[string]any
	// unstarted gives the result and the fields of a call that failed before it
	// started, or is nil.
	unstarted func(*Error) (*value.Record, map[string]any)
	words     func(settings map[string]string) Wording
	toldWhole []string        // keys of settings that explanations do not cut
	withheld  map[string]bool // keys and aliases that the host does not grant
	unfit     error           // why no engine takes it

	example        string
	result, raised []FieldDescription
}

// Name is the word (or dotted name) that calls the component.
func (c *Component) Name() string { return c.name }

// ComponentOption adds to a component.
type ComponentOption func(*Component)

// In lists the flow types in which the component may stand; without it, all.
func In(types ...FlowType) ComponentOption {
	return func(c *Component) { c.types = types }
}

// Doc describes the component in one or two sentences, for the reference and
// for completion.
func Doc(text string) ComponentOption {
	return func(c *Component) { c.doc = text }
}

// Checked adds a check of a call before any run: what the types of the settings
// cannot say (two settings that exclude each other, a literal that cannot be).
func Checked(check func(*Check)) ComponentOption {
	return func(c *Component) { c.check = check }
}

// OutputsOnFailure tells what the output variables of a call hold after it
// failed: values by settings key. Without it each gets the error's record.
func OutputsOnFailure(values func(*Error) map[string]any) ComponentOption {
	return func(c *Component) { c.outputs = values }
}

// Unstarted tells what the target of a call gets that failed before its component
// started, by a setting or by its limit, and which fields join those of the error.
// Without it the target is nil.
func Unstarted(result func(*Error) (*value.Record, map[string]any)) ComponentOption {
	return func(c *Component) { c.unstarted = result }
}

// NewComponent makes a component of a function over a settings struct S. The
// struct is the one description of the settings. A field is a setting when it has
// a tag `flow:"key"` or `flow:"key,required"`; further tags are
//
//	doc:"Recipients."        one sentence for the reference
//	alias:"cc"               another key for the same setting
//	default:"true"           shown in the reference; the component applies it
//	min:"0" max:"65535"      bounds of a number
//	enum:"text,html"         the only strings allowed
//
// and its type is string, bool, int, float64, time.Duration, time.Time, any,
// []any, map[string]any, []string, []int, Template, Password, OutputVariable,
// InputVariable, a struct of settings, a pointer to any of these (nil when the
// call does not give it), or a type whose pointer is a SettingDecoder. A struct
// that breaks these rules panics here, at start-up, and so does a nil function. Lists and maps in the settings
// are copies; those that a SettingDecoder gets, or stand in a Template, belong to
// the flow and must not be changed.
//
// The function gets decoded settings and a context that ends when the run is
// cancelled or the call's timeout passes. What it returns becomes a value of the
// flow (see package value; a *value.Record prints as its text). An error that is
// a *Failure keeps its kind and fields; any other error has kind "failed".
func NewComponent[S any](name string, run func(ctx context.Context, call *Call, settings *S) (any, error), options ...ComponentOption) *Component {
	schema, err := schemaOf(reflect.TypeFor[S]())
	if err != nil {
		panic(fmt.Sprintf("runtime: settings of component %s: %v", name, err))
	}
	wantFunction(name, run == nil)
	c := &Component{
		name:   name,
		schema: schema,
		pass: func() *callPass {
			p := new(passWith[S])
			p.settings = &p.own
			return &p.callPass
		},
		invoke: func(ctx context.Context, call *Call, settings any) (any, error) {
			return run(ctx, call, settings.(*S))
		},
	}
	for _, option := range options {
		option(c)
	}
	return c
}

// wantFunction refuses a component without a function.
func wantFunction(component string, missing bool) {
	if missing {
		panic(fmt.Sprintf("runtime: component %s has no function: a nil one was given", component))
	}
}

// passWith is a pass with the settings of its component, so that both are made at
// once.
type passWith[S any] struct {
	callPass
	own S
}

// Call is one pass through a call statement, as its component sees it.
type Call struct {
	// Component is the name that was called.
	Component string
	// Description is the call's `description` setting, or "".
	Description string
	// Range is where the call stands in the source.
	Range lang.Range
	// Flow is the name in the flow's header, or the source's name.
	Flow string
	// Run identifies the run.
	Run string
	// Address is the call's place in the run: statement and pass. Run and
	// Address together are an idempotency key: they are the same when a run is
	// resumed or replayed.
	Address string

	pass   *callPass
	random callRandomness
}

func (c *Call) effects() Effects { return c.pass.frame.run.effects }

// Now is the time of the run, which need not be the machine's.
func (c *Call) Now() time.Time { return c.effects().Now() }

// Sleep waits in the time of the run. It ends early, with an error, when the
// context ends or the timeout of this call or of one around it passes.
func (c *Call) Sleep(ctx context.Context, d time.Duration) error {
	deadline, owner := c.pass.earliest()
	if owner == nil {
		return c.effects().Sleep(ctx, d)
	}
	left := deadline.Sub(c.effects().Now())
	if d <= left {
		return c.effects().Sleep(ctx, d)
	}
	if err := c.effects().Sleep(ctx, left); err != nil {
		return err
	}
	return &timeoutCause{owner}
}

// Tell tells observers of the run, such as a trace, what the component does while
// the call lasts: one line without secrets. It is for the goroutine that the
// component was called in.
func (c *Call) Tell(text string) {
	c.pass.frame.run.event(Event{Kind: CallTold, Call: c, Text: text})
}

// Random gives 64 random bits. What it gives depends on the run's seed and the
// call's address only, so that a call of a replayed run draws what it drew. It
// is safe for concurrent use.
func (c *Call) Random() uint64 { return c.random.next(c.pass.frame.run.random.seed, c.Address) }

// Has reports whether the call gives the setting with this key.
func (c *Call) Has(key string) bool {
	return c.pass.setting(key) != nil
}

// Check is a call before any run, as a component's own check sees it.
type Check struct {
	statement *lang.Call
	settings  map[string]*setting
	source    *lang.Source
	report    func(lang.Diagnostic)
}

// Has reports whether the call gives the setting, under its key or an alias.
func (c *Check) Has(key string) bool {
	_, given := c.settings[key]
	return given
}

// Constant gives a setting's value when it consists of literals; a string
// literal in a setting of type Template is a *value.Template.
func (c *Check) Constant(key string) (any, bool) {
	s, given := c.settings[key]
	if !given || s.value == nil {
		return nil, false
	}
	return s.value.Constant()
}

// Item is Constant for one item of a map that stands there as a literal, whose
// other items need not be literals.
func (c *Check) Item(key, item string) (any, bool) {
	s, given := c.settings[key]
	if !given || s.value == nil {
		return nil, false
	}
	if whole, constant := s.value.Constant(); constant {
		fields, _ := value.AsMap(whole)
		v, found := fields[item]
		return v, found
	}
	for _, element := range s.value.Elements() {
		if element.Key == item && element.Constant {
			return element.Value, true
		}
	}
	return nil, false
}

// Keys are the keys of a setting that is a map literal, as far as they are
// literals, in the order in which they stand there.
func (c *Check) Keys(key string) []string {
	s, given := c.settings[key]
	if !given || s.value == nil {
		return nil
	}
	var keys []string
	for _, element := range s.value.Elements() {
		if element.Key != "" {
			keys = append(keys, element.Key)
		}
	}
	return keys
}

// Kind is the kind of a setting's value when it is known before any run, else "".
func (c *Check) Kind(key string) string {
	s, given := c.settings[key]
	if !given || s.value == nil {
		return ""
	}
	return s.value.Kind()
}

// Mentions reports whether a word stands anywhere in the flow's source.
func (c *Check) Mentions(word string) bool {
	return strings.Contains(c.source.Text, word)
}

// Literal gives the string literal that a setting consists of, template or
// not, or nil.
func (c *Check) Literal(key string) *lang.StringLiteral {
	if s, given := c.settings[key]; given {
		return s.syntax.Value.Literal()
	}
	return nil
}

// Errorf reports a problem at a setting's value; an empty key, or one that the
// call does not give, means the component's name.
func (c *Check) Errorf(key, hint, format string, args ...any) {
	c.problem(lang.Error, key, hint, format, args...)
}

// Warnf is Errorf for what need not stop the flow.
func (c *Check) Warnf(key, hint, format string, args ...any) {
	c.problem(lang.Warning, key, hint, format, args...)
}

func (c *Check) problem(severity lang.Severity, key, hint, format string, args ...any) {
	span := c.statement.Component.Span
	if s, given := c.settings[key]; given {
		span = s.syntax.Value.Span
	}
	c.report(lang.Diagnostic{Severity: severity, Span: span, Summary: fmt.Sprintf(format, args...), Hint: hint})
}
