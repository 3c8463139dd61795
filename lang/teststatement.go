package lang

import "fmt"

// testFile reports whether the statements of tests may stand in this file.
func (p *parser) testFile() bool { return IsTestFile(p.source.Name) }

// testStatement reads a statement that begins with a keyword of test files; nil
// when nothing of it is worth keeping.
func (p *parser) testStatement(word string) Statement {
	switch word {
	case "test":
		return orNil(p.test())
	case "run":
		return orNil(p.run(p.pos, nil))
	}
	return p.expect()
}

func (p *parser) test() *Test {
	start := p.pos
	p.onlyAtFileLevel("a test")
	p.openWindow()
	p.emit(tokenKeyword, start, start+len("test"))
	p.pos = p.windowEnd()
	p.headTokens(headRule{angle: p.settings, block: true})
	head, wrong, ok := parseHead(p, testParser)
	if !ok {
		p.wrongHead(wrong, "test", `write test "name" { … }`)
	}
	statement := &Test{Name: p.plainString(head.Name, "the name of a test")}
	if head.Settings != nil {
		statement.Settings = p.settingsOf(head.Settings.Settings)
	}
	statement.Body = p.block(start, p.headOpened())
	statement.Span = Span{start, statement.Body.Span.End}
	if statement.Name == nil {
		return nil
	}
	return statement
}

// run reads `run "file" < inputs > [catch [name] { }]`; the target, if any, is
// read already.
func (p *parser) run(start int, target *Target) *Run {
	keyword := Span{p.pos, p.pos + len("run")}
	p.openWindow()
	p.emit(tokenKeyword, keyword.Start, keyword.End)
	p.pos = keyword.End
	p.skipBlanks()
	switch p.peek() {
	case '"', '\'', '`':
		p.headString()
	}
	p.skipBlanks()
	open := p.peek() == '<'
	if open {
		at := p.pos
		p.emit(tokenMark, at, at+1)
		p.pos++
		p.settings(at)
	}
	head, _, ok := parseHead(p, runParser)
	statement := &Run{
		Target:  target,
		Keyword: keyword,
		File:    p.plainString(head.File, "the file of a run"),
		Inputs:  p.settingsOf(head.Inputs),
		Close:   tokenSpan(head.Close),
	}
	switch {
	case head.File.Type != tokenString && !p.fatal:
		p.failAt(keyword, "`run` needs the file of a flow", `write run "order.flow" < input: value >`)
		if !open {
			p.skipStatement()
		}
	case !open && !p.fatal:
		p.failAt(keyword, "the inputs of the run are missing", `write run "order.flow" < input: value >, or < > for none`)
		if !p.done() && p.peek() != '\n' {
			p.skipStatement()
		}
	}
	if !ok {
		statement.Close = Span{p.windowEnd(), p.windowEnd()}
	}
	statement.Span = Span{start, statement.Close.End}
	p.runBlocks(statement)
	if statement.File == nil {
		return nil
	}
	return statement
}

// runBlocks reads the catch block after a run.
func (p *parser) runBlocks(statement *Run) {
	for !p.fatal {
		next := skipLines(p.text, p.pos)
		word := p.text[next:nameEnd(p.text, next)]
		if word != "failover" && word != "catch" || byteAt(p.text, skipBlanks(p.text, next+len(word))) == ':' {
			return
		}
		p.skipLines()
		span := Span{p.pos, p.pos + len(word)}
		if word == "failover" {
			p.failAt(span, "a run has no failover", "all that stands in its < > are inputs of the flow")
			p.plainBlock(word)
			continue
		}
		if statement.Catch != nil {
			p.failAt(span, "a run has one catch", "")
		}
		statement.Catch = p.catch()
		statement.Span.End = statement.Catch.Span.End
	}
}

func (p *parser) expect() Statement {
	start := p.pos
	span := p.keyword("expect")
	p.skipBlanks()
	condition := p.expression(inStatement)
	if condition == nil {
		p.failAt(span, "the `expect` has no condition", "write expect len(mails) == 1")
		condition = p.missing(span.End)
	}
	p.note(tokenExpression, condition.Span.Start, condition.Span.End)
	return &Expect{Span: Span{start, condition.Span.End}, Condition: condition}
}

// mockFollows reports whether `mock component <` stands at an offset. `mock` is no
// keyword: two names in a row stand nowhere else.
func (p *parser) mockFollows(at int) bool {
	if !p.testFile() || p.text[at:nameEnd(p.text, at)] != "mock" {
		return false
	}
	component := skipBlanks(p.text, at+len("mock"))
	end := dottedEnd(p.text, component)
	return end > component && byteAt(p.text, skipBlanks(p.text, end)) == '<'
}

// startsTestStatement is startsStatement for the statements of tests.
func (p *parser) startsTestStatement(at int) bool {
	if !p.testFile() {
		return false
	}
	word := p.text[at:nameEnd(p.text, at)]
	next := byteAt(p.text, skipBlanks(p.text, at+len(word)))
	switch word {
	case "expect":
		return next != ':'
	case "test", "run":
		return next == '"' || next == '\'' || next == '`'
	case "mock":
		return p.mockFollows(at)
	}
	return false
}

func (p *parser) mock() *Mock {
	start := p.pos
	p.openWindow()
	p.emit(tokenName, start, start+len("mock"))
	p.pos = p.windowEnd()
	p.skipBlanks()
	p.emit(tokenName, p.pos, dottedEnd(p.text, p.pos))
	p.pos = p.windowEnd()
	p.skipBlanks()
	open := p.pos
	p.emit(tokenMark, open, open+1)
	p.pos++
	p.settings(open)
	head, _, ok := parseHead(p, mockParser)
	statement := &Mock{
		Component: nameOf(p.window[1]),
		Settings:  p.settingsOf(head.Settings),
		Close:     tokenSpan(head.Close),
	}
	if !ok {
		statement.Close = Span{p.windowEnd(), p.windowEnd()}
	}
	statement.Span = Span{start, statement.Close.End}
	return statement
}

// runFollows reports whether a run stands at the place of reading, behind the `=`
// of an assignment.
func (p *parser) runFollows() bool {
	return p.testFile() && p.word() == "run"
}

// checkTests reports what the structure of a test file forbids: two tests of one
// name, inputs, and ends outside of tests.
func (c *treeCheck) checkTests(body *Block) {
	if !c.testFile() {
		return
	}
	names := map[string]Span{}
	for _, statement := range body.Statements {
		switch s := statement.(type) {
		case *Test:
			c.testName(s, names)
		case *Input:
			c.failAt(s.Name.Span, "a test file has no inputs", "give the flow its inputs in < > of run")
		case *Return:
			c.failAt(s.Span, "`return` stands outside a test", "move it into a test or a function")
		case *Stop:
			c.failAt(s.Span, "`stop` stands outside a test", "move it into a test")
		}
	}
}

func (c *treeCheck) testName(test *Test, names map[string]Span) {
	name := test.Name.Text()
	if name == "" {
		c.failAt(test.Name.Span, "the test has no name", `write test "what the flow does" { … }`)
		return
	}
	if first, twice := names[name]; twice {
		c.failAt(test.Name.Span, fmt.Sprintf("the test %s stands here twice", shown(c.parser.text[test.Name.Span.Start:test.Name.Span.End])), c.firstOn(first))
		return
	}
	names[name] = test.Name.Span
}

// ownLabels checks a block whose labels and loops are its own.
func (c *treeCheck) ownLabels(body *Block) {
	outer, loops := c.labels, c.loops
	c.labels, c.loops = labelScope{}, 0
	c.block(body)
	c.labels.close(c.parser)
	c.labels, c.loops = outer, loops
}
