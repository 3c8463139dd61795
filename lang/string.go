package lang

import (
	"fmt"
	"strings"
)

// stringReader reads one string literal.
type stringReader struct {
	*capture
	at    int
	kind  StringKind
	parts int // where its parts begin on the stack

	textStart int  // of the piece of text being read
	escaped   bool // the piece is in scratch, not just in the source
	copied    int  // up to where scratch holds it
}

// stringLiteral reads a string where a value must begin.
func (c *capture) stringLiteral() {
	at := c.pos
	if literal := c.readString(); literal != nil {
		c.parser.strings = append(c.parser.strings, literal)
	}
	if !c.fatal {
		c.took(afterText, at)
	}
}

// stringAfterOperand reads a string where an operator must come.
func (c *capture) stringAfterOperand() {
	at := c.pos
	if c.context == inTemplate && c.peek() == '"' {
		opened := c.top().at
		rest := c.parser.text[at+1:]
		quote := strings.IndexByte(rest, '"')
		switch {
		case c.outside():
			c.fail(Span{opened, opened + 2}, "the ${ is never closed", "add } where the expression ends")
			c.ended = true
			return
		case quote < 0 || strings.IndexByte(rest[:quote], '\n') >= 0:
			c.unclosed()
			c.ended = true
			return
		}
	}
	span := Span{at, at + 1}
	switch {
	case c.end == at && c.last == afterName:
		c.fail(span, fmt.Sprintf("a string cannot stand directly after %s", shown(c.parser.text[c.lastAt:c.end])), "")
	case c.end == at && c.last == afterText:
		c.fail(span, "a string cannot stand directly after another", `join strings with +; write a quote inside "…" as \"`)
	case c.top().role == list || c.top().role == mapping || c.top().role == call:
		c.fail(span, "missing comma before this string", "")
	default:
		c.fail(span, "missing operator before this string", `join values with +, or write "…${value}…"`)
	}
	c.stringLiteral()
}

// readString reads the string literal at the place of reading.
func (c *capture) readString() *StringLiteral {
	source := c.parser.text
	r := stringReader{capture: c, at: c.pos, parts: len(c.parser.parts)}
	switch {
	case source[c.pos] == '`':
		r.kind = Raw
		r.readRaw()
	case source[c.pos] == '\'':
		r.kind = Single
		r.readSingle()
	case strings.HasPrefix(source[c.pos:], `"""`):
		r.kind = TextBlock
		r.readTextBlock()
	default:
		r.kind = Quoted
		r.readQuoted()
	}
	if c.fatal {
		return nil
	}
	literal := c.texts.Next()
	literal.Span, literal.Kind = Span{r.at, c.pos}, r.kind
	if own := c.parser.parts[r.parts:]; len(own) > 0 {
		literal.Parts = c.partLists.Some(len(own))
		copy(literal.Parts, own)
		c.parser.parts = c.parser.parts[:r.parts]
	}
	return literal
}

// begin starts a piece of text at the place of reading.
func (r *stringReader) begin() {
	r.textStart, r.copied, r.escaped = r.pos, r.pos, false
	r.scratch = r.scratch[:0]
}

// replace says that the source between two offsets stands for other text.
func (r *stringReader) replace(start, end int, with string) {
	r.scratch = append(r.scratch, r.parser.text[r.copied:start]...)
	r.scratch = append(r.scratch, with...)
	r.copied = end
	r.escaped = true
}

// finishText ends the piece of text and keeps it unless it is empty.
func (r *stringReader) finishText(end int) {
	value := r.parser.text[r.textStart:end]
	if r.escaped {
		r.scratch = append(r.scratch, r.parser.text[r.copied:end]...)
		value = string(r.scratch)
	}
	if value != "" {
		r.parser.parts = append(r.parser.parts, StringPart{Span: Span{r.textStart, end}, Text: value})
	}
}

func (r *stringReader) readRaw() {
	r.pos++
	r.begin()
	length := strings.IndexByte(r.parser.text[r.pos:], '`')
	if length < 0 {
		r.cut = true
		r.giveUp(Span{r.at, r.at + 1}, "the string is never closed", "add ` where it ends")
		return
	}
	r.pos += length
	r.finishText(r.pos)
	r.pos++
}

func (r *stringReader) readSingle() {
	r.pos++
	r.begin()
	for {
		switch r.peek() {
		case '\'':
			r.finishText(r.pos)
			r.pos++
			return
		case '\\':
			if next := byteAt(r.parser.text, r.pos+1); next == '\'' || next == '\\' {
				r.replace(r.pos, r.pos+2, string(next))
				r.pos++
			}
		case '\n', 0:
			if r.pos >= len(r.parser.text) || r.peek() == '\n' {
				r.neverClosed('\'')
				return
			}
		}
		r.pos++
	}
}

// neverClosed reports a string that lacks its quote on its line.
func (r *stringReader) neverClosed(quote byte) {
	r.fail(Span{r.at, r.pos}, "the string is never closed", fmt.Sprintf("add %c where it ends", quote))
	r.finishText(r.pos)
}

func (r *stringReader) readQuoted() {
	r.pos++
	r.begin()
	for {
		switch r.peek() {
		case '"':
			r.finishText(r.pos)
			r.pos++
			return
		case '\\':
			r.escape()
			continue
		case '$':
			if byteAt(r.parser.text, r.pos+1) == '{' {
				r.finishText(r.pos)
				r.interpolate(inTemplate)
				if r.fatal {
					return
				}
				r.begin()
				continue
			}
		case '\n', 0:
			if r.pos >= len(r.parser.text) || r.peek() == '\n' {
				r.neverClosed('"')
				return
			}
		}
		r.pos++
	}
}

// interpolate reads `${expression}`.
func (r *stringReader) interpolate(where context) {
	at := r.pos
	if !r.push(bracket{at: at, role: interpolation}) {
		return
	}
	r.pos += 2
	inner := capture{parser: r.parser, context: where, quiet: r.quiet}
	expression := inner.read()
	if r.fatal {
		return
	}
	r.brackets = r.brackets[:len(r.brackets)-1]
	r.quiet = r.quiet || inner.quiet
	r.bad = r.bad || inner.bad
	closed := r.peek() == '}' && r.pos < len(r.parser.text)
	if !closed {
		r.fail(Span{at, at + 2}, "the ${ is never closed", "add } where the expression ends")
		return
	}
	r.pos++
	if expression == nil {
		r.fail(Span{at, r.pos}, "the ${} is empty", `write the value's name in it; a literal ${ is \${`)
		return
	}
	r.parser.parts = append(r.parser.parts, StringPart{Span: Span{at, r.pos}, Expression: expression})
}
