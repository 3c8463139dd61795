package lang

import (
	"fmt"
	"strings"
)

// operatorLength gives the size of the operator at an offset.
func operatorLength(text string, at int) int {
	first, second := text[at], byteAt(text, at+1)
	switch first {
	case '=', '!', '<', '>':
		if second == '=' {
			return 2
		}
	case '&', '|', '*':
		if second == first {
			return 2
		}
	case '?':
		if second == '.' || second == '?' {
			return 2
		}
	case '.':
		if second == '.' {
			return 2
		}
	}
	return 1
}

// operator reads a token where an operator must come, or the expression end.
func (c *capture) operator() {
	text := c.parser.text
	at, ch := c.pos, c.peek()
	length := operatorLength(text, at)
	if end := nameEnd(text, at); end > at {
		c.operatorWord(end)
		return
	}
	switch ch {
	case '+', '-', '%', '^':
		c.take(afterOperator, 1)
	case '*':
		c.take(afterOperator, length)
	case '/':
		c.slash()
	case '=':
		if length == 1 {
			c.singleEquals()
			return
		}
		c.take(afterOperator, 2)
	case '!':
		if length == 1 {
			c.sideBySide(at + 1)
			c.prefix(1)
			return
		}
		c.take(afterOperator, 2)
	case '<', '>':
		c.comparison(length)
	case '&':
		if length == 1 {
			c.unexpected()
			c.last = afterOperator
			return
		}
		c.take(afterOperator, 2)
	case '|':
		if length == 1 {
			c.take(afterPipe, 1)
			return
		}
		c.take(afterOperator, 2)
	case '?':
		c.questionMark(length)
	case ':':
		c.colon()
	case ',':
		c.comma()
	case ';':
		c.semicolon()
	case '.':
		c.dot(length)
	case '(':
		if c.last != afterName {
			c.sideBySide(at + 1)
			c.open(group)
			return
		}
		c.open(call)
	case '[':
		c.open(index)
	case '{':
		c.braceAfterOperand()
	case ')', ']', '}':
		c.close(ch)
	case '"', '\'', '`':
		c.stringAfterOperand()
	case '#':
		if c.outside() && !c.context.template() {
			c.fail(Span{at, at + 1}, "unexpected #", "comments begin with //")
		}
		c.sideBySide(at + 1)
		c.element()
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		c.sideBySide(numberEnd(text, at))
		c.number()
	default:
		c.unexpected()
	}
}

// operatorWord reads `and`, `not in` and their like, or finds a second operand.
func (c *capture) operatorWord(end int) {
	text := c.parser.text
	at := c.pos
	word := text[at:end]
	if c.beginsSetting(end) {
		c.ended = true
		return
	}
	class := classOf(word)
	if class&wordOperator != 0 {
		c.take(afterOperator, len(word))
		return
	}
	if class == 0 && !c.quiet && c.context == inStatement && c.outside() && startsStatement(text, at, c.top().ternaries > 0) {
		c.ended = true
		return
	}
	if word == "not" {
		next := c.next(end)
		if nextEnd := nameEnd(text, next); classOf(text[next:nextEnd])&wordNegated != 0 {
			c.take(afterOperator, len(word))
			c.skip()
			if c.peek() == '\n' {
				c.nextLine()
			}
			c.take(afterOperator, nextEnd-next)
			c.lastAt = at
			return
		}
		c.sideBySide(end)
		c.prefix(len(word))
		return
	}
	if class&wordReserved != 0 && word != "true" && word != "false" && word != "nil" {
		c.keywordInside(word)
	} else {
		c.sideBySide(end)
	}
	c.take(afterName, len(word))
}

// sideBySide reports an operand, which ends at an offset, right after another.
func (c *capture) sideBySide(end int) {
	text := c.parser.text
	span := Span{c.pos, end}
	second := text[span.Start:span.End]
	switch role := c.top().role; {
	case c.last == afterText && c.end == span.Start:
		c.fail(span, fmt.Sprintf("unexpected %s directly after a string", shown(second)), `write a quote inside "…" as \"`)
	case second == "(":
		c.fail(span, "only a name can be called", "")
	case c.outside() && c.context.template():
		c.fail(span, fmt.Sprintf("unexpected %s in ${…}", shown(second)), "close the interpolation with } before it, or write an operator")
	case role == call:
		c.fail(span, fmt.Sprintf("missing comma before %s", shown(second)), "separate arguments by commas")
	case role == list || role == mapping:
		c.fail(span, fmt.Sprintf("missing comma before %s", shown(second)), "separate entries by commas")
	default:
		c.fail(span, fmt.Sprintf("missing operator before %s", shown(second)), "")
	}
}

func (c *capture) slash() {
	next := byteAt(c.parser.text, c.pos+1)
	if next == '/' || next == '*' { // skip has left it, so this is a template
		c.fail(Span{c.pos, c.pos + 2}, "no comment may stand inside ${…}", "move it out of the string")
		c.take(afterOperator, 2)
		return
	}
	c.take(afterOperator, 1)
}

func (c *capture) singleEquals() {
	hint := "use == to compare"
	if c.top().role == mapping {
		hint = "write key: value in a map"
	}
	c.fail(Span{c.pos, c.pos + 1}, "`=` cannot stand in an expression", hint)
	c.take(afterOperator, 1)
}

const parenthesise = "put the comparison in parentheses"

// comparison reads `<`, `<=`, `>`, `>=`, which inside `< >` are the closing mark
// or an error, and finds calls where none may stand.
func (c *capture) comparison(length int) {
	text := c.parser.text
	at := c.pos
	if text[at] == '<' && length == 1 && c.last == afterName && c.misplacedCall() {
		return
	}
	if c.context != inSetting || !c.outside() {
		c.take(afterOperator, length)
		return
	}
	if text[at] == '>' && length == 1 && c.closesSettings(at) {
		c.ended = true
		return
	}
	token := text[at : at+length]
	c.fail(Span{at, at + length}, fmt.Sprintf("`%s` cannot stand here, since > closes the settings", token), parenthesise)
	c.take(afterOperator, length)
}

// closesSettings tells a `>` that ends a call from one that was meant as a
// comparison: after the latter a value follows on the same line.
func (c *capture) closesSettings(at int) bool {
	text := c.parser.text
	next := skipBlanks(text, at+1)
	if end := dottedEnd(text, next); end > next {
		word := text[next:end]
		after := skipBlanks(text, end)
		return classOf(word)&wordStatement != 0 || assigns(text, after) || byteAt(text, after) == '<' || c.beginsSetting(end) || c.onlyCloser(at)
	}
	switch b := byteAt(text, next); b {
	case '(', '"', '\'', '`', '-', '[', '!', '#':
	default:
		if !isDigit(b) {
			return true
		}
	}
	return c.onlyCloser(at)
}

// onlyCloser reports whether nothing but a `>` on this line can close settings
// that it also opens.
func (c *capture) onlyCloser(at int) bool {
	text := c.parser.text
	if c.source.lineStart(at) > c.settingsOpen {
		return false
	}
	next := strings.IndexByte(text[at+1:], '>')
	return next < 0 || strings.IndexByte(text[at+1:at+1+next], '\n') >= 0
}

// misplacedCall reports a call inside an expression and reads over it.
func (c *capture) misplacedCall() bool {
	text := c.parser.text
	next := c.next(c.pos + 1)
	if byteAt(text, next) != '>' && c.top().ternaries > 0 || c.top().role == index || !settingsFollow(text, next) {
		return false
	}
	if byteAt(text, next) == '>' && next == c.pos+1 && operandFollows(text, next+1) {
		c.fail(Span{c.pos, next + 1}, "`<>` is no operator", "use != to compare")
		c.pos = next + 1
		c.took(afterOperator, next-1)
		return true
	}
	c.fail(Span{c.lastAt, c.pos + 1}, "a call cannot stand inside an expression", "assign it first: result = "+text[c.lastAt:c.end]+" < … >")
	c.skipCall()
	return true
}

// operandFollows reports whether a value stands at an offset of this line.
func operandFollows(text string, at int) bool {
	at = skipBlanks(text, at)
	end := nameEnd(text, at)
	if end > at {
		return classOf(text[at:end])&(wordStatement|wordOperator) == 0
	}
	b := byteAt(text, at)
	return isDigit(b) || b == '"' || b == '\''
}

// skipCall reads over a call's settings in the middle of an expression.
func (c *capture) skipCall() {
	at := c.lastAt
	open := c.pos
	inner := newParser(c.source)
	inner.text = c.parser.text
	inner.limits = c.limits
	inner.pos = open + 1
	inner.muted = 1
	inner.nesting = c.nesting + 1
	if inner.nesting > c.limits.Brackets {
		c.tooDeep(open, 1)
		return
	}
	inner.settings(open)
	c.pos = max(open+1, inner.pos)
	if inner.fatal {
		why := inner.diagnostics[len(inner.diagnostics)-1]
		c.giveUp(why.Span, why.Summary, why.Hint)
		return
	}
	c.took(afterClosing, at)
}

func (c *capture) questionMark(length int) {
	at := c.pos
	switch {
	case length == 1:
		top := c.top()
		top.ternaries++
		top.question = at
		c.take(afterQuestion, 1)
	case c.parser.text[at:at+2] == "??":
		c.take(afterOperator, 2)
	default:
		c.member(2)
	}
}

func (c *capture) dot(length int) {
	switch {
	case length == 2:
		c.take(afterOperator, 2)
	case isDigit(byteAt(c.parser.text, c.pos+1)):
		c.sideBySide(numberEnd(c.parser.text, c.pos))
		c.number()
	default:
		c.member(1)
	}
}

// member reads `.name` or `?.name`; after `?.` an index may stand too. Every
// word is a name here.
func (c *capture) member(length int) {
	at := c.pos
	c.take(afterOperator, length)
	c.skip()
	if c.peek() == '\n' && c.context != inTemplate && !startsStatement(c.parser.text, c.next(c.pos), false) {
		c.nextLine()
	}
	if c.fatal {
		return
	}
	if end := nameEnd(c.parser.text, c.pos); end > c.pos {
		c.take(afterName, end-c.pos)
		return
	}
	c.cutInside()
	switch ch := c.peek(); {
	case length == 2 && ch == '[':
		c.open(index)
		return
	case ch == '"' || ch == '\'' || ch == '`':
		c.fail(Span{c.pos, c.pos + 1}, "a name must follow the dot, not a string", `write ["…"] for a key that is no name`)
		c.stringLiteral()
	default:
		c.fail(Span{at, at + length}, fmt.Sprintf("a name must follow %s", shown(c.parser.text[at:at+length])), "")
	}
	c.last = afterName
}
