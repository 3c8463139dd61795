package runtime

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
)

// compiler makes a Program of a syntax tree and collects what is wrong with it.
type compiler struct {
	engine      *Engine
	file        *lang.File
	source      *lang.Source // of what is being compiled
	session     *Session     // nil outside of one
	expressions *expression.Compiler
	rooms       rooms
	diagnostics lang.Diagnostics

	scope     *scope
	functions map[string]*function
	declared  []*function // the same, in order
	within    *function   // the one being compiled; nil at flow level
	calls     int
	given     map[string]*setting // room for those of a call; nil: none
	flowType  FlowType
	labels    map[string]*label // of the function, or the flow, being compiled
	function  string            // being compiled, "" for the flow
	returns   bool              // the flow has a `return`, outside of functions

	sample *sample // of the inputs; nil: none

	statements *TestStatements // of a test file; nil in a flow
	tests      []*testCase
}

func newCompiler(engine *Engine, file *lang.File, syntax lang.Diagnostics) *compiler {
	expressions := expression.NewCompiler(engine.limits.expressions())
	if engine.onVM {
		expressions.OnVM()
	}
	c := &compiler{
		engine:      engine,
		file:        file,
		source:      file.Source,
		expressions: expressions,
		scope: &scope{
			flow:     newVariables(),
			doubtful: doubtfulNames(file.Source, syntax),
		},
	}
	c.rooms.expect(len(file.Source.Text))
	expressions.Expect(len(file.Source.Text))
	return c
}

// doubtfulNames are the words on the lines that could not be read; nil: there are none.
func doubtfulNames(source *lang.Source, syntax lang.Diagnostics) map[string]bool {
	if !syntax.HasErrors() {
		return nil
	}
	names := map[string]bool{}
	read := 0 // diagnostics come in the order of the source
	for _, d := range syntax {
		if d.Severity != lang.Error {
			continue
		}
		place := d.Range()
		for line := max(place.Start.Line, read+1); line <= place.End.Line; line++ {
			read = line
			for _, word := range strings.FieldsFunc(source.Line(line), outsideName) {
				names[word] = true
			}
		}
	}
	return names
}

func outsideName(r rune) bool {
	return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

func (c *compiler) errorf(span lang.Span, hint, format string, args ...any) {
	c.report(lang.Diagnostic{Severity: lang.Error, Span: span, Summary: fmt.Sprintf(format, args...), Hint: hint})
}

// didYouMean is didYouMean within what a compilation may take.
func (c *compiler) didYouMean(word string, candidates func() []string) string {
	if near := c.expressions.Suggest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

// mostCollected is how many diagnostics a compiler collects before it drops those that would
// not be told: a large source may have very many.
const mostCollected = 50 * lang.MaxDiagnostics

func (c *compiler) report(d lang.Diagnostic) {
	d.Source = c.source
	if len(c.diagnostics) >= mostCollected {
		c.diagnostics = c.diagnostics.Sort().Limit()
	}
	c.diagnostics = append(c.diagnostics, d)
}

// program compiles the file.
func (c *compiler) program() *Program {
	p := &Program{
		source:    c.file.Source,
		engine:    c.engine,
		limits:    c.engine.limits,
		bounds:    c.engine.limits.values(),
		secrets:   secrets(c.engine.secrets).guarded(),
		variables: c.scope.flow,
		name:      c.file.Source.Name,
		location:  c.engine.location,
	}
	c.session.settings(c, p)
	c.header(p)
	c.declare()
	p.inputs = c.inputs()
	c.knowInputs(p.inputs)
	for _, fn := range c.declared {
		if fn.source == c.source {
			c.functionBody(fn)
		} else {
			c.earlierBody(fn)
		}
	}
	c.testBodies()
	c.labels = nil
	p.body = c.block(c.file.Body)
	p.calls, p.returns = c.calls, c.returns
	for name, v := range c.engine.globals {
		p.globals = append(p.globals, global{slot: c.scope.flow.declare(name), value: v})
	}
	return p
}

// header reads the flow's type, name and settings.
func (c *compiler) header(p *Program) {
	h := c.file.Header
	if h == nil {
		return
	}
	if h.Type != nil {
		c.flowType = FlowType(h.Type.Text)
		p.flowType = c.flowType
	}
	if h.Name != nil {
		if h.Name.Template() {
			c.errorf(h.Name.Span, "", "the flow's name must be a plain string")
		}
		p.name = h.Name.Text()
	}
	for _, s := range h.Settings {
		c.headerSetting(p, s)
	}
}

func (c *compiler) headerSetting(p *Program, s *lang.Setting) {
	keys := []string{"description", "onError", "timezone"}
	if !slices.Contains(keys, s.Key.Text) {
		c.errorf(s.Key.Span, didYouMean(s.Key.Text, keys), "unknown setting %q of flow", s.Key.Text)
		return
	}
	if s.Value == nil {
		return
	}
	literal := s.Value.Literal()
	if literal == nil || literal.Template() {
		c.errorf(s.Value.Span, "", "%s of flow must be a plain string", s.Key.Text)
		return
	}
	text := literal.Text()
	switch s.Key.Text {
	case "description":
		p.description = text
	case "timezone":
		location, err := time.LoadLocation(text)
		if err != nil || text == "" {
			c.errorf(s.Value.Span, `IANA names look like "Europe/Kyiv"`, "unknown time zone %q", text)
			return
		}
		p.location = location
	case "onError":
		if text != "stop" && text != "continue" {
			c.errorf(s.Value.Span, didYouMean(text, []string{"stop", "continue"}), `onError is %q, want "stop" or "continue"`, text)
		}
		p.continueOnError = text == "continue"
	}
}

// declare collects every name before anything is compiled.
func (c *compiler) declare() {
	flow := c.scope.flow
	for name := range c.engine.globals {
		flow.declare(name)
	}
	c.session.declare(flow)
	c.declarations(flow).block(c.file.Body)
	for _, statement := range c.file.Body.Statements {
		fn, ok := statement.(*lang.Function)
		if !ok || c.functions[fn.Name.Text] != nil {
			continue
		}
		if c.engine.components[fn.Name.Text] != nil {
			c.errorf(fn.Name.Span, "give the function another name", "%q is a component already", fn.Name.Text)
		}
		for _, p := range fn.Parameters {
			if slices.Contains(universalKeys, p.Name.Text) {
				c.errorf(p.Name.Span, "give the parameter another name", "%q is a setting of every call", p.Name.Text)
			}
			c.written(p.Name.Text, p.Name.Span)
		}
		c.declareFunction(c.source, fn)
	}
	c.session.declareFunctions(c)
	c.declareTests()
}

// declareFunction collects the names of a function.
func (c *compiler) declareFunction(source *lang.Source, syntax *lang.Function) *function {
	own := newVariables()
	fn := &function{name: syntax.Name.Text, source: source, span: syntax.Name.Span, syntax: syntax, variables: own}
	for _, p := range syntax.Parameters {
		fn.parameters = append(fn.parameters, &parameter{
			name: p.Name.Text, slot: own.declare(p.Name.Text), typ: typeOf(p.Type),
		})
	}
	inner := c.declarations(own)
	inner.source = source
	inner.block(syntax.Body)
	if c.functions == nil {
		c.functions = map[string]*function{}
	}
	c.functions[fn.name] = fn
	c.declared = append(c.declared, fn)
	return fn
}

// declarations looks for the names that statements assign, as names of the flow or
// of one of its functions.
func (c *compiler) declarations(own *variables) *declarations {
	return &declarations{
		source: c.source, flow: c.scope.flow, own: own, components: c.engine.components, onWrite: c.written,
	}
}

func typeOf(name *lang.Name) valueType {
	if name == nil {
		return typeAny
	}
	return valueType(name.Text)
}

// inputs compiles the declarations of inputs; a default may use those before it.
func (c *compiler) inputs() []*input {
	count := 0
	for _, statement := range c.file.Body.Statements {
		if _, ok := statement.(*lang.Input); ok {
			count++
		}
	}
	if count == 0 {
		return nil
	}
	room := make([]input, count)
	inputs := make([]*input, 0, count)
	for _, statement := range c.file.Body.Statements {
		s, ok := statement.(*lang.Input)
		if !ok {
			continue
		}
		in := &room[len(inputs)]
		*in = input{name: s.Name.Text, span: s.Name.Span, typ: typeOf(s.Type), slot: c.scope.flow.assign(s.Name.Text)}
		if s.Default != nil {
			in.fallback = c.expression(s.Default, expression.Plain)
			if v, constant := in.fallback.Constant(); constant && !in.typ.accepts(v) {
				c.errorf(s.Default.Span, "", "the default of %s is %s, want %s", in.name, described(v), in.typ.words())
			}
			c.earlierOnly(s, inputs)
		}
		inputs = append(inputs, in)
	}
	return inputs
}

// earlierOnly refuses the default that was compiled last when it uses more than globals and
// the inputs before it.
func (c *compiler) earlierOnly(s *lang.Input, earlier []*input) {
	for _, slot := range c.expressions.Reads() {
		name := c.scope.flow.names[slot]
		_, isGlobal := c.engine.globals[name]
		isEarlier := slices.ContainsFunc(earlier, func(in *input) bool { return in.name == name })
		if !isGlobal && !isEarlier {
			c.errorf(s.Default.Span, "", "the default of %s uses %s, which has no value before the flow starts", s.Name.Text, name)
		}
	}
}

// functionBody compiles a function.
func (c *compiler) functionBody(fn *function) {
	s := fn.syntax
	flowScope := c.enter(fn)
	for i, p := range s.Parameters {
		if p.Default == nil {
			continue
		}
		parameter := fn.parameters[i]
		parameter.fallback = c.expression(p.Default, expression.Plain)
		if v, constant := parameter.fallback.Constant(); constant && !parameter.typ.accepts(v) {
			c.errorf(p.Default.Span, "", "the default of %s is %s, want %s", parameter.name, described(v), parameter.typ.words())
		}
	}
	fn.body = c.block(s.Body)
	c.leave(flowScope)
}

// enter begins to compile what stands in a function; it gives the scope around it.
func (c *compiler) enter(fn *function) *scope {
	outer := c.scope
	c.scope = &scope{flow: outer.flow, local: fn.variables, doubtful: outer.doubtful}
	c.labels = nil
	c.function, c.within, c.source = fn.name, fn, fn.source
	return outer
}

// leave goes back to the scope that enter gave.
func (c *compiler) leave(outer *scope) {
	c.scope, c.function, c.within, c.source = outer, "", nil, c.file.Source
}

// expression compiles an expression; a faulty one gives a constant nil, so that
// compiling goes on.
func (c *compiler) expression(e *lang.Expression, mode expression.Mode) *evaluated {
	compiled, problems := c.expressions.Compile(c.source, e, c.scope, mode)
	for _, d := range problems {
		c.report(d)
	}
	made := c.rooms.evaluated.Next()
	made.Compiled, made.span = compiled, e.Span
	return made
}

// condition compiles what must be true or false.
func (c *compiler) condition(e *lang.Expression) *evaluated {
	condition := c.expression(e, expression.Plain)
	condition.scalars, condition.steps = condition.Scalars()
	if v, constant := condition.Constant(); constant {
		if _, ok := v.(bool); !ok {
			c.errorf(e.Span, "", "%s", conditionProblem(v))
		}
	}
	c.knowCondition(e, condition)
	return condition
}

// target compiles what an assignment writes.
func (c *compiler) target(t *lang.Target) *target {
	compiled := c.rooms.targets.Next()
	c.targetInto(compiled, t)
	return compiled
}

func (c *compiler) targetInto(compiled *target, t *lang.Target) {
	*compiled = target{variable: c.scope.target(t.Name.Text, t.Global), name: t.Name.Text, span: t.Span}
	for _, step := range t.Path {
		s := pathStep{span: step.Span, name: step.Name}
		if step.Index != nil {
			s.index = c.expression(step.Index, expression.Plain)
		}
		compiled.path = append(compiled.path, s)
	}
}
