package runtime

import (
	"reflect"
	"slices"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/internal/shape"
	"flowrun/runtime/value"
)

// CheckInputs looks for what would go wrong in a run with such inputs, without
// running anything: keys that they do not have, values of a kind that an operation
// or a setting does not take. What the flow takes care of is no mistake: a key
// that it asks for by `?.`, `["key"]`, `in` or left of `??`, or that it assigns, a
// variable that it assigns twice, an element that some of a list have. Of nil and
// of an empty list in the inputs nothing is known.
//
// The diagnostics are errors in the order of the source, at most 20. The error is
// an *InputError that lists the inputs which are missing, unknown or do not fit;
// the others are looked at all the same.
func (p *Program) CheckInputs(inputs Inputs) (lang.Diagnostics, error) {
	s := &sample{values: map[string]any{}}
	for _, in := range p.inputs {
		raw, given := inputs[in.name]
		if v, err := in.convert(raw, given, p.limits.values()); err == nil && given {
			s.values[in.name] = v
		}
	}
	var err error
	if problems := p.inputProblems(inputs, nil); problems != nil {
		err = newInputError(problems)
	}
	return p.checkSample(s), err
}

// checkSample compiles the source once more with what is known of the inputs:
// first to hear which keys the flow asks for, then to judge.
func (p *Program) checkSample(s *sample) lang.Diagnostics {
	file, syntax := lang.Parse(p.source.Name, p.source.Text, lang.WithLimits(p.engine.limits.source()))
	file.Source = p.source
	s.writes = writesOf(file, p.engine.components, p.engine.globals)
	var diagnostics lang.Diagnostics
	s.knowledge = expression.NewKnowledge(nil)
	for range 2 {
		c := newCompiler(p.engine, file, syntax)
		c.sample = s
		s.knowledge.Variable = c.knownVariable
		c.expressions.Learn(s.knowledge)
		c.program()
		diagnostics = c.diagnostics
	}
	diagnostics = slices.DeleteFunc(diagnostics, func(d lang.Diagnostic) bool { return d.Severity != lang.Error })
	return diagnostics.Sort().Limit()
}

// sample is what a compiler knows of the inputs.
type sample struct {
	values    map[string]any // of inputs that fit
	writes    writes
	knowledge *expression.Knowledge
	assigned  []assigned // variables of which an assignment has told something
	doubted   int        // how many of these may be nil all the same
}

// assigned is a variable that an assignment has given a shape.
type assigned struct {
	owner *variables
	slot  int
}

// assignments is how many assignments have told something so far.
func (s *sample) assignments() int {
	if s == nil {
		return 0
	}
	return len(s.assigned)
}

// label makes nil a possible value of everything assigned, since a goto may lead past
// the assignment.
func (s *sample) label() {
	if s != nil {
		s.doubt(0)
		s.doubted = len(s.assigned)
	}
}

// leave is label for what was assigned in a block, at its end.
func (s *sample) leave(since int) {
	if s != nil {
		s.doubt(since)
		s.assigned, s.doubted = s.assigned[:since], min(s.doubted, since)
	}
}

func (s *sample) doubt(since int) {
	for _, a := range s.assigned[max(since, s.doubted):] {
		a.owner.shapes[a.slot] = a.owner.shapes[a.slot].OrNil()
	}
}

// knownVariable is what is known of a variable as an expression reads it here.
func (c *compiler) knownVariable(slot expression.Slot) *shape.Shape {
	if slot < 0 {
		return c.scope.flow.shapes[int(^slot)]
	}
	return c.scope.own().shapes[int(slot)]
}

// knowInputs takes what is known of inputs and globals that the flow does not
// assign anew. An input that is not given has its default.
func (c *compiler) knowInputs(inputs []*input) {
	if c.sample == nil {
		return
	}
	known := map[string]any{}
	for name, v := range c.engine.globals {
		known[name] = v
	}
	for _, in := range inputs {
		delete(known, in.name)
		if v, given := c.sample.values[in.name]; given {
			known[in.name] = v
		} else if v, constant := in.fallback.constant(); constant {
			known[in.name] = v
		}
	}
	flow := c.scope.flow
	for name, v := range known {
		written := c.sample.writes[variable{name: name}]
		if written.whole == 1 {
			flow.know(flow.declare(name), shape.Of(v), written)
		}
	}
}

// constant is the value of an expression that need not be there.
func (e *evaluated) constant() (any, bool) {
	if e == nil {
		return nil, false
	}
	return e.Constant()
}

// know notes what is known of a variable, but for what the flow assigns within it.
func (v *variables) know(slot int, s *shape.Shape, written written) {
	for _, path := range written.paths {
		s = s.Assigned(path)
	}
	if s == nil {
		return
	}
	if v.shapes == nil {
		v.shapes = map[int]*shape.Shape{}
	}
	v.shapes[slot] = s
}

// knowAssigned takes what is known of a variable that only this statement assigns.
func (c *compiler) knowAssigned(t *lang.Target, v *evaluated) {
	if c.sample == nil {
		return
	}
	if len(t.Path) > 0 {
		c.knowPath(t)
		return
	}
	if _, loop := c.scope.loop(t.Name.Text); loop && !t.Global {
		return
	}
	owner, of := c.scope.own(), variable{function: c.function, name: t.Name.Text}
	if t.Global {
		owner, of.function = c.scope.flow, ""
	}
	if written := c.sample.writes[of]; written.whole == 1 {
		slot, known := owner.declare(t.Name.Text), v.Shape()
		if t.Global && c.scope.local != nil {
			known = known.OrNil() // nobody need have called the function
		}
		owner.know(slot, known, written)
		if owner.shapes[slot] != nil {
			c.sample.assigned = append(c.sample.assigned, assigned{owner, slot})
		}
	}
}

// knowPath reports an assignment into what is certainly not there.
func (c *compiler) knowPath(t *lang.Target) {
	ref, _ := c.scope.find(t.Name.Text)
	if t.Global && c.scope.local != nil {
		ref = reference{slot: c.scope.flow.declare(t.Name.Text), flow: true}
	}
	known := c.knownVariable(ref.expressionSlot())
	steps := stepsOf(t)
	for i, step := range steps[:len(steps)-1] {
		if step.Index && known.KindName() == "list" {
			known = known.Element()
			continue
		}
		field, there, certain := known.Entry(step.Name)
		if step.Index || !certain || known.Kind == "struct" {
			return
		}
		if !there && !c.sample.knowledge.Optional[step.Name] {
			missing := c.file.Source.Slice(lang.Span{Start: t.Span.Start, End: t.Path[i].Span.End})
			c.errorf(t.Span, c.didYouMean(step.Name, known.Keys),
				"%s cannot be assigned: there is no %s", c.file.Source.Slice(t.Span), missing)
			return
		}
		known = field.Shape
	}
}

// knowLoop takes what is known of the variables of a loop, and reports what cannot
// be looped over; key is the slot of the first of two variables, or -1.
func (c *compiler) knowLoop(s *lang.For, loop *forEach) {
	if c.sample == nil {
		return
	}
	collection := loop.collection.Shape()
	var key, item *shape.Shape
	switch kind := collection.KindName(); kind {
	case "", "struct":
		return
	case "list":
		key, item = shape.OfKind("int"), collection.Item
	case "range":
		key, item = shape.OfKind("int"), shape.OfKind("int")
	case "map":
		key = shape.OfKind("string")
		item = collection.AnyField()
		if loop.key < 0 {
			item = key
		}
	default:
		_, hint, err := roundsOf(expression.Witnesses(kind)[0])
		c.errorf(s.Collection.Span, hint, "%s", err)
		return
	}
	own := c.scope.own()
	for name, known := range map[*lang.Name]*shape.Shape{s.Key: key, &s.Item: item} {
		if name == nil || c.sample.writes[variable{function: c.function, name: name.Text, loop: true}].whole > 0 {
			continue
		}
		slot := loop.item
		if name == s.Key {
			slot = loop.key
		}
		own.know(slot, known, written{})
	}
}

// kindMisfits reports whether no value of the kind that an expression is known to
// have fits, and gives the kind.
func (c *compiler) kindMisfits(e *evaluated, fits func(v any) bool) (kind string, misfits bool) {
	if _, constant := e.Constant(); constant {
		return "", false
	}
	kind = e.Shape().KindName()
	return kind, c.misfits(kind, fits)
}

func (c *compiler) misfits(kind string, fits func(v any) bool) bool {
	values := expression.Witnesses(kind)
	return c.sample != nil && len(values) > 0 && !slices.ContainsFunc(values, fits)
}

// knowSetting reports a setting, or an item of one, that takes no value of the kind
// that it gets. A type that reads its value itself looks into texts, lists and
// maps, which is for the run.
func (c *compiler) knowSetting(f *field, kind string, span lang.Span) bool {
	if f.kind != kindPlain && (kind == "string" || kind == "list" || kind == "map") {
		return true
	}
	var problem error
	misfits := c.misfits(kind, func(v any) bool {
		err := f.decode(reflect.New(f.typ).Elem(), v, func(string) (string, error) { return "", nil })
		if problem == nil {
			problem = err
		}
		return err == nil
	})
	if !misfits {
		return true
	}
	if f.kind == kindPlain {
		c.errorf(span, "", "%s is %s, want %s", f.key, value.KindPhrase(kind), f.words())
	} else {
		c.errorf(span, hintOf(problem), "%s", problem)
	}
	return false
}

// knowCondition reports a condition that is never true or false.
func (c *compiler) knowCondition(e *lang.Expression, condition *evaluated) {
	if kind, misfits := c.kindMisfits(condition, isBool); misfits {
		c.errorf(e.Span, "", "the condition is %s, want true or false", value.KindPhrase(kind))
	}
}

func isBool(v any) bool {
	_, ok := v.(bool)
	return ok
}

// knowUniversal reports a setting of every call that gets a value of the wrong kind.
func (c *compiler) knowUniversal(key string, e *evaluated) {
	want, fits := "true or false", isBool
	switch key {
	case "limit":
		want, fits = "an int or { max: int }", func(v any) bool { _, problem := limitOf(v); return problem == "" || value.KindOf(v) == "map" }
	case "timeout":
		want, fits = "a duration", func(v any) bool { _, problem, _ := timeoutOf(v); return problem == "" }
	}
	if kind, misfits := c.kindMisfits(e, fits); misfits {
		hint := ""
		if key == "timeout" {
			hint = unitHint(kind)
		}
		c.errorf(e.span, hint, "%s is %s, want %s", key, value.KindPhrase(kind), want)
	}
}

// unitHint is the advice for a number where a duration is wanted.
func unitHint(kind string) string {
	if kind == "int" || kind == "float" || kind == shape.Number {
		return `write the unit: "${x}s", "${x}m" or "${x}h"`
	}
	return ""
}
