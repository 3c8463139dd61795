package lang

func (p *parser) switchStatement() Statement {
	start := p.pos
	statement := &Switch{Subject: p.condition("switch")}
	p.switchBody(statement, start)
	statement.Span = Span{start, p.pos}
	return statement
}

// switchBody reads the cases between the braces of a switch.
func (p *parser) switchBody(statement *Switch, head int) {
	opened := p.headOpened()
	if !opened {
		p.bracesAstray = true
	}
	brace := p.pos - 1
	var room [8]*Case
	cases := room[:0]
	defer func() { statement.Cases = append([]*Case(nil), cases...) }()
	if len(p.blocks) >= p.limits.Blocks {
		p.block(head, opened)
		return
	}
	p.blocks = append(p.blocks, openBlock{brace: brace, indent: p.indentOf(head)})
	stray := false
	for {
		p.skipLines()
		if p.done() || p.peek() == '}' || p.blockNeverClosed() {
			break
		}
		switch word := p.word(); {
		case word == "case":
			cases = append(cases, p.switchCase(statement.Default != nil))
		case word == "default":
			p.switchDefault(statement)
		case p.peek() == ';':
			p.pos++
		default:
			if !stray {
				stray = true
				p.failAt(Span{p.pos, wordEnd(p.text, p.pos)}, "a switch holds only `case` and `default`", "write case value { … }")
			}
			p.skipStrayStatement()
		}
	}
	closed := p.blocks[len(p.blocks)-1]
	p.blocks = p.blocks[:len(p.blocks)-1]
	if !p.done() && p.peek() == '}' {
		p.mark(p.pos, p.pos+1)
		p.pos++
		return
	}
	if opened {
		p.cutAtEnd()
	}
	p.neverClosed(closed)
}

// skipStrayStatement reads over a statement that stands between cases.
func (p *parser) skipStrayStatement() {
	p.muted++
	start := p.pos
	p.statement(false)
	p.endStatement()
	p.muted--
	if p.pos == start {
		p.pos = wordEnd(p.text, start)
	}
}

func (p *parser) switchCase(late bool) *Case {
	start := p.pos
	p.openWindow()
	p.emit(tokenKeyword, start, start+len("case"))
	p.pos = p.windowEnd()
	if late {
		p.failAt(tokenSpan(p.window[0]), "the default of a switch comes last", "move this case in front of it")
	}
	p.headTokens(headRule{trigger: "case", again: ",", context: inCase, block: true})
	head, wrong, ok := parseInto(p, p.heads.freshCase(), caseParser)
	if !ok {
		p.wrongHead(wrong, "case", "write case value { … }")
	}
	statement := p.cases.Next()
	statement.Values = p.valueLists.Some(len(head.Values))[:0]
	for _, found := range head.Values {
		if value := p.expressionOf(found.Token); value != nil {
			statement.Values = append(statement.Values, value)
		}
	}
	statement.Body = p.caseBlock(start)
	statement.Span = Span{start, statement.Body.Span.End}
	return statement
}

func (p *parser) switchDefault(statement *Switch) {
	if statement.Default != nil {
		p.failAt(Span{p.pos, p.pos + len("default")}, "a switch has one default", "")
	}
	start := p.pos
	p.plainHead("default")
	body := p.caseBlock(start)
	if statement.Default == nil {
		statement.Default = body
	}
}

// caseBlock reads the block of a case. Without its `{`, as other languages write
// cases, it goes up to the next case.
func (p *parser) caseBlock(head int) *Block {
	if p.headOpened() {
		return p.block(head, true)
	}
	loose := p.looseCase
	p.looseCase = true
	body := p.body(p.pos)
	p.looseCase = loose
	body.Span.End = p.pos
	return body
}

// caseBegins reports whether the next case of a switch stands here.
func (p *parser) caseBegins() bool {
	word := p.word()
	return word == "case" || word == "default"
}
