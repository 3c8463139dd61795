package runtime

import (
	"flowrun/lang"
	"flowrun/runtime/internal/expression"
)

// block compiles the statements of a block and finds the paths to the labels
// below it.
func (c *compiler) block(b *lang.Block) *block {
	compiled := c.rooms.blocks.Next()
	if b == nil {
		return compiled
	}
	known := c.sample.assignments()
	compiled.statements = c.rooms.statements.Some(len(b.Statements))[:0]
	compiled.places = c.rooms.places.Some(len(b.Statements))[:0]
	for _, s := range b.Statements {
		switch s := s.(type) {
		case *lang.Input, *lang.Function, *lang.Test:
			continue
		case *lang.Label:
			c.sample.label()
			compiled.label(c.label(s.Name.Text), []turn{{choice: len(compiled.statements)}})
			continue
		}
		statement, inner := c.statement(s)
		for choice, below := range inner {
			if below == nil {
				continue
			}
			for l, path := range below.labels {
				compiled.label(l, append(c.prefix(statement, len(compiled.statements), choice), path...))
			}
		}
		compiled.statements = append(compiled.statements, statement)
		compiled.places = append(compiled.places, s.Place())
	}
	compiled.findBrief(&c.rooms)
	c.sample.leave(known)
	return compiled
}

// label makes a label known with the path to it.
func (b *block) label(l *label, path []turn) {
	if b.labels == nil {
		b.labels = map[*label][]turn{}
	}
	b.labels[l] = path
}

// prefix is the beginning of a path into a block of a statement.
func (c *compiler) prefix(s statement, index, choice int) []turn {
	if _, ok := s.(*while); ok {
		return []turn{{choice: index}}
	}
	return []turn{{choice: index}, {choice: choice}}
}

// label gives the label of a name in the current function.
func (c *compiler) label(name string) *label {
	l := c.labels[name]
	if l == nil {
		if c.labels == nil {
			c.labels = map[string]*label{}
		}
		l = &label{name: name}
		c.labels[name] = l
	}
	return l
}

// statement compiles one statement. The blocks are those that a goto may enter.
func (c *compiler) statement(s lang.Statement) (statement, []*block) {
	switch s := s.(type) {
	case *lang.Assign:
		v := c.expression(s.Value, expression.Plain)
		c.knowAssigned(s.Target, v)
		made := c.rooms.assignments.Next()
		c.targetInto(&made.to, s.Target)
		made.assign = assign{target: &made.to, value: v}
		return &made.assign, nil
	case *lang.If:
		return c.ifElse(s)
	case *lang.Switch:
		return c.switchCase(s)
	case *lang.While:
		condition := c.condition(s.Condition)
		body := c.block(s.Body)
		return &while{condition: condition, body: body}, []*block{body}
	case *lang.For:
		return c.forEach(s), nil
	case *lang.Break:
		return &leave{breakLoop}, nil
	case *lang.Continue:
		return &leave{continueLoop}, nil
	case *lang.Stop:
		return &leave{stopped}, nil
	case *lang.Return:
		compiled := &returnValue{span: s.Span}
		if s.Value != nil {
			compiled.value, compiled.span = c.expression(s.Value, expression.Plain), s.Value.Span
		}
		c.returns = c.returns || c.within == nil
		return compiled, nil
	case *lang.Goto:
		return &jump{label: c.label(s.Label.Text)}, nil
	case *lang.Call:
		compiled := c.call(s)
		if compiled.failover == nil && compiled.catch == nil {
			return compiled, nil
		}
		return compiled, []*block{compiled.failover, compiled.catch}
	case *lang.Expect:
		return c.expect(s), nil
	case *lang.Run:
		compiled := c.runFlow(s)
		return compiled, []*block{nil, compiled.catch}
	case *lang.Mock:
		return c.mock(s), nil
	}
	panic("runtime: a statement of an unknown type")
}

func (c *compiler) ifElse(s *lang.If) (statement, []*block) {
	compiled := &ifElse{
		conditions: c.rooms.expressions.Some(len(s.Branches))[:0],
		blocks:     c.rooms.blockLists.Some(len(s.Branches) + 1)[:0],
	}
	for _, branch := range s.Branches {
		compiled.conditions = append(compiled.conditions, c.condition(branch.Condition))
		compiled.blocks = append(compiled.blocks, c.block(branch.Body))
	}
	if s.Else != nil {
		compiled.blocks = append(compiled.blocks, c.block(s.Else))
	}
	if first := compiled.conditions[0]; first.steps == 0 {
		compiled.first, compiled.then = first.scalars, compiled.blocks[0]
	}
	return compiled, compiled.blocks
}

func (c *compiler) switchCase(s *lang.Switch) (statement, []*block) {
	compiled := &switchCase{
		subject: c.expression(s.Subject, expression.Plain),
		cases:   make([][]*evaluated, 0, len(s.Cases)),
		blocks:  c.rooms.blockLists.Some(len(s.Cases) + 1)[:0],
	}
	for _, branch := range s.Cases {
		values := c.rooms.expressions.Some(len(branch.Values))[:0]
		for _, e := range branch.Values {
			values = append(values, c.expression(e, expression.Plain))
		}
		compiled.cases = append(compiled.cases, values)
		compiled.blocks = append(compiled.blocks, c.block(branch.Body))
	}
	if s.Default != nil {
		compiled.blocks = append(compiled.blocks, c.block(s.Default))
	}
	compiled.table = newCaseTable(compiled.cases)
	return compiled, compiled.blocks
}

func (c *compiler) forEach(s *lang.For) statement {
	compiled := &forEach{key: -1, collection: c.expression(s.Collection, expression.Collection)}
	count := 1
	if s.Key != nil {
		compiled.key = c.scope.push(s.Key.Text)
		count = 2
	}
	compiled.item = c.scope.push(s.Item.Text)
	c.knowLoop(s, compiled)
	compiled.body = c.block(s.Body)
	c.scope.pop(count)
	return compiled
}
