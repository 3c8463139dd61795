package lang

import (
	"fmt"
	"strings"
)

// statements reads statements onto the stack, where those of the block begin at base,
// up to the end of the text or a `}`, which it leaves unread.
func (p *parser) statements(base int) {
	for {
		p.skipLines()
		switch {
		case p.done() || p.peek() == '}':
			return
		case p.peek() == ';':
			p.mark(p.pos, p.pos+1)
			p.pos++
			continue
		case p.blockNeverClosed(), p.looseCase && p.caseBegins():
			return
		}
		start := p.pos
		statement := p.statement(len(p.open) == base)
		if statement != nil {
			p.open = append(p.open, statement)
		}
		if p.pos == start && !p.fatal { // never: a statement reads something
			p.pos = wordEnd(p.text, start)
		}
		if _, label := statement.(*Label); !label {
			p.endStatement()
		}
	}
}

// statement reads one statement; nil when nothing of it is worth keeping.
func (p *parser) statement(first bool) Statement {
	word := p.word()
	if word == "" {
		p.noStatement()
		return nil
	}
	if p.mockFollows(p.pos) {
		return p.mock()
	}
	if !p.reserved(word) {
		return p.named()
	}
	if p.keywordAsName(word) {
		return p.named()
	}
	switch word {
	case "flow":
		p.header(first)
		return nil
	case "input":
		return orNil(p.input())
	case "function":
		return orNil(p.function())
	case "if":
		return p.ifStatement()
	case "switch":
		return p.switchStatement()
	case "while":
		return p.whileStatement()
	case "for":
		return orNil(p.forStatement())
	case "return":
		return p.returnStatement()
	case "goto":
		return orNil(p.gotoStatement())
	case "global":
		return p.named()
	case "break":
		return &Break{Span: p.keyword(word)}
	case "continue":
		return &Continue{Span: p.keyword(word)}
	case "stop":
		return &Stop{Span: p.keyword(word)}
	case "test", "run", "expect":
		return p.testStatement(word)
	}
	p.misplacedKeyword(word)
	return nil
}

// orNil turns a nil pointer into a nil statement.
func orNil[S any, P interface {
	*S
	Statement
}](statement P) Statement {
	if statement == nil {
		return nil
	}
	return statement
}

// keyword reads a keyword.
func (p *parser) keyword(word string) Span {
	span := Span{p.pos, p.pos + len(word)}
	p.note(tokenKeyword, span.Start, span.End)
	p.pos = span.End
	return span
}

// keywordAsName reports a keyword where a label, a variable or a component is
// named, and tells whether it is one.
func (p *parser) keywordAsName(word string) bool {
	after := skipBlanks(p.text, p.pos+len(word))
	span := Span{p.pos, p.pos + len(word)}
	switch {
	case byteAt(p.text, after) == ':' && word != "default":
		p.refuseKeyword(span, "a label")
	case assigns(p.text, after):
		p.refuseKeyword(span, "a variable")
	case byteAt(p.text, after) == '<' && word != "flow" && word != "run" && settingsFollow(p.text, after+1):
		p.refuseKeyword(span, "a component")
	default:
		return false
	}
	return true
}

// refuseKeyword reports a keyword that is used as a name and suggests another.
func (p *parser) refuseKeyword(span Span, what string) {
	word := p.text[span.Start:span.End]
	other := word + "Value"
	switch what {
	case "a label":
		other = word + "Step"
	case "a component", "a function":
		other = "do" + strings.ToUpper(word[:1]) + word[1:]
	}
	p.failAt(span, fmt.Sprintf("`%s` is a keyword and cannot name %s", word, what), "choose another name, such as "+other)
}

// named reads what begins with a name: a label, an assignment or a call.
func (p *parser) named() Statement {
	start := p.pos
	if label := p.label(); label != nil {
		return label
	}
	if component := dottedEnd(p.text, p.pos); byteAt(p.text, skipBlanks(p.text, component)) == '<' && p.word() != "global" {
		return p.call(start, nil)
	}
	reported, comments := len(p.diagnostics), len(p.tree.Comments)
	target := p.target()
	switch {
	case p.fatal:
		return nil
	case target == nil && len(p.diagnostics) > reported:
		p.skipStatement()
		return nil
	case target == nil:
		p.pos, p.tree.Comments = start, p.tree.Comments[:comments]
		p.noStatement()
		return nil
	}
	equals := p.pos
	p.mark(equals, equals+1)
	p.pos++
	p.skipBlanks()
	if p.runFollows() {
		return orNil(p.run(start, target))
	}
	if component := dottedEnd(p.text, p.pos); component > p.pos {
		open := skipBlanks(p.text, component)
		unequal := byteAt(p.text, open+1) == '>' && operandFollows(p.text, open+2)
		if byteAt(p.text, open) == '<' && settingsFollow(p.text, open+1) && !unequal {
			return p.call(start, target)
		}
	}
	value := p.expression(inStatement)
	if value == nil {
		name := p.text[target.Span.Start:target.Span.End]
		p.failAt(Span{equals, equals + 1}, fmt.Sprintf("%s has no value", shown(name+" =")), "write the value on this line")
		value = p.missing(equals + 1)
	}
	p.note(tokenExpression, value.Span.Start, value.Span.End)
	assign := p.assignments.Next()
	assign.Span, assign.Target, assign.Value = Span{start, value.Span.End}, target, value
	return assign
}

// missing stands for an expression that a diagnostic has called missing.
func (p *parser) missing(at int) *Expression {
	return &Expression{Span: Span{at, at}, Bad: true}
}

// label reads `name:`; nil when something else stands there.
func (p *parser) label() *Label {
	start := p.pos
	end := nameEnd(p.text, start)
	colon := skipBlanks(p.text, end)
	if byteAt(p.text, colon) != ':' || assigns(p.text, colon+1) {
		return nil
	}
	p.note(tokenName, start, end)
	p.mark(colon, colon+1)
	p.pos = end
	p.skipBlanks()
	p.pos = colon + 1
	return &Label{Span: Span{start, colon + 1}, Name: Name{Span: Span{start, end}, Text: p.text[start:end]}}
}

// endStatement checks that a statement ends where it was read to.
func (p *parser) endStatement() {
	p.skipBlanks()
	if p.done() {
		return
	}
	switch p.peek() {
	case '\n', ';', '}':
		return
	}
	if p.standsAlone(p.pos) { // an error has let the line break be read
		return
	}
	if p.meantLater() {
		return
	}
	end := wordEnd(p.text, p.pos)
	p.failAt(Span{p.pos, end}, fmt.Sprintf("unexpected %s after the statement", shown(p.text[p.pos:end])), "statements end at the line's end or at ;")
	p.skipStatement()
}

// skipStatement reads quietly to the end of a statement that is in error.
func (p *parser) skipStatement() {
	p.muted++
	fatal := p.fatal
	for !p.done() {
		start := p.pos
		p.expression(inStatement)
		if p.done() || p.peek() == '\n' || p.peek() == ';' || p.peek() == '}' || p.pos == start {
			break
		}
	}
	p.muted--
	p.fatal = fatal || p.fatal
}
