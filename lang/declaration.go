package lang

import (
	"fmt"

	"github.com/alecthomas/participle/v2/lexer"
)

// header reads `flow [TYPE] ["name"] [< settings >]`.
func (p *parser) header(first bool) {
	start := p.pos
	switch {
	case p.tree.Header != nil:
		p.failAt(Span{start, start + len("flow")}, "a file has one flow header", "remove this one")
	case !first || len(p.blocks) > 0:
		p.failAt(Span{start, start + len("flow")}, "the flow header comes before all statements", "move it to the top of the file")
	}
	p.openWindow()
	p.emit(tokenKeyword, start, start+len("flow"))
	p.pos = p.windowEnd()
	p.headTokens(headRule{angle: p.settings})
	head, wrong, ok := parseHead(p, flowParser)
	if !ok && !(wrong == len(p.window) && head.Settings != nil) {
		p.wrongHead(wrong, "flow", `write flow service "name" < … >`)
	}
	header := &Header{Span: Span{start, p.windowEnd()}, Type: optionalName(head.Type)}
	if head.Name.Type == tokenString {
		header.Name = p.plainString(head.Name, "the name of a flow")
	}
	if head.Settings != nil {
		header.Settings = p.settingsOf(head.Settings.Settings)
	}
	if p.tree.Header == nil {
		p.tree.Header = header
	}
}

// plainString finds the string of a token, which interpolates nothing; nil for a
// token that is absent.
func (p *parser) plainString(token lexer.Token, what string) *StringLiteral {
	if token.Type != tokenString {
		return nil
	}
	for _, literal := range p.literals {
		if literal.Span.Start == token.Pos.Offset {
			if literal.Template() {
				p.failAt(literal.Span, what+" is a plain string", "remove the ${…}")
			}
			return literal
		}
	}
	return nil
}

// onlyAtFileLevel reports a declaration inside a block.
func (p *parser) onlyAtFileLevel(what string) {
	if len(p.blocks) > 0 {
		word := p.word()
		p.failAt(Span{p.pos, p.pos + len(word)}, fmt.Sprintf("%s stands at file level only", what), "move it out of the block")
	}
}

// typedInput is an input with room for its type.
type typedInput struct {
	Input
	typ Name
}

func (p *parser) input() *Input {
	start := p.pos
	p.onlyAtFileLevel("an input")
	p.openWindow()
	p.emit(tokenKeyword, start, start+len("input"))
	p.pos = p.windowEnd()
	p.headTokens(headRule{trigger: "=", context: inStatement})
	head, wrong, ok := parseInto(p, fresh(&p.heads.input), inputParser)
	if !ok {
		p.wrongHead(wrong, "input", "write input name: type = value")
	}
	if head.Name.Type != tokenName {
		return nil
	}
	made := p.inputs.Next()
	made.Input = Input{Span: Span{start, p.windowEnd()}, Name: nameOf(head.Name), Default: p.expressionOf(head.Default)}
	if head.Type.Type == tokenName {
		made.typ = nameOf(head.Type)
		made.Type = &made.typ
	}
	return &made.Input
}

func (p *parser) function() *Function {
	start := p.pos
	p.onlyAtFileLevel("a function")
	p.openWindow()
	p.emit(tokenKeyword, start, start+len("function"))
	p.pos = p.windowEnd()
	p.headTokens(headRule{angle: p.parameters, block: true})
	head, wrong, ok := parseHead(p, functionParser)
	if !ok {
		p.wrongHead(wrong, "function", "write function name < parameters > { … }")
	}
	statement := &Function{Name: nameOf(head.Name)}
	for _, parameter := range head.Parameters.parameters {
		statement.Parameters = append(statement.Parameters, p.parameterOf(parameter))
	}
	statement.Body = p.block(start, p.headOpened())
	statement.Span = Span{start, statement.Body.Span.End}
	if statement.Name.Text == "" {
		return nil
	}
	return statement
}

func (p *parser) parameterOf(tokens parameterTokens) *Parameter {
	parameter := &Parameter{
		Span:    tokenSpan(tokens.name),
		Name:    nameOf(tokens.name),
		Type:    optionalName(tokens.kind),
		Default: p.expressionOf(tokens.value),
	}
	if parameter.Type != nil {
		parameter.Span.End = parameter.Type.Span.End
	}
	if parameter.Default != nil {
		parameter.Span.End = parameter.Default.Span.End
	}
	return parameter
}

// parameters reads parameters and the `>` that ends them.
func (p *parser) parameters(open int) {
	pending := false
	for {
		p.skipBlanks()
		next := skipLines(p.text, p.pos)
		if p.peek() == '\n' && classOf(p.text[next:nameEnd(p.text, next)])&wordStatement != 0 {
			p.parametersNeverClosed(open)
			return
		}
		crossed := p.skipLines()
		if p.done() || p.peek() == '}' || p.peek() == '{' {
			p.cutAtEnd()
			p.parametersNeverClosed(open)
			return
		}
		at := p.pos
		switch p.peek() {
		case '>':
			p.emit(tokenMark, at, at+1)
			p.pos++
			return
		case ',':
			if pending || p.window[len(p.window)-1].Pos.Offset == open {
				p.failAt(Span{at, at + 1}, "there is no parameter before this comma", "remove it")
			}
			pending = true
			p.pos++
			continue
		}
		if (pending || crossed) && p.window[len(p.window)-1].Pos.Offset != open {
			p.window = append(p.window, p.token(tokenSeparator, at, at))
		}
		pending = false
		p.headToken(headRule{trigger: "=", context: inSetting})
	}
}

func (p *parser) parametersNeverClosed(open int) {
	p.angleOpen = true
	p.failAt(Span{open, open + 1}, "the < is never closed", "add > after the last parameter")
}

func (p *parser) gotoStatement() *Goto {
	start := p.pos
	p.openWindow()
	p.emit(tokenKeyword, start, start+len("goto"))
	p.pos = p.windowEnd()
	p.headTokens(headRule{})
	head, wrong, ok := parseHead(p, gotoParser)
	if !ok {
		p.wrongHead(wrong, "goto", "write goto label")
	}
	if head.Label.Type != tokenName {
		return nil
	}
	return &Goto{Span: Span{start, tokenSpan(head.Label).End}, Label: nameOf(head.Label)}
}

func (p *parser) returnStatement() Statement {
	start := p.pos
	p.openWindow()
	p.emit(tokenKeyword, start, start+len("return"))
	p.pos = p.windowEnd()
	p.skipBlanks()
	if value := p.expression(inStatement); value != nil {
		p.emitExpression(value)
	}
	head, wrong, ok := parseInto(p, fresh(&p.heads.returned), returnParser)
	if !ok {
		p.wrongHead(wrong, "return", "write return value")
	}
	return &Return{Span: Span{start, p.windowEnd()}, Value: p.expressionOf(head.Value)}
}
