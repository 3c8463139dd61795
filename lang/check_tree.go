package lang

import "fmt"

// checkTree reports what the structure of the file forbids and what needs no
// knowledge of components.
func (p *parser) checkTree() {
	c := treeCheck{parser: p}
	if header := p.tree.Header; header != nil {
		c.typeName(header.Type, flowTypes, "type of flow")
		c.settings(header.Settings)
	}
	c.declarations(p.tree.Body)
	c.checkTests(p.tree.Body)
	c.block(p.tree.Body)
	c.labels.close(p)
}

// treeCheck walks the tree once.
type treeCheck struct {
	*parser
	loops  int
	labels labelScope
}

func (c *treeCheck) block(block *Block) {
	for _, statement := range block.Statements {
		c.statement(statement)
	}
}

func (c *treeCheck) statement(statement Statement) {
	switch s := statement.(type) {
	case *Function:
		c.function(s)
	case *If:
		EachBlock(s, c.block)
	case *Switch:
		c.switchCases(s)
	case *While:
		c.loops++
		c.block(s.Body)
		c.loops--
	case *For:
		c.loops++
		c.labels.enter(s)
		c.block(s.Body)
		c.labels.leave()
		c.loops--
	case *Break:
		c.insideLoop(s.Span, "break")
	case *Continue:
		c.insideLoop(s.Span, "continue")
	case *Label:
		c.labels.define(c.parser, s)
	case *Goto:
		c.labels.jump(s)
	case *Call:
		c.call(s)
	case *Test:
		c.settings(s.Settings)
		c.ownLabels(s.Body)
	case *Run:
		c.settings(s.Inputs)
		if s.Catch != nil {
			c.block(s.Catch.Body)
		}
	case *Mock:
		c.settings(s.Settings)
	}
}

func (c *treeCheck) function(f *Function) {
	c.parameters(f)
	c.ownLabels(f.Body)
}

func (c *treeCheck) insideLoop(span Span, word string) {
	if c.loops == 0 {
		c.failAt(span, fmt.Sprintf("`%s` stands outside a loop", word), "to end the flow write stop")
	}
}

func (c *treeCheck) call(s *Call) {
	c.settings(s.Settings)
	if s.Failover != nil {
		c.block(s.Failover)
	}
	if s.Catch != nil {
		c.block(s.Catch.Body)
	}
}

// settings reports keys that are given twice.
func (c *treeCheck) settings(settings []*Setting) {
	var seen map[string]*Setting
	for i, setting := range settings {
		earlier := seen[setting.Key.Text]
		if seen == nil {
			for _, other := range settings[:i] {
				if other.Key.Text == setting.Key.Text {
					earlier = other
				}
			}
		}
		if earlier != nil {
			c.failAt(setting.Key.Span, fmt.Sprintf("the setting %q is given twice", setting.Key.Text), c.firstOn(earlier.Span))
			continue
		}
		if len(settings) > 16 {
			if seen == nil {
				seen = make(map[string]*Setting, len(settings))
			}
			seen[setting.Key.Text] = setting
		}
	}
}

// firstOn says where something was written first.
func (c *treeCheck) firstOn(span Span) string {
	return fmt.Sprintf("the first is on line %d", c.source.LineOf(span.Start))
}
