package lang

import (
	"fmt"
	"strings"
)

// wrongHead tells why the window does not fit the head of a statement: token
// number wrong is not what must stand there. A head whose expression is in error
// was told about already.
func (p *parser) wrongHead(wrong int, word, hint string) {
	for _, expression := range p.captured[p.taken:] {
		if expression.Bad {
			return
		}
	}
	if p.angleOpen || p.fatal {
		return
	}
	if wrong >= len(p.window) {
		p.headTooShort(word, hint)
		return
	}
	token := p.window[wrong]
	span := tokenSpan(token)
	if token.Type == tokenKeyword && p.namesFollow(wrong-1) {
		p.refuseKeyword(span, namedBy(word, wrong))
		return
	}
	if token.Value == "" {
		p.failAt(span, "unexpected end of the line", hint)
		return
	}
	p.failAt(span, fmt.Sprintf("unexpected %s in the head of `%s`", shown(token.Value), word), hint)
}

// namesFollow reports whether a name must stand after a token of the window.
func (p *parser) namesFollow(index int) bool {
	token := p.window[index]
	if token.Type == tokenSeparator {
		return true
	}
	switch token.Value {
	case "for", "input", "function", "goto", "catch", ",", "<":
		return true
	}
	return false
}

// namedBy says what a token in the head of a statement names.
func namedBy(word string, index int) string {
	switch {
	case word == "input":
		return "an input"
	case word == "function" && index == 1:
		return "a function"
	case word == "function":
		return "a parameter"
	case word == "goto":
		return "a label"
	}
	return "a variable"
}

// headTooShort reports a head that lacks something at its end.
func (p *parser) headTooShort(word, hint string) {
	end := p.windowEnd()
	last := p.window[len(p.window)-1]
	place := Span{end, end}
	switch word {
	case "goto":
		p.failAt(tokenSpan(last), "`goto` needs the name of a label", hint)
		return
	case "input", "flow", "return":
		p.failAt(tokenSpan(last), fmt.Sprintf("the head of `%s` is not complete", word), hint)
		return
	case "for":
		if last.Type != tokenExpression {
			p.failAt(tokenSpan(last), "the head of `for` is not complete", hint)
			return
		}
	case "function":
		if last.Value != ">" {
			p.failAt(tokenSpan(last), "the head of `function` is not complete", hint)
			return
		}
	}
	if next := skipLines(p.text, p.pos); byteAt(p.text, next) == '{' && next < len(p.text) {
		p.skipLines()
		p.failAt(Span{next, next + 1}, fmt.Sprintf("the { must stand on the line of its `%s`", word), "")
		p.emit(tokenMark, next, next+1)
		p.pos++
		return
	}
	p.failAt(place, fmt.Sprintf("the block of `%s` is missing its {", word), hint)
}

// misplacedKeyword reports a keyword that begins no statement here and reads
// over what belongs to it, its block included.
func (p *parser) misplacedKeyword(word string) {
	start := p.pos
	span := Span{start, start + len(word)}
	rule := headRule{block: true}
	switch word {
	case "else":
		p.failAt(span, "this `else` has no `if`", "")
		rule.again, rule.context = "if", inHead
	case "case":
		p.failAt(span, "a `case` stands only in a `switch`", "")
		rule = headRule{trigger: "case", again: ",", context: inCase, block: true}
	case "default":
		p.failAt(span, "a `default` stands only in a `switch`", "")
	case "failover", "catch":
		p.failAt(span, fmt.Sprintf("this `%s` follows no call", word), "it stands after the > of a call")
	default:
		p.noStatement()
		return
	}
	p.openWindow()
	p.emit(tokenKeyword, span.Start, span.End)
	p.pos = span.End
	p.muted++
	p.headTokens(rule)
	p.muted--
	if p.headOpened() {
		p.block(start, true)
		return
	}
	p.skipStatement()
}

// noStatement reports something that is no statement and reads over it.
func (p *parser) noStatement() {
	start := p.pos
	if p.meantKeyword() {
		return
	}
	if !p.listening(Error) && p.peek() != '{' {
		p.skipStatement()
		return
	}
	switch p.peek() {
	case '{':
		p.failAt(Span{start, start + 1}, "a block stands only after a head such as `if`", "")
		p.pos++
		p.block(start, true)
		return
	case '#':
		p.failAt(Span{start, start + 1}, "a statement cannot begin with #", "comments begin with //")
		p.pos = lineEnd(p.text, start)
		return
	}
	p.muted++
	stray := p.expression(inStatement)
	p.muted--
	if stray == nil || stray.Span.Start != start || nameEnd(p.text, start) == start && !isDigit(p.text[start]) && strings.IndexByte("\"'`([", p.text[start]) < 0 {
		span, summary, hint := unexpectedCharacter(p.text, start)
		if span.End == start+1 && p.text[start] > ' ' && hint == "" {
			summary = fmt.Sprintf("a statement cannot begin with `%c`", p.text[start])
		}
		p.failAt(span, summary, hint)
		p.pos = max(p.pos, span.End)
		p.skipStatement()
		return
	}
	span := Span{start, min(stray.Span.End, lineEnd(p.text, start))}
	p.failAt(span, "this is no statement", p.strayHint(start))
	p.skipStatement()
}

// strayHint says what an expression that stands as a statement was meant to be.
func (p *parser) strayHint(start int) string {
	end := dottedEnd(p.text, start)
	name := p.text[start:end]
	next := skipBlanks(p.text, end)
	rest := p.text[next:]
	switch {
	case name == "global":
		return "write global name = value"
	case name == "" || p.reserved(name):
	case strings.HasPrefix(rest, "=="):
		return "use = to assign"
	case rest == "" || rest[0] == '\n' || rest[0] == ';' || rest[0] == '}':
		return fmt.Sprintf("to call it write %s < >", name)
	case rest[0] == '(':
		return fmt.Sprintf("call a component as %s < key: value >; the value of a function must be assigned", name)
	case rest[0] == '"' || rest[0] == '\'' || rest[0] == '{' || keyFollows(p.text, next):
		return fmt.Sprintf("settings stand in < >: %s < key: value >", name)
	default:
		if hint := updateHint(p.text[start:lineEnd(p.text, start)]); hint != "" {
			return hint
		}
	}
	return "assign the value: result = …"
}

// updateHint says how to write `x += 1`, `x++` and `a?.b = 1`.
func updateHint(line string) string {
	at := strings.IndexAny(line, "+-*/=")
	if at < 0 || strings.ContainsAny(line[:at], "(<") {
		return ""
	}
	target := strings.TrimSpace(line[:at])
	switch operation := line[at:min(at+2, len(line))]; {
	case operation == "++", operation == "--":
		return fmt.Sprintf("write %s = %s %c 1", target, target, operation[0])
	case strings.HasSuffix(operation, "=") && operation[0] != '=':
		return fmt.Sprintf("write %s = %s %c …", target, target, operation[0])
	case operation[0] == '=' && strings.Contains(target, "?."):
		return fmt.Sprintf("write %s = …", strings.ReplaceAll(target, "?.", "."))
	}
	return ""
}
