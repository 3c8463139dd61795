package lang

import "sync"

// What reading a source makes and nobody keeps is used again for the next source,
// and what is kept of the small parts of a tree is made in chunks.

// parsers are those that have read their source. They hold nothing of it.
var parsers = sync.Pool{New: func() any { return new(parser) }}

// mostKept is how many values of a kind a parser keeps room for.
const mostKept = 256

// release is the end of reading: nobody uses the parser any more.
func (p *parser) release() {
	*p = parser{
		blocks: emptied(p.blocks), brackets: emptied(p.brackets),
		window: emptied(p.window), captured: emptied(p.captured), literals: emptied(p.literals),
		open: emptied(p.open), strings: emptied(p.strings), parts: emptied(p.parts), scratch: emptied(p.scratch),
		heads: heads{
			call:    callHead{Settings: settingList{pairs: emptied(p.heads.call.Settings.pairs)}},
			oneCase: caseHead{Values: emptied(p.heads.oneCase.Values)},
		},
	}
	parsers.Put(p)
}

// emptied is the room of a slice, with nothing in it; of a large one there is none.
func emptied[T any](room []T) []T {
	if cap(room) > mostKept {
		return nil
	}
	clear(room[:cap(room)])
	return room[:0]
}

// heads are the heads of common statements. Each is used up before another statement
// is read.
type heads struct {
	call      callHead
	input     inputHead
	condition conditionHead
	oneCase   caseHead
	returned  returnHead
}

// fresh empties a head.
func fresh[H any](head *H) *H {
	var none H
	*head = none
	return head
}

func (h *heads) freshCall() *callHead {
	h.call = callHead{Settings: settingList{pairs: h.call.Settings.pairs[:0]}}
	return &h.call
}

func (h *heads) freshCase() *caseHead {
	h.oneCase.Values = h.oneCase.Values[:0]
	return &h.oneCase
}

// makeRoom makes room for what a source of so many bytes has, where it has little but
// statements.
func (p *parser) makeRoom(bytes int) {
	p.expressions.Expect(bytes / 24)
	p.partLists.Expect(bytes / 44)
	p.statementLists.Expect(bytes / 40)
	p.targets.Expect(bytes / 56)
	p.texts.Expect(bytes / 64)
	p.literalLists.Expect(bytes / 64)
	p.assignments.Expect(bytes / 72)
	p.bodies.Expect(bytes / 128)
}

// takeStatements takes the statements of a block from the stack.
func (p *parser) takeStatements(base int) []Statement {
	if len(p.open) == base {
		return nil
	}
	own := p.statementLists.Some(len(p.open) - base)
	copy(own, p.open[base:])
	p.open = p.open[:base]
	return own
}
