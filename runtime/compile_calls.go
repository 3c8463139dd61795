package runtime

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// call compiles a call of a component or function and checks its settings as
// far as they are literal.
func (c *compiler) call(s *lang.Call) *call {
	return c.callOf(s, c.engine.components[s.Component.Text], c.functions[s.Component.Text])
}

// callOf compiles a call of this component or function.
func (c *compiler) callOf(s *lang.Call, component *Component, fn *function) *call {
	compiled := &call{id: c.calls, span: s.Component.Span, name: s.Component.Text}
	compiled.place, compiled.first = c.source.Range(compiled.span), addressOf(compiled.id, 1)
	c.calls++
	compiled.component, compiled.function = component, fn
	switch {
	case compiled.component != nil:
		c.standsHere(s, compiled.component)
		c.componentSettings(s, compiled)
	case compiled.function != nil:
		c.arguments(s, compiled)
	default:
		c.unknownComponent(s)
		c.unknownSettings(s, compiled)
	}
	if s.Target != nil {
		compiled.target = c.target(s.Target)
	}
	if s.Failover != nil {
		compiled.failover = c.block(s.Failover)
	}
	if s.Catch != nil {
		if s.Catch.Name != nil {
			ref := c.scope.target(s.Catch.Name.Text, false)
			compiled.catchName = &ref
		}
		compiled.catch = c.block(s.Catch.Body)
	}
	return compiled
}

func (c *compiler) standsHere(s *lang.Call, component *Component) {
	if c.flowType == "" || component.types == nil || slices.Contains(component.types, c.flowType) {
		return
	}
	types := make([]string, len(component.types))
	for i, t := range component.types {
		types[i] = string(t)
	}
	c.errorf(s.Component.Span, "", "%s cannot stand in a %s flow, only in %s", component.name, c.flowType, quotedList(types))
}

// unknownComponent reports a call of what there is not. In a function of a session
// it may come later.
func (c *compiler) unknownComponent(s *lang.Call) {
	d := lang.Diagnostic{
		Severity: lang.Error,
		Source:   c.source,
		Span:     s.Component.Span,
		Summary:  fmt.Sprintf("unknown component %q", s.Component.Text),
		Hint:     c.didYouMean(s.Component.Text, c.callable),
	}
	if c.session != nil && c.within != nil {
		c.within.broken = &d
		d.Severity = lang.Warning
		d.Detail = fmt.Sprintf("%s cannot run before there is one.", c.function)
	}
	c.report(d)
}

// callable are the names of components and functions, unless they are too many to
// look for one that was meant.
func (c *compiler) callable() []string {
	if len(c.engine.components)+len(c.functions) > lang.MaxCandidates {
		return nil
	}
	names := slices.Collect(maps.Keys(c.engine.components))
	names = append(names, slices.Collect(maps.Keys(c.functions))...)
	slices.Sort(names)
	return names
}

// universal compiles a setting that every call has; it reports whether it was one.
func (c *compiler) universal(s *lang.Setting, compiled *call) bool {
	if compiled.component != nil && compiled.component.ownOnly {
		return false
	}
	switch s.Key.Text {
	case "break":
		compiled.stop = c.expression(s.Value, expression.Plain)
		if v, constant := compiled.stop.Constant(); constant {
			if _, ok := v.(bool); !ok {
				c.errorf(s.Value.Span, "", "break is %s, want true or false", described(v))
			}
		}
		c.knowUniversal("break", compiled.stop)
	case "limit":
		compiled.limit = &limitSetting{c.expression(s.Value, expression.Plain)}
		if v, constant := compiled.limit.value.Constant(); constant {
			if _, problem := limitOf(v); problem != "" {
				c.errorf(s.Value.Span, "", "%s", problem)
			}
		}
		c.knowUniversal("limit", compiled.limit.value)
	case "timeout":
		compiled.timeout = c.expression(s.Value, expression.Plain)
		if v, constant := compiled.timeout.Constant(); constant {
			if _, problem, hint := timeoutOf(v); problem != "" {
				c.errorf(s.Value.Span, hint, "%s", problem)
			}
		}
		c.knowUniversal("timeout", compiled.timeout)
	case "description":
		literal := s.Value.Literal()
		if literal == nil || literal.Template() {
			c.errorf(s.Value.Span, "", "description must be a plain string")
			break
		}
		compiled.description = literal.Text()
	default:
		return false
	}
	return true
}

func (c *compiler) unknownSettings(s *lang.Call, compiled *call) {
	for _, syntax := range s.Settings {
		if syntax.Value != nil && !c.universal(syntax, compiled) {
			c.expression(syntax.Value, expression.Plain)
		}
	}
}

// componentSettings compiles the settings of a component's call.
func (c *compiler) componentSettings(s *lang.Call, compiled *call) {
	component := compiled.component
	given := c.given
	if c.given = nil; given == nil {
		given = map[string]*setting{}
	}
	broken := unclosed(s)
	compiled.settings = make([]*setting, 0, len(s.Settings))
	for _, syntax := range s.Settings {
		if syntax.Value == nil {
			broken = true
			if f := component.schema.byKey[syntax.Key.Text]; f != nil {
				given[f.key] = nil
			}
			continue
		}
		if c.universal(syntax, compiled) {
			continue
		}
		f := component.field(syntax.Key.Text)
		if f == nil {
			c.noSuchSetting(syntax, component)
			c.expression(syntax.Value, expression.Plain)
			broken = true
			continue
		}
		if _, twice := given[f.key]; twice {
			if syntax.Key.Text != f.key || given[f.key] != nil && given[f.key].syntax.Key.Text != f.key {
				c.errorf(syntax.Key.Span, "", "%s and %s are one setting of %s", f.key, f.alias, component.name)
			}
			continue
		}
		setting := c.setting(syntax, f)
		given[f.key] = setting
		if setting == nil {
			broken = true
			continue
		}
		compiled.settings = append(compiled.settings, setting)
		if f.kind == kindOutput {
			compiled.outputs = append(compiled.outputs, setting)
		}
	}
	for _, f := range component.schema.fields {
		if _, ok := given[f.key]; f.required && !ok && !broken {
			c.errorf(s.Component.Span, "", "%s needs the setting %q", component.name, f.key)
		}
	}
	if component.check != nil && !broken {
		c.check(component, &Check{statement: s, settings: given, source: c.source, report: c.report})
		return // the check may keep the settings
	}
	clear(given)
	c.given = given
}

// noSuchSetting reports a setting that the component does not have for this host.
func (c *compiler) noSuchSetting(s *lang.Setting, component *Component) {
	key := s.Key.Text
	if component.withheld[key] {
		c.errorf(s.Key.Span, "", "the host does not grant the setting %q of %s", key, component.name)
		return
	}
	c.errorf(s.Key.Span, didYouMean(key, append(component.schema.keys(), universalKeys...)), "unknown setting %q of %s", key, component.name)
}

// check lets a component check one of its calls.
func (c *compiler) check(component *Component, k *Check) {
	defer func() {
		if reason := recover(); reason != nil {
			c.report(lang.Diagnostic{
				Span: k.statement.Component.Span, Summary: component.name + ": its check broke down", Cause: value.Panicked(reason),
			})
		}
	}()
	component.check(k)
}

// unclosed reports whether the settings of a call lack their `>`, so that more of
// them may be meant.
func unclosed(s *lang.Call) bool { return s.Close.Start == s.Close.End }

// setting compiles one setting of a component; nil when it is faulty.
func (c *compiler) setting(syntax *lang.Setting, f *field) *setting {
	s := c.rooms.settings.Next()
	*s = setting{syntax: syntax, key: f.key, field: f}
	switch f.kind {
	case kindOutput, kindInput:
		return c.variableSetting(s)
	case kindTemplate, kindDecoder, kindPassword, kindNested, kindOpen:
		s.value = c.expression(syntax.Value, expression.Templates)
	default:
		s.value = c.expression(syntax.Value, expression.Plain)
	}
	v, constant := s.value.Constant()
	kind := s.value.Kind()
	suits := kind == "" || f.takes(kind)
	switch {
	case suits && !c.elementsFit(f, s.value.Elements()):
		return nil
	case constant && !c.fits(f, v, syntax.Value.Span):
		return nil
	case !constant && !suits:
		hint := ""
		if f.typ == durationType {
			hint = unitHint(kind)
		}
		c.errorf(syntax.Value.Span, hint, "%s is %s, want %s", f.key, value.KindPhrase(kind), f.words())
		return nil
	case (f.kind == kindDecoder || f.kind == kindPassword) && !c.knowSetting(f, s.value.Shape().KindName(), syntax.Value.Span):
		return nil
	}
	return s
}

// fits checks a literal value of a setting.
func (c *compiler) fits(f *field, v any, span lang.Span) bool {
	unresolved := func(string) (string, error) { return "", nil }
	if err := f.decode(reflect.New(f.typ).Elem(), v, unresolved); err != nil {
		c.errorf(span, hintOf(err), "%s", err)
		return false
	}
	return true
}

// elementsFit checks the items of a list or map literal, each at its place.
func (c *compiler) elementsFit(f *field, elements []expression.Element) bool {
	fit := c.itemsFit(f, elements)
	for _, e := range elements {
		switch {
		case f.kind == kindNested:
			inner := f.nested.byKey[e.Key]
			if inner == nil {
				c.errorf(e.Start, didYouMean(e.Key, f.nested.keys()), "%s has no key %q", f.key, e.Key)
				fit = false
			} else if e.Constant {
				fit = c.fits(inner, e.Value, e.Span) && fit
			} else {
				fit = c.knowSetting(inner, e.Kind, e.Span) && fit
			}
		case f.kind == kindDecoder && e.Key == "" && e.Constant:
			fit = c.fits(f, e.Value, e.Span) && fit
		case f.kind == kindDecoder && e.Key == "":
			fit = c.itemsFit(f, e.Elements) && c.knowSetting(f, e.Kind, e.Span) && fit
		}
	}
	return fit
}

// itemsFit has a setting's own type check the items of a map literal.
func (c *compiler) itemsFit(f *field, elements []expression.Element) bool {
	if f.kind != kindDecoder || len(elements) == 0 {
		return true
	}
	checker, ok := reflect.New(f.typ).Interface().(ItemChecker)
	if !ok {
		return true
	}
	fit := true
	for _, e := range elements {
		if e.Key == "" {
			continue
		}
		if err := guardedItem(checker, e.Key, e.Value, e.Constant); err != nil {
			c.errorf(e.Start, hintOf(err), "%s: %s", f.key, err)
			fit = false
		}
	}
	return fit
}

// variableSetting compiles a setting that names a variable.
func (c *compiler) variableSetting(s *setting) *setting {
	what := "an output variable"
	if s.field.kind == kindInput {
		what = "a variable"
	}
	name, ok := bareName(c.source, s.syntax.Value)
	if !ok {
		c.errorf(s.syntax.Value.Span, fmt.Sprintf("write `%s: name`", s.key), "%s takes the bare name of %s", s.key, what)
		return nil
	}
	if s.field.kind == kindOutput {
		s.variable = c.scope.target(name, false)
		return s
	}
	if s.variable, ok = c.scope.find(name); !ok {
		c.errorf(s.syntax.Value.Span, c.didYouMean(name, c.scope.Names), "%s is not declared", name)
		return nil
	}
	return s
}

// arguments compiles the settings of a function's call.
func (c *compiler) arguments(s *lang.Call, compiled *call) {
	fn := compiled.function
	names := make([]string, len(fn.parameters))
	for i, p := range fn.parameters {
		names[i] = p.name
	}
	given := make(map[string]bool, len(fn.parameters))
	for _, syntax := range s.Settings {
		if syntax.Value == nil {
			given[syntax.Key.Text] = true
			continue
		}
		if c.universal(syntax, compiled) {
			continue
		}
		p := fn.parameter(syntax.Key.Text)
		if p == nil {
			c.errorf(syntax.Key.Span, c.didYouMean(syntax.Key.Text, func() []string { return append(names, universalKeys...) }),
				"unknown setting %q of function %s", syntax.Key.Text, fn.name)
			c.expression(syntax.Value, expression.Plain)
			continue
		}
		given[p.name] = true
		argument := c.rooms.settings.Next()
		*argument = setting{syntax: syntax, key: p.name, parameter: p, value: c.expression(syntax.Value, expression.Plain)}
		if v, constant := argument.value.Constant(); constant && !p.typ.accepts(v) {
			c.errorf(syntax.Value.Span, "", "%s is %s, want %s", p.name, described(v), p.typ.words())
		}
		if kind, misfits := c.kindMisfits(argument.value, p.typ.accepts); misfits {
			c.errorf(syntax.Value.Span, "", "%s is %s, want %s", p.name, value.KindPhrase(kind), p.typ.words())
		}
		compiled.settings = append(compiled.settings, argument)
	}
	missing := 0
	for _, p := range fn.syntax.Parameters {
		refused := slices.Contains(universalKeys, p.Name.Text)
		if p.Default == nil && !given[p.Name.Text] && !refused && !unclosed(s) && missing < lang.MaxDiagnostics {
			c.errorf(s.Component.Span, "", "function %s needs the setting %q", fn.name, p.Name.Text)
			missing++
		}
	}
}
