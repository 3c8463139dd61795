package lang

import "fmt"

// push opens a bracket, an interpolation among them.
func (c *capture) push(b bracket) bool {
	if len(c.brackets)+c.nesting > c.limits.Brackets {
		c.tooDeep(b.at, 1)
		return false
	}
	c.brackets = append(c.brackets, b)
	return true
}

func (c *capture) tooDeep(at, length int) {
	c.giveUp(Span{at, at + length}, fmt.Sprintf("the expression is nested deeper than %d brackets", c.limits.Brackets), "split it into several statements; "+LimitHint("Brackets"))
}

// open reads an opening bracket.
func (c *capture) open(role bracketRole) {
	at := c.pos
	top := c.top()
	argument := role == mapping && (top.role == call && (c.last == afterOpening || c.last == afterComma))
	if c.push(bracket{at: at, role: role, argument: argument}) {
		c.take(afterOpening, 1)
	}
}

// openMap reads a `{` where a value must begin. In the head of a block it opens
// the block unless what follows shows that a map is meant.
func (c *capture) openMap() {
	if c.outside() && (c.context == inHead || c.context == inCase) {
		next := skipBlanks(c.parser.text, c.pos+1)
		if !c.mapFollows(next) {
			c.ended = true
			return
		}
		c.fail(Span{c.pos, c.pos + 1}, "this { would open the block", "put the map in parentheses")
	}
	c.open(mapping)
}

// mapFollows reports whether an entry of a map or its end stands after a `{`.
func (c *capture) mapFollows(at int) bool {
	text := c.parser.text
	if byteAt(text, at) == '}' {
		return byteAt(text, skipBlanks(text, at+1)) == '{'
	}
	return keyFollows(text, at)
}

// braceAfterOperand reads a `{` where an operator must come.
func (c *capture) braceAfterOperand() {
	if c.context == inHead || c.context == inCase {
		c.unclosed()
		c.ended = true
		return
	}
	if c.outside() && !c.context.template() {
		c.fail(Span{c.pos, c.pos + 1}, "unexpected {", "")
	} else {
		c.sideBySide(c.pos + 1)
	}
	c.open(mapping)
}

// close reads a closing bracket, or ends the expression at one that belongs to
// what is around it.
func (c *capture) close(closer byte) {
	at := c.pos
	if c.outside() {
		if c.endsOutside(closer) {
			c.ended = true
			return
		}
		c.fail(Span{at, at + 1}, fmt.Sprintf("this %c closes nothing", closer), "")
		c.pos++
		return
	}
	if c.top().closer() != closer {
		c.mismatched(closer)
		return
	}
	top := c.top()
	c.closeTernaries()
	if top.role == mapping && !top.keyed && c.last != afterOpening && c.last != afterComma && !(top.argument && top.entry <= top.at+1) {
		c.fail(Span{c.lastAt, c.end}, "this entry of the map has no value", "write key: value")
	}
	opened := top.at
	c.brackets = c.brackets[:len(c.brackets)-1]
	c.take(afterClosing, 1)
	c.lastAt = opened
}

// endsOutside reports whether a closing bracket outside all others ends the
// expression.
func (c *capture) endsOutside(closer byte) bool {
	switch c.context {
	case inIndex:
		return closer == ']'
	case inWhole:
		return false
	}
	return closer == '}'
}

// mismatched reads a closing bracket that does not fit the innermost one: either
// brackets between the two were never closed, or it is the wrong one.
func (c *capture) mismatched(closer byte) {
	at := c.pos
	opened := c.top().at
	for i := len(c.brackets) - 2; i > c.base; i-- {
		if c.brackets[i].closer() == closer {
			c.fail(Span{opened, opened + 1}, fmt.Sprintf("the %c is never closed", c.parser.text[opened]), "")
			c.brackets = c.brackets[:i+1]
			c.last = afterClosing
			c.close(closer)
			return
		}
	}
	if c.endsOutside(closer) && (closer != '}' || c.context.template() || len(c.blocks) > 0) {
		c.unclosed()
		c.ended = true
		return
	}
	c.fail(Span{at, at + 1}, fmt.Sprintf("this %c does not close the %c", closer, c.parser.text[opened]), fmt.Sprintf("write %c", c.top().closer()))
	c.brackets = c.brackets[:len(c.brackets)-1]
	c.take(afterClosing, 1)
	c.lastAt = opened
}

// closeEarly reads a closing bracket where a value must begin.
func (c *capture) closeEarly() {
	closer := c.peek()
	top := c.top()
	switch {
	case c.outside() || top.closer() != closer:
		c.close(closer)
		return
	case c.last == afterOpening && top.role == group:
		c.fail(Span{top.at, c.pos + 1}, "there is nothing in the parentheses", "")
	case c.last == afterOpening && top.role == index:
		c.fail(Span{top.at, c.pos + 1}, "there is no index in the brackets", "")
	case c.last == afterOpening || c.last == afterComma && top.role != index && top.role != group:
	case c.last == afterColon && top.role == index:
	default:
		c.fail(Span{c.lastAt, c.end}, fmt.Sprintf("a value is missing after %s", shown(c.parser.text[c.lastAt:c.end])), "")
	}
	c.close(closer)
}

// comma reads a comma after a value.
func (c *capture) comma() {
	at := c.pos
	if c.outside() {
		switch c.context {
		case inCase, inSetting:
			c.ended = true
			return
		case inTemplate, inTextBlock:
			c.fail(Span{at, at + 1}, "a comma cannot stand in ${…}", "write one interpolation for each value")
		default:
			c.fail(Span{at, at + 1}, "a comma cannot stand here", "a list of values is written [a, b]")
		}
		c.take(afterComma, 1)
		return
	}
	c.closeTernaries()
	top := c.top()
	switch {
	case top.role == group:
		c.fail(Span{at, at + 1}, "a comma cannot stand in these parentheses", "a list of values is written [a, b]")
	case top.role == index:
		c.fail(Span{at, at + 1}, "an index is one value", "")
	case top.role == mapping && !top.keyed:
		c.fail(Span{c.lastAt, c.end}, "this entry of the map has no value", "write key: value")
	}
	top.keyed = false
	c.take(afterComma, 1)
	c.top().entry = c.pos
}

// commaEarly reads a comma where a value must begin.
func (c *capture) commaEarly() {
	at := c.pos
	switch {
	case c.outside() && (c.context == inSetting || c.context == inCase):
		c.ended = true
		return
	case c.last == afterNothing || c.last == afterOpening || c.last == afterComma:
		c.fail(Span{at, at + 1}, "a value is missing before the comma", "")
	default:
		c.fail(Span{c.lastAt, c.end}, fmt.Sprintf("a value is missing after %s", shown(c.parser.text[c.lastAt:c.end])), "")
	}
	c.comma()
}

// colon reads a `:` after a value: of a ternary, a map's entry or a slice.
func (c *capture) colon() {
	at := c.pos
	top := c.top()
	switch {
	case top.ternaries > 0:
		top.ternaries--
	case top.role == mapping && !top.keyed:
		if c.lastAt != c.entryStart(top) {
			c.fail(Span{c.lastAt, c.end}, "a map's key is one word, string or number", "put a computed key in parentheses")
		}
		top.keyed = true
	case top.role == index && !top.keyed:
		top.keyed = true
	case c.context == inCase && c.outside():
		c.fail(Span{at, at + 1}, "a case has no colon", "write case value { … }")
	case c.context == inHead && c.outside():
		c.fail(Span{at, at + 1}, "unexpected :", "a block begins with {")
	default:
		c.fail(Span{at, at + 1}, "unexpected :", "")
	}
	c.take(afterColon, 1)
}

// entryStart gives the offset of the first token of a map's entry.
func (c *capture) entryStart(top *bracket) int {
	return c.next(max(top.entry, top.at+1))
}

// colonEarly reads a `:` where a value must begin: `?:`, or a slice without its
// first bound.
func (c *capture) colonEarly() {
	top := c.top()
	switch {
	case c.last == afterQuestion, c.last == afterOpening && top.role == index:
		c.colon()
	case c.last == afterNothing:
		c.fail(Span{c.pos, c.pos + 1}, "a value is missing before :", "")
		c.take(afterColon, 1)
	default:
		c.fail(Span{c.lastAt, c.end}, fmt.Sprintf("a value is missing after %s", shown(c.parser.text[c.lastAt:c.end])), "")
		top.ternaries = max(0, top.ternaries-1)
		c.take(afterColon, 1)
	}
}

// semicolon reads a `;`, which ends statements and stands in no expression.
func (c *capture) semicolon() {
	at := c.pos
	switch c.context {
	case inStatement, inHead, inCase, inSetting:
		if c.outside() && !c.sequel {
			c.ended = true
			return
		}
	}
	c.fail(Span{at, at + 1}, "`;` cannot stand in an expression", "")
	c.take(afterOperator, 1)
}
