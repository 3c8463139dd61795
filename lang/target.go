package lang

// target reads what an assignment writes, up to its `=`, which it leaves
// unread; nil when no `=` follows.
func (p *parser) target() *Target {
	target := p.targets.Next()
	*target = Target{Span: Span{p.pos, p.pos}}
	if p.word() == "global" && !assigns(p.text, skipBlanks(p.text, p.pos+len("global"))) {
		p.keyword("global")
		target.Global = true
		p.skipBlanks()
		if word := p.word(); word != "" && p.reserved(word) {
			p.refuseKeyword(Span{p.pos, p.pos + len(word)}, "a variable")
		}
	}
	start := p.pos
	end := nameEnd(p.text, start)
	if end == start {
		return nil
	}
	target.Name = Name{Span: Span{start, end}, Text: p.text[start:end]}
	p.note(tokenName, start, end)
	p.pos = end
	target.Span.End = end
	for {
		p.skipBlanks()
		switch p.peek() {
		case '=':
			if !assigns(p.text, p.pos) {
				return nil
			}
			return target
		case ':':
			if !assigns(p.text, p.pos+1) {
				return nil
			}
			p.failAt(Span{p.pos, p.pos + 2}, "`:=` is no assignment", "write =")
			p.pos++
			return target
		case '.':
			if !p.namedStep(target) {
				return nil
			}
		case '[':
			if !p.indexStep(target) {
				return nil
			}
		default:
			return nil
		}
	}
}

// namedStep reads `.name` of a target.
func (p *parser) namedStep(target *Target) bool {
	dot := p.pos
	p.pos++
	p.skipBlanks()
	end := nameEnd(p.text, p.pos)
	if end == p.pos {
		return false
	}
	p.mark(dot, dot+1)
	p.note(tokenName, p.pos, end)
	target.Path = append(target.Path, PathStep{Span: Span{dot, end}, Name: p.text[p.pos:end]})
	target.Span.End = end
	p.pos = end
	return true
}

// indexStep reads `[expression]` of a target.
func (p *parser) indexStep(target *Target) bool {
	open := p.pos
	p.pos++
	p.skipLines()
	value := p.expression(inIndex)
	if p.fatal {
		return false
	}
	if p.peek() != ']' {
		p.cutAtEnd()
		if value == nil || !value.Bad {
			p.failAt(Span{open, open + 1}, "the [ is never closed", "")
		}
		return false
	}
	if value == nil {
		p.failAt(Span{open, p.pos + 1}, "there is no index in the brackets", "")
		value = p.missing(p.pos)
	}
	p.pos++
	p.mark(open, open+1)
	p.note(tokenExpression, value.Span.Start, value.Span.End)
	p.mark(p.pos-1, p.pos)
	target.Path = append(target.Path, PathStep{Span: Span{open, p.pos}, Index: value})
	target.Span.End = p.pos
	return true
}
