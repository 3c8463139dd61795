package lang

import "strings"

// formatted gives the file in the style of the language.
func (s *formatSource) formatted() string {
	f := formatter{formatSource: s}
	if s.Header != nil {
		f.head(s.Header.Span.End, onLine)
	}
	f.statements(s.Body, onLine)
	f.comments(len(s.source.Text), onLine)
	return f.String()
}

// statements writes the statements of a block, each behind a gap; one that stands
// behind its label stays there.
func (f *formatter) statements(block *Block, g gap) {
	for i, statement := range block.Statements {
		before := g
		if i > 0 && f.besideLabel(block.Statements[i-1], statement) {
			before = spaced
		}
		f.statement(statement, before)
	}
}

func (f *formatter) besideLabel(label, statement Statement) bool {
	if _, ok := label.(*Label); !ok {
		return false
	}
	return skipBlanks(f.source.Text, label.Place().End) == statement.Place().Start
}

// statement writes a statement. One that has no block needs no case here.
func (f *formatter) statement(statement Statement, g gap) {
	switch s := statement.(type) {
	case *Function:
		f.headAndBlock(s.Body, g)
	case *Test:
		f.headAndBlock(s.Body, g)
	case *While:
		f.headAndBlock(s.Body, g)
	case *For:
		f.headAndBlock(s.Body, g)
	case *If:
		f.headsAndBlocks(Blocks(s), g)
	case *Switch:
		f.switchStatement(s, g)
	case *Call:
		f.head(s.Close.End, g)
		f.headsAndBlocks(Blocks(s), joined)
	case *Run:
		f.head(s.Close.End, g)
		f.headsAndBlocks(Blocks(s), joined)
	default:
		f.head(s.Place().End, g)
	}
}

func (f *formatter) headAndBlock(block *Block, g gap) { f.headsAndBlocks([]*Block{block}, g) }

// headsAndBlocks writes blocks that follow each other, each with its head. They
// stay on one line when each of them can.
func (f *formatter) headsAndBlocks(blocks []*Block, g gap) {
	short := true
	for _, block := range blocks {
		short = short && f.short(block)
	}
	for _, block := range blocks {
		f.head(block.Span.Start, g)
		f.block(block, short)
		g = joined
	}
}

func (f *formatter) block(block *Block, short bool) {
	if short || f.blank(block.Span) {
		f.take(spaced)
		f.statements(block, spaced)
		f.take(spaced)
		return
	}
	f.open(spaced)
	f.statements(block, onLine)
	f.close()
}

func (f *formatter) switchStatement(s *Switch, g gap) {
	f.head(s.Subject.Span.End, g)
	if brace := f.next().Pos.Offset; f.blank(Span{brace, s.Span.End}) {
		f.take(spaced)
		f.take(spaced)
		return
	}
	f.open(spaced)
	for _, c := range s.Cases {
		f.headAndBlock(c.Body, onLine)
	}
	if s.Default != nil {
		f.headAndBlock(s.Default, onLine)
	}
	f.close()
}

// short reports whether a block may stay on the line of its head: it stands on one
// in the source and holds no more than one statement, which has no block.
func (f *formatter) short(block *Block) bool {
	if f.blank(block.Span) {
		return true
	}
	if strings.Contains(f.source.Slice(block.Span), "\n") {
		return false
	}
	for i, statement := range block.Statements {
		switch statement.(type) {
		case *Label:
			continue
		case *Switch:
			return false
		}
		if len(Blocks(statement)) > 0 {
			return false
		}
		if i < len(block.Statements)-1 {
			return false
		}
	}
	return true
}

// blank reports whether nothing stands between the marks at both ends of a span,
// no comment either.
func (f *formatter) blank(span Span) bool {
	return strings.Trim(f.source.Text[span.Start+1:span.End-1], " \t\n;") == ""
}
