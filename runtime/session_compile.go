package runtime

import (
	"fmt"
	"maps"
	"slices"

	"flowrun/lang"
)

// Compile checks an entry: statements, as in a file, or one expression. The names
// and functions of the session are known in it. A function takes the place of an
// earlier one of its name; where earlier functions no longer fit, warnings say so,
// and they cannot run until they do. A function may call one that comes later. The
// entry is nil when one of the diagnostics is an error; nothing has changed then.
// A header holds for all entries that follow.
func (s *Session) Compile(name, text string) (*Entry, lang.Diagnostics) {
	file, expression, syntax := lang.ParseEntry(name, text, lang.WithLimits(s.engine.limits.source()))
	if lang.IsTestFile(name) {
		return nil, lang.Diagnostics{holdsTests(file)}
	}
	if expression != nil {
		file.Body.Statements = append(file.Body.Statements, &lang.Return{Span: expression.Span, Value: expression})
	}
	c := newCompiler(s.engine, file, syntax)
	c.session = s
	if expression != nil {
		c.calledByName(expression)
	}
	entry := &Entry{session: s, resets: s.resets, expression: expression != nil, program: c.program()}
	if file.Header != nil && file.Header.Name != nil {
		entry.name = entry.program.name
	}
	entry.showLast(file)
	entry.functions = c.declared
	c.brokenFunctions()
	diagnostics := c.found(syntax)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	return entry, diagnostics
}

// showLast has a last statement that is a call give its result.
func (e *Entry) showLast(file *lang.File) {
	written, compiled := file.Body.Statements, e.program.body.statements
	if len(written) == 0 || len(compiled) == 0 {
		return
	}
	if _, ok := written[len(written)-1].(*lang.Call); ok {
		compiled[len(compiled)-1].(*call).shown = true
	}
}

// calledByName reports an entry that is the bare name of what can be called.
func (c *compiler) calledByName(e *lang.Expression) {
	name := c.source.Slice(e.Span)
	_, variable := c.session.Variable(name)
	_, function := c.session.functions[name]
	_, component := c.engine.components[name]
	if variable || !function && !component {
		return
	}
	what := "component"
	if function {
		what = "function"
	}
	if c.scope.doubtful == nil {
		c.scope.doubtful = map[string]bool{}
	}
	c.scope.doubtful[name] = true // says no more about it
	c.errorf(e.Span, fmt.Sprintf("to call it write %s < >", name), "%s is a %s and no value", name, what)
}

// settings gives the program of an entry what headers before it said.
func (s *Session) settings(c *compiler, p *Program) {
	if s == nil {
		return
	}
	if s.name != "" {
		p.name = s.name
	}
	p.description, p.location, p.continueOnError = s.description, s.location, s.continueOnError
	p.flowType, c.flowType = s.flowType, s.flowType
}

// declare collects the names of the variables.
func (s *Session) declare(flow *variables) {
	if s == nil {
		return
	}
	for name := range s.variables {
		flow.declare(name)
	}
}

// declareFunctions collects the functions that the entry does not define anew.
func (s *Session) declareFunctions(c *compiler) {
	if s == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		if c.functions[name] == nil {
			fn := s.functions[name]
			c.declareFunction(fn.source, fn.syntax)
		}
	}
}

// earlierBody compiles a function of an earlier entry. One with an error is broken.
func (c *compiler) earlierBody(fn *function) {
	own := c.diagnostics
	c.diagnostics = nil
	c.functionBody(fn)
	for _, d := range c.diagnostics {
		if d.Severity == lang.Error {
			fn.broken = &d
			break
		}
	}
	c.diagnostics = own
}

// brokenFunctions warns of earlier functions that this entry has broken.
func (c *compiler) brokenFunctions() {
	for _, fn := range c.declared {
		earlier := c.session.functions[fn.name]
		if fn.source == c.source || fn.broken == nil || earlier.broken != nil {
			continue
		}
		d := *fn.broken
		d.Severity = lang.Warning
		d.Detail = fmt.Sprintf("%s cannot run before this fits again.", fn.name)
		c.diagnostics = append(c.diagnostics, d)
	}
}

// broken is the error of a call of a function that cannot run.
func (p *callPass) broken(fn *function) *Error {
	at := fn.broken.Range().Start
	err := p.error(KindValue, fmt.Sprintf("it cannot run: %s (%s:%d:%d)", fn.broken.Summary, fn.broken.Source.Name, at.Line, at.Column))
	err.Hint = fn.broken.Hint
	return err
}
