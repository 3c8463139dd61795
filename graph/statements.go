package graph

import (
	"slices"
	"strings"

	"flowrun/lang"
)

// sequence builds the statements of a block in a column of their own.
func (b *builder) sequence(block *lang.Block) sequence {
	var s sequence
	outer := b.building.into
	b.building.into = &s
	b.statements(block)
	b.building.into = outer
	return s
}

func (b *builder) statements(block *lang.Block) {
	var gathered *Block // assignments so far
	for _, statement := range block.Statements {
		assign, ok := statement.(*lang.Assign)
		if !ok {
			gathered = nil
			b.statement(statement)
			continue
		}
		if gathered == nil {
			gathered = b.place(&Block{Kind: Assign, Line: b.line(assign.Span.Start)})
			b.building.open = []opening{{from: gathered, main: true}}
		}
		gathered.Lines = append(gathered.Lines, clipped(b.short(assign.Target.Span)+" = "+b.value(assign.Value)))
	}
}

func (b *builder) statement(statement lang.Statement) {
	c := b.building
	switch s := statement.(type) {
	case *lang.Label:
		c.open = append(c.open, opening{name: s.Name.Text})
	case *lang.Goto:
		for _, o := range b.jump("goto "+visible(s.Label.Text), s.Span) {
			c.gotos = append(c.gotos, openGoto{o, s.Label.Text})
		}
	case *lang.Break:
		taken := b.jump("break", s.Span)
		if loop := c.loop(); loop != nil {
			loop.breaks = append(loop.breaks, taken...)
		}
	case *lang.Continue:
		taken := b.jump("continue", s.Span)
		if loop := c.loop(); loop != nil {
			b.again(loop, taken)
		}
	case *lang.Stop:
		b.place(&Block{Kind: End, Title: "stop", Line: b.line(s.Span.Start)})
	case *lang.Return:
		end := &Block{Kind: End, Title: "return", Line: b.line(s.Span.Start)}
		if s.Value != nil {
			end.Lines = []string{b.value(s.Value)}
		}
		b.place(end)
	case *lang.If:
		b.branches(s, 0)
	case *lang.Switch:
		b.cases(s)
	case *lang.While:
		head := &Block{Kind: Loop, Title: "while", Lines: []string{b.value(s.Condition)}, Line: b.line(s.Span.Start)}
		b.repeat(head, "yes", s.Body, "no")
	case *lang.For:
		what := visible(s.Item.Text)
		if s.Key != nil {
			what = visible(s.Key.Text) + ", " + what
		}
		head := &Block{Kind: Loop, Title: "for", Lines: []string{what + " in " + b.value(s.Collection)}, Line: b.line(s.Span.Start)}
		b.repeat(head, "each", s.Body, "done")
	case *lang.Call:
		b.call(s)
	}
}

// loop is the innermost loop around a statement, or nil.
func (c *sectionBuilder) loop() *openLoop {
	if len(c.loops) == 0 {
		return nil
	}
	return c.loops[len(c.loops)-1]
}

// branches builds an if from one of its conditions on.
func (b *builder) branches(s *lang.If, i int) {
	c := b.building
	branch := s.Branches[i]
	condition := b.place(&Block{Kind: Condition, Title: "if", Lines: []string{b.value(branch.Condition)}, Line: b.line(branch.Condition.Span.Start)})
	it, known := c.into.last(), len(c.section.Branches)
	c.open = []opening{{from: condition, label: "yes"}}
	it.beside = []sequence{b.sequence(branch.Body)}
	yes := c.open
	c.open = []opening{{from: condition, label: "no", main: true}}
	if i+1 < len(s.Branches) {
		b.branches(s, i+1)
	} else if s.Else != nil {
		it.below = b.sequence(s.Else)
		b.straighten(it, known)
	}
	c.open = append(c.open, yes...)
}

// straighten lets the first branch of a condition go straight down, where the last
// one leads away at once and leaves the way free. So many branches were known
// before the condition.
func (b *builder) straighten(it *item, known int) {
	condition := it.block
	goesDown := func(o opening) bool { return o.from == condition && o.main }
	first := slices.IndexFunc(it.beside, func(s sequence) bool { return len(s.items) > 0 })
	if len(it.below.items) > 0 || first < 0 || slices.ContainsFunc(b.building.open, goesDown) {
		return
	}
	it.below = it.beside[first]
	it.beside = slices.Delete(it.beside, first, first+1)
	for _, branch := range b.building.section.Branches[known:] {
		if branch.From == condition {
			branch.main = branch.To == it.below.items[0].block
		}
	}
}

func (b *builder) cases(s *lang.Switch) {
	c := b.building
	condition := b.place(&Block{Kind: Condition, Title: "switch", Lines: []string{b.value(s.Subject)}, Line: b.line(s.Span.Start)})
	it, known := c.into.last(), len(c.section.Branches)
	var after []opening
	for _, one := range s.Cases {
		values := make([]string, len(one.Values))
		for i, v := range one.Values {
			values[i] = b.value(v)
		}
		c.open = []opening{{from: condition, label: clipped(strings.Join(values, ", "))}}
		it.beside = append(it.beside, b.sequence(one.Body))
		after = append(after, c.open...)
	}
	c.open = []opening{{from: condition, label: "otherwise", main: true}}
	if s.Default != nil {
		it.below = b.sequence(s.Default)
		b.straighten(it, known)
	}
	c.open = append(c.open, after...)
}

// repeat builds a loop whose branches are called as given.
func (b *builder) repeat(head *Block, each string, body *lang.Block, done string) {
	c := b.building
	b.place(head)
	it := c.into.last()
	c.started++
	loop := &openLoop{head: head, number: c.started}
	it.loop = loop.number
	c.loops = append(c.loops, loop)
	c.open = []opening{{from: head, label: each}}
	it.beside = []sequence{b.sequence(body)}
	b.again(loop, c.open)
	c.loops = c.loops[:len(c.loops)-1]
	c.open = append([]opening{{from: head, label: done, main: true}}, loop.breaks...)
}

// again leads branches back to the head of a loop.
func (b *builder) again(loop *openLoop, from []opening) {
	for _, o := range from {
		b.close(o, loop.head, Back, loop.number)
	}
	b.building.open = nil
}

func (b *builder) call(s *lang.Call) {
	c := b.building
	block := b.place(b.callBlock(s))
	it := c.into.last()
	var after []opening
	switch {
	case s.Component.Text != failing:
		after = []opening{{from: block, main: true}}
	case b.goesOn && s.Catch == nil:
		after = []opening{{from: block, main: true, kind: OnFailure, label: "onError: continue"}}
	}
	if s.Failover != nil {
		c.open = []opening{{from: block, kind: OnFailure, label: "failover"}}
		it.beside = append(it.beside, b.sequence(s.Failover))
		after = append(after, c.open...)
	}
	if s.Catch != nil {
		label := "catch"
		if s.Catch.Name != nil {
			label += " " + clipped(visible(s.Catch.Name.Text))
		}
		c.open = []opening{{from: block, kind: OnFailure, label: label}}
		it.beside = append(it.beside, b.sequence(s.Catch.Body))
		after = append(after, c.open...)
	}
	c.open = after
	b.breaks(s, block)
}

// breaks leads a call with the setting break to the end of the run.
func (b *builder) breaks(s *lang.Call, block *Block) {
	c := b.building
	setting := settingOf(s, "break")
	if setting == nil || block.Kind == End {
		return
	}
	switch when := b.value(setting.Value); when {
	case "false":
	case "true":
		c.breaks = append(c.breaks, leaping(c.open, "break")...)
		c.open = nil
	default:
		c.breaks = append(c.breaks, opening{from: block, kind: Leap, label: clipped("break: " + when)})
	}
}
