package lang

import (
	"fmt"
	"unicode/utf8"
)

// headRule says how the head of a statement splits into tokens.
type headRule struct {
	// trigger is the keyword or mark after which an expression begins, again
	// one after which a further one does.
	trigger, again string
	// context is where the expression stands.
	context context
	// block is set when the head ends with `{`.
	block bool
	// angle reads what stands between `<` and `>`.
	angle func(open int)
}

// headTokens reads the rest of a head into the window: to the end of the line,
// or to the `{` of the block and with it.
func (p *parser) headTokens(rule headRule) {
	for !p.fatal {
		p.skipBlanks()
		last := p.window[len(p.window)-1]
		if p.peek() == '\n' && last.Type == tokenMark && last.Value == "," {
			p.skipLines()
		}
		if last.Type != tokenExpression && p.triggered(rule) {
			p.headExpression(rule.context)
			continue
		}
		if p.done() {
			if last.Type == tokenMark && last.Value == "," {
				p.cutAtEnd()
			}
			return
		}
		switch p.peek() {
		case '\n', ';', '}':
			return
		case '{':
			if rule.block {
				p.emit(tokenMark, p.pos, p.pos+1)
				p.pos++
			}
			return
		}
		p.headToken(rule)
	}
}

// triggered reports whether the last token is one that an expression follows.
func (p *parser) triggered(rule headRule) bool {
	last := p.window[len(p.window)-1]
	if last.Type != tokenKeyword && last.Type != tokenMark {
		return false
	}
	return last.Value == rule.trigger && rule.trigger != "" || last.Value == rule.again && rule.again != ""
}

// headToken reads one token of a head, and the expression that follows it.
func (p *parser) headToken(rule headRule) {
	at := p.pos
	if word := p.word(); word != "" {
		kind := tokenName
		if p.reserved(word) {
			kind = tokenKeyword
		}
		p.emit(kind, at, at+len(word))
		p.pos += len(word)
	} else {
		switch p.peek() {
		case '"', '\'', '`':
			p.headString()
			return
		case '<':
			p.emit(tokenMark, at, at+1)
			p.pos++
			if rule.angle != nil {
				rule.angle(at)
			}
			return
		}
		_, size := utf8.DecodeRuneInString(p.text[at:])
		p.emit(tokenMark, at, at+size)
		p.pos += size
	}
	if p.triggered(rule) && rule.context == inSetting {
		p.skipBlanks()
		p.headExpression(rule.context)
	}
}

// headExpression reads an expression of a head and reports one that is missing.
func (p *parser) headExpression(where context) {
	value := p.expression(where)
	if value == nil {
		last := p.window[len(p.window)-1]
		what := fmt.Sprintf("a value is missing after `%s`", last.Value)
		switch last.Value {
		case "if", "while":
			what = fmt.Sprintf("the `%s` has no condition", last.Value)
		case "switch", "case":
			what = fmt.Sprintf("the `%s` has no value", last.Value)
		}
		p.failAt(tokenSpan(last), what, "")
		value = p.missing(p.windowEnd())
	}
	p.emitExpression(value)
}

// headString reads a string that is no part of an expression.
func (p *parser) headString() {
	at := p.pos
	p.brackets = append(p.brackets[:0], bracket{at: at})
	reader := capture{parser: p, context: inStatement, start: -1}
	literal := reader.readString()
	if p.fatal {
		return
	}
	p.literals = append(p.literals, literal)
	p.emit(tokenString, at, p.pos)
}
