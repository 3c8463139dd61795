package lang

import (
	"fmt"
	"slices"
)

// block reads the block of a head that was read up to and with its `{`. When the
// head has no `{` a block is read all the same, since its `}` will come.
func (p *parser) block(head int, opened bool) *Block {
	brace := p.pos
	if opened {
		brace--
	} else {
		p.bracesAstray = true
	}
	if len(p.blocks) >= p.limits.Blocks {
		p.giveUp(Span{brace, brace + 1}, fmt.Sprintf("blocks are nested deeper than %d", p.limits.Blocks), "move some into a function; "+LimitHint("Blocks"))
		return &Block{Span: Span{brace, brace}}
	}
	loose := p.looseCase
	p.looseCase = false
	p.blocks = append(p.blocks, openBlock{brace: brace, indent: p.indentOf(head)})
	body := p.body(brace)
	p.looseCase = loose
	innermost := len(p.blocks) - 1
	closed := p.blocks[innermost]
	p.blocks = p.blocks[:innermost]
	if !p.done() && p.peek() == '}' {
		if p.suspect == nil && opened && p.standsAlone(p.pos) && p.indentOf(p.pos) < closed.indent {
			p.suspect = &closed
		}
		p.mark(p.pos, p.pos+1)
		p.pos++
	} else {
		if opened {
			p.cutAtEnd()
		}
		p.neverClosed(closed)
	}
	body.Span.End = p.pos
	return body
}

// body reads the statements of a block that begins at an offset.
func (p *parser) body(start int) *Block {
	base := len(p.open)
	p.statements(base)
	body := p.bodies.Next()
	body.Span.Start, body.Statements = start, p.takeStatements(base)
	return body
}

// deepestIndent is how many blanks count at the beginning of a line.
const deepestIndent = 500

// indentOf gives the number of blanks before the first token of a line.
func (p *parser) indentOf(at int) int {
	start := p.source.lineStart(at)
	end := start
	for end < len(p.text) && end < start+deepestIndent && (p.text[end] == ' ' || p.text[end] == '\t') {
		end++
	}
	return end - start
}

// standsAlone reports whether nothing but blanks stand before an offset in its
// line.
func (p *parser) standsAlone(at int) bool { return p.source.lineStart(at)+p.indentOf(at) == at }

// neverClosed reports a block that lacks its `}`. Where a `}` stood at the
// indentation of an outer block, the inner one is to blame.
func (p *parser) neverClosed(block openBlock) {
	if p.bracesAstray {
		return
	}
	p.bracesAstray = true
	if p.suspect != nil && p.suspect.brace > block.brace {
		block = *p.suspect
	}
	p.failAt(Span{block.brace, block.brace + 1}, "the block is never closed", "add } where it ends")
}

// blockNeverClosed reports whether a header, an input or a function begins here
// that cannot belong to the block around it because its line is indented no
// deeper than that block's head.
func (p *parser) blockNeverClosed() bool {
	if len(p.blocks) == 0 {
		return false
	}
	switch word := p.word(); word {
	case "flow", "input", "function", "test":
		if word == "test" && !p.testFile() {
			return false
		}
		return p.standsAlone(p.pos) && p.indentOf(p.pos) <= p.blocks[0].indent
	}
	return false
}

// plainBlock reads a keyword and the block that follows it directly.
func (p *parser) plainBlock(word string) *Block {
	start := p.pos
	p.plainHead(word)
	return p.block(start, p.headOpened())
}

// plainHead reads a keyword and the `{` that follows it directly.
func (p *parser) plainHead(word string) {
	p.openWindow()
	p.emit(tokenKeyword, p.pos, p.pos+len(word))
	p.pos = p.windowEnd()
	p.headTokens(headRule{block: true})
	ok := len(p.window) == 2 && p.window[1].Value == "{"
	if !ok {
		p.wrongHead(1, word, fmt.Sprintf("write %s { … }", word))
	}
}

// headOpened reports whether the window ends with `{`.
func (p *parser) headOpened() bool {
	last := p.window[len(p.window)-1]
	return last.Type == tokenMark && last.Value == "{"
}

func (p *parser) ifStatement() Statement {
	statement := &If{Span: Span{p.pos, p.pos}}
	word := "if"
	var room [4]Branch
	branches := room[:0]
	defer func() { statement.Branches = slices.Clone(branches) }()
	for {
		branch := Branch{Condition: p.condition(word)}
		branch.Body = p.block(statement.Span.Start, p.headOpened())
		branches = append(branches, branch)
		statement.Span.End = branch.Body.Span.End
		next := skipLines(p.text, p.pos)
		if p.fatal || p.text[next:nameEnd(p.text, next)] != "else" {
			return statement
		}
		p.skipLines()
		after := skipBlanks(p.text, p.pos+len("else"))
		if p.text[after:nameEnd(p.text, after)] != "if" {
			break
		}
		p.keyword("else")
		p.skipBlanks()
	}
	statement.Else = p.plainBlock("else")
	statement.Span.End = statement.Else.Span.End
	p.secondElse()
	return statement
}

// secondElse reads over branches that come after the last.
func (p *parser) secondElse() {
	for !p.fatal {
		next := skipLines(p.text, p.pos)
		if p.text[next:nameEnd(p.text, next)] != "else" {
			return
		}
		p.skipLines()
		p.failAt(Span{p.pos, p.pos + len("else")}, "nothing can follow the else of an if", "")
		after := skipBlanks(p.text, p.pos+len("else"))
		if p.text[after:nameEnd(p.text, after)] != "if" {
			p.plainBlock("else")
			continue
		}
		start := p.pos
		p.keyword("else")
		p.skipBlanks()
		p.condition("if")
		p.block(start, p.headOpened())
	}
}

// condition reads the head of if, while and switch.
func (p *parser) condition(word string) *Expression {
	p.openWindow()
	p.emit(tokenKeyword, p.pos, p.pos+len(word))
	p.pos = p.windowEnd()
	p.headTokens(headRule{trigger: word, context: inHead, block: true})
	head, wrong, ok := parseInto(p, fresh(&p.heads.condition), conditionParser)
	if !ok {
		p.wrongHead(wrong, word, fmt.Sprintf("write %s … { … }", word))
	}
	if value := p.expressionOf(head.Condition); value != nil {
		return value
	}
	return p.missing(p.windowEnd())
}

func (p *parser) whileStatement() Statement {
	start := p.pos
	statement := &While{Condition: p.condition("while")}
	statement.Body = p.block(start, p.headOpened())
	statement.Span = Span{start, statement.Body.Span.End}
	return statement
}

func (p *parser) forStatement() *For {
	start := p.pos
	p.openWindow()
	p.emit(tokenKeyword, start, start+len("for"))
	p.pos = p.windowEnd()
	p.headTokens(headRule{trigger: "in", context: inHead, block: true})
	head, wrong, ok := parseHead(p, forParser)
	if !ok {
		p.wrongHead(wrong, "for", "write for item in list { … }")
	}
	statement := &For{Item: nameOf(head.First), Collection: p.expressionOf(head.Collection)}
	if head.Second.Type == tokenName {
		key := statement.Item
		statement.Key, statement.Item = &key, nameOf(head.Second)
	}
	if statement.Collection == nil {
		statement.Collection = p.missing(p.windowEnd())
	}
	statement.Body = p.block(start, p.headOpened())
	statement.Span = Span{start, statement.Body.Span.End}
	if statement.Item.Text == "" {
		return nil
	}
	return statement
}
