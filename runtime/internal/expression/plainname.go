package expression

import "flowrun/lang"

// plainName compiles an expression that is nothing but the name of a variable; it is nil
// for any other, and for a name that is not declared.
func (c *Compiler) plainName(source *lang.Source, e *lang.Expression, scope Scope) *Compiled {
	name := source.Slice(e.Span)
	if c.onVM || e.Bad || !lang.IsName(name) || lang.IsKeyword(name) {
		return nil
	}
	slot, ok := scope.Lookup(name)
	if !ok {
		return nil
	}
	form := c.names.Next()
	form.slot, form.name, form.span = slot, name, e.Span
	o := c.shaped(operand{}, c.knownVariable(name, slot))
	compiled := c.compiled.Next()
	compiled.span, compiled.kind = e.Span, o.kind
	compiled.detail(nil, c.learned(&o))
	variable := form.code(nil, nil, nil)
	compiled.code = variable.closures()
	c.rewriter.slots = append(c.rewriter.slots[:0], slot)
	c.reads = c.rewriter.slots
	return compiled
}
