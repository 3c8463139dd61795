package lang

import (
	"fmt"
	"strings"
)

// context says where an expression stands, and so what ends it.
type context uint8

const (
	// inStatement: the end of the statement.
	inStatement context = iota
	// inHead: the `{` of the block.
	inHead
	// inCase: a comma or the `{` of the block.
	inCase
	// inSetting: a comma, a line break or `>`.
	inSetting
	// inIndex: the `]` of a target.
	inIndex
	// inTemplate: the `}` of an interpolation, on the same line.
	inTemplate
	// inTextBlock: the `}` of an interpolation.
	inTextBlock
	// inWhole: the end of the text.
	inWhole
)

// spansLines reports whether line breaks mean nothing in a context.
func (c context) spansLines() bool { return c >= inIndex && c != inTemplate }

func (c context) template() bool { return c == inTemplate || c == inTextBlock }

// tokenClass is what the last token of an expression was, which decides what may
// come next: those up to afterOpening want an operand, the others an operator.
type tokenClass uint8

const (
	afterNothing tokenClass = iota
	afterOperator
	afterPrefix
	afterPipe
	afterComma
	afterColon
	afterQuestion
	afterOpening
	afterName
	afterPointer
	afterLiteral
	afterText
	afterClosing
)

// bracketRole is what a bracket is for.
type bracketRole uint8

const (
	whole bracketRole = iota // no bracket: the expression itself
	interpolation
	group
	call
	list
	index
	mapping
)

// bracket is one that is open.
type bracket struct {
	at        int
	role      bracketRole
	argument  bool // a `{` that may be the body of a predicate
	keyed     bool // the map's entry or the slice has had its `:`
	entry     int  // offset of the first token after `{` or `,`
	ternaries int  // `?` without their `:` yet
	question  int  // offset of the last of them
}

func (b *bracket) closer() byte {
	switch b.role {
	case group, call:
		return ')'
	case list, index:
		return ']'
	}
	return '}'
}

// capture reads one expression as far as its end. It keeps a stack of brackets
// and whether an operand or an operator comes next, but builds no tree. After
// its first error it goes on quietly to where the expression ends.
type capture struct {
	*parser
	context context
	base    int // the index in brackets of the expression's own entry
	last    tokenClass
	lastAt  int // where the last token begins; for `)` and its like the bracket
	start   int
	end     int
	bad     bool
	quiet   bool
	ended   bool
	sequel  bool // a `let` was read, so `;` does not end the statement

	prefixes int // `!`, `not`, `+` and `-` in a row

	comments int // where the expression's own begin in the file's list
	strings  int // where they begin on the stack
	keys     []Span
	leasts   []Span // numbers that fit only with the minus before them
}

// expression captures the expression at the place of reading and leaves what
// ended it unread. It is nil when there is none, which is for the caller to
// report.
func (p *parser) expression(where context) *Expression {
	p.brackets = p.brackets[:0]
	p.tokens = 0
	p.brackets = append(p.brackets, bracket{at: p.pos})
	c := capture{parser: p, context: where}
	return c.read()
}

func (c *capture) read() *Expression {
	c.start = -1
	c.base = len(c.brackets) - 1
	c.strings = len(c.parser.strings)
	c.comments = len(c.tree.Comments)
	for !c.fatal && !c.ended {
		c.skip()
		if c.fatal || c.pos >= len(c.parser.text) {
			break
		}
		switch {
		case c.peek() == '\n':
			c.newline()
		case c.wantsOperand():
			c.operand()
		default:
			c.operator()
		}
	}
	return c.finish()
}

// skip moves over blanks, and over comments where they are allowed.
func (c *capture) skip() {
	if !c.context.template() {
		c.skipBlanks()
		return
	}
	for c.pos < len(c.parser.text) {
		size := blank(c.parser.text, c.pos)
		if size == 0 {
			return
		}
		c.pos += size
	}
}

// next gives the offset of the next token at or after an offset.
func (c *capture) next(at int) int {
	text := c.parser.text
	if !c.context.template() {
		return skipLines(text, at)
	}
	for at < len(text) {
		size := blank(text, at)
		if size == 0 && text[at] != '\n' {
			break
		}
		at += max(size, 1)
	}
	return at
}

func (c *capture) wantsOperand() bool { return c.last <= afterOpening }

func (c *capture) top() *bracket { return &c.brackets[len(c.brackets)-1] }

// outside reports whether no bracket is open.
func (c *capture) outside() bool { return len(c.brackets) == c.base+1 }

// took records a token that ends at the place of reading.
func (c *capture) took(class tokenClass, at int) {
	if c.start < 0 {
		c.start = at
	}
	c.last, c.lastAt, c.end = class, at, c.pos
	c.tokens++
	if c.tokens > c.limits.ExpressionTokens {
		c.giveUp(Span{at, c.pos}, fmt.Sprintf("the expression has more than %d tokens", c.limits.ExpressionTokens), "split it into several statements; "+LimitHint("ExpressionTokens"))
	}
}

// take reads a token of known length.
func (c *capture) take(class tokenClass, length int) {
	at := c.pos
	c.pos += length
	c.took(class, at)
}

// fail reports the expression's first error.
func (c *capture) fail(span Span, summary, hint string) {
	if !c.quiet {
		c.failAt(span, summary, hint)
	}
	c.bad, c.quiet = true, true
}

// newline decides whether the expression goes on after a line break.
func (c *capture) newline() {
	next := skipLines(c.parser.text, c.pos)
	switch {
	case c.context == inTemplate:
		c.brokenInterpolation(next)
	case c.context == inIndex && c.linesEnd(next):
		c.unclosed()
		c.ended = true
	case c.context.spansLines() && c.outside():
		c.nextLine()
	case !c.outside():
		if !c.context.spansLines() && c.linesEnd(next) {
			c.unclosed()
			c.ended = true
			return
		}
		c.nextLine()
	case c.last == afterOperator || c.last == afterPipe || c.last == afterQuestion || c.last == afterColon:
		closing := byteAt(c.parser.text, c.lastAt) == '>' && c.end == c.lastAt+1
		if closing || next >= len(c.parser.text) || c.linesEnd(next) {
			c.ended = true
			return
		}
		c.nextLine()
	case c.wantsOperand() || !c.joins(next):
		c.ended = true
	default:
		c.nextLine()
	}
}

// linesEnd reports whether the line at an offset cannot belong to the expression
// although that is not complete: it is a new statement, or in settings the next
// key or the closing mark.
func (c *capture) linesEnd(at int) bool {
	text := c.parser.text
	top := c.top()
	if startsStatement(text, at, top.ternaries > 0) || c.startsTestStatement(at) {
		return true
	}
	if c.context != inSetting {
		return false
	}
	if byteAt(text, at) == '>' {
		after := skipBlanks(text, at+1)
		word := text[after:nameEnd(text, after)]
		following := skipLines(text, after)
		return word == "failover" || word == "catch" || following >= len(text) || text[following] == '}' ||
			text[after] == '\n' && startsStatement(text, following, false)
	}
	return top.role != mapping && top.role != index && top.ternaries == 0 && nameEnd(text, at) > at && keyFollows(text, at)
}

// brokenInterpolation reports a line break in the interpolation of a quoted
// string, and goes on when the next line clearly is its rest.
func (c *capture) brokenInterpolation(next int) {
	text := c.parser.text
	opened := c.brackets[c.base].at
	rest := text[next:lineEnd(text, next)]
	brace := strings.IndexByte(rest, '}')
	if brace < 0 || strings.ContainsAny(rest[:brace], "\"'`{:") {
		c.ended = true
		return
	}
	c.fail(Span{opened, opened + 2}, `an interpolation in "…" must end on its line`, `write the string as """…"""`)
	c.nextLine()
}

// nextLine moves to the next token.
func (c *capture) nextLine() {
	for c.peek() == '\n' && !c.fatal {
		c.pos++
		c.skip()
	}
}

// joins reports whether the token at the beginning of a line belongs to the
// expression of the line before.
func (c *capture) joins(at int) bool {
	text := c.parser.text
	next := byteAt(text, at+1)
	switch byteAt(text, at) {
	case '+', '-', '*', '/', '%', '^', '|', '?':
		return true
	case '&':
		return next == '&'
	case '=', '!':
		return next == '='
	case '<', '>':
		return next == '=' && !(c.context == inSetting && c.outside())
	case '.':
		return !isDigit(next)
	case ':':
		return c.top().ternaries > 0
	}
	end := nameEnd(text, at)
	class := classOf(text[at:end])
	if text[at:end] == "not" {
		after := skipBlanks(text, end)
		if classOf(text[after:nameEnd(text, after)])&wordNegated == 0 {
			return false
		}
	} else if class&wordOperator == 0 {
		return false
	}
	return c.context != inSetting || byteAt(text, skipBlanks(text, end)) != ':'
}

// finish checks that nothing is open and makes the expression.
func (c *capture) finish() *Expression {
	open := !c.outside()
	if open || c.last == afterOperator || c.last == afterPipe || c.last == afterQuestion || c.last == afterColon {
		c.cutInside()
	}
	switch {
	case c.start < 0:
	case c.fatal:
		c.bad = true
	case open:
		c.unclosed()
	case c.wantsOperand():
		c.fail(Span{c.lastAt, c.end}, fmt.Sprintf("the expression ends after %s", shown(c.parser.text[c.lastAt:c.end])), "")
	default:
		c.closeTernaries()
	}
	c.brackets = c.brackets[:c.base+1]
	if c.start < 0 && !c.bad {
		return nil
	}
	if c.start < 0 {
		c.start, c.end = c.pos, c.pos
	}
	span := Span{c.start, c.end}
	if c.end-c.start > c.limits.Expression {
		c.giveUp(span, fmt.Sprintf("the expression has more than %d bytes", c.limits.Expression), "split it into several statements; "+LimitHint("Expression"))
		c.bad = true
	}
	expression := c.expressions.Next()
	expression.Span, expression.Bad = span, c.bad
	if comments := c.ownComments(); comments != nil || c.keys != nil || c.leasts != nil {
		expression.rare = &rareSpans{comments: comments, wordKeys: c.keys, leastInts: c.leasts}
	}
	if own := c.parser.strings[c.strings:]; len(own) > 0 {
		expression.Strings = c.literalLists.Some(len(own))
		copy(expression.Strings, own)
		c.parser.strings = c.parser.strings[:c.strings]
	}
	if c.recorder != nil && c.recorder.expressions != nil {
		c.recorder.expressions[c.start] = expression
	}
	return expression
}

// ownComments gives the comments between the first token and the last.
func (c *capture) ownComments() []Span {
	var spans []Span
	for _, comment := range c.tree.Comments[c.comments:] {
		if comment.Span.Start > c.start && comment.Span.End <= c.end {
			spans = append(spans, comment.Span)
		}
	}
	return spans
}

// unclosed reports the innermost bracket that is open.
func (c *capture) unclosed() {
	if c.outside() {
		return
	}
	at := c.top().at
	c.fail(Span{at, at + 1}, fmt.Sprintf("the %c is never closed", c.parser.text[at]), "")
	c.brackets = c.brackets[:c.base+1]
	c.last, c.lastAt = afterClosing, at
}

// closeTernaries reports a `?` that lacks its `:` in the innermost bracket.
func (c *capture) closeTernaries() {
	top := c.top()
	if top.ternaries > 0 {
		c.fail(Span{top.question, top.question + 1}, "this ? has no :", "write condition ? value : other")
		top.ternaries = 0
	}
}
