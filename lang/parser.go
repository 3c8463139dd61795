package lang

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"flowrun/internal/slab"

	"github.com/alecthomas/participle/v2/lexer"
)

// MaxDiagnostics is how many problems Parse reports at most.
const MaxDiagnostics = 20

// Parse reads a flow file. It always gives a tree; where the source has errors
// the tree holds what could be read, and the diagnostics say the rest, in the
// order of the source and at most MaxDiagnostics of them. It never panics.
func Parse(name, text string, opts ...Option) (*File, Diagnostics) {
	p := newFileParser(name, text, opts)
	file, diagnostics := p.file(), p.sortedDiagnostics()
	p.release()
	return file, diagnostics
}

// ParseExpression reads a part of a source as one expression, which may span
// lines as if it stood in parentheses. The expression is nil when the part is
// empty, which is an error too.
func ParseExpression(source *Source, span Span, opts ...Option) (*Expression, Diagnostics) {
	p := newParser(source)
	for _, opt := range opts {
		opt(p)
	}
	p.text = source.Text[:span.End]
	p.pos = span.Start
	if !p.checkCharacters(span) {
		return nil, p.sortedDiagnostics()
	}
	expression := p.expression(inWhole)
	if expression == nil {
		p.report(Diagnostic{Span: span, Summary: "there is no expression"})
	}
	return expression, p.sortedDiagnostics()
}

// parser reads one source. It goes over the text once: statements, blocks and
// recovery are its own loops, expressions are captured whole, and the head of a
// statement is given to participle in a window of its own tokens.
type parser struct {
	source *Source
	text   string
	limits Limits
	pos    int
	// tooLarge is set when the text is only the beginning of the file.
	tooLarge bool

	diagnostics Diagnostics
	reported    [2]int // how many of each severity
	// muted counts the reasons to report nothing.
	muted int
	// fatal is set when the rest of the text is given up.
	fatal bool
	// bracesAstray is set once a `{` or `}` is known to be missing, after
	// which the balance of the others says nothing.
	bracesAstray bool

	// cut is set once the text is known to end inside of something that more
	// lines could complete.
	cut bool

	// looseCase is set in the statements of a case that has no braces.
	looseCase bool

	tree     *File
	blocks   []openBlock
	suspect  *openBlock // a block whose `}` stands at the indentation of an outer one
	brackets []bracket  // of the expression that is being captured
	tokens   int        // of that expression
	// angleOpen is set once the `<` of the head is known to be never closed.
	angleOpen bool
	// settingsOpen is the `<` of the settings that are being read.
	settingsOpen int
	nesting      int // how many expressions with misplaced calls are around

	window   []lexer.Token // the head that is being read
	captured []*Expression // its expressions in order
	taken    int           // how many of them have found their place
	literals []*StringLiteral
	heads    heads
	recorder *recordedTokens

	open    []Statement      // of the blocks that are being read, a stack
	strings []*StringLiteral // scratch, a stack
	parts   []StringPart     // scratch, a stack
	scratch []byte           // the text being unescaped

	expressions    slab.Slab[Expression]
	valueLists     slab.Slab[*Expression]
	texts          slab.Slab[StringLiteral]
	literalLists   slab.Slab[*StringLiteral]
	partLists      slab.Slab[StringPart]
	targets        slab.Slab[Target]
	assignments    slab.Slab[Assign]
	inputs         slab.Slab[typedInput]
	cases          slab.Slab[Case]
	bodies         slab.Slab[Block]
	statementLists slab.Slab[Statement]
	settingValues  slab.Slab[Setting]
	settingLists   slab.Slab[*Setting]
}

// openBlock is a block whose `}` has not come yet.
type openBlock struct {
	brace  int // offset of `{`
	indent int // of the line of its head
}

// newFileParser makes the parser of a whole file. Of one that is too large only the
// beginning is kept, for its error to show.
func newFileParser(name, text string, opts []Option) *parser {
	p := parsers.Get().(*parser)
	p.limits, p.tree = DefaultLimits, &File{}
	for _, opt := range opts {
		opt(p)
	}
	if p.tooLarge = len(text) > p.limits.Source; p.tooLarge {
		text = beginning(text)
	}
	p.source = NewSource(name, text)
	p.text, p.tree.Source = p.source.Text, p.source
	p.makeRoom(len(p.text))
	return p
}

// beginning gives at most 1 KiB of a text, which ends between two characters when
// the text is UTF-8.
func beginning(text string) string {
	end := min(len(text), 1<<10)
	for shortest := end - utf8.UTFMax; end > shortest && end > 0 && end < len(text) && !utf8.RuneStart(text[end]); {
		end--
	}
	return text[:end]
}

func newParser(source *Source) *parser {
	return &parser{source: source, text: source.Text, limits: DefaultLimits, tree: &File{Source: source}}
}

func (p *parser) file() *File {
	p.tree.Body = &Block{Span: Span{End: len(p.text)}}
	if !p.checkSize() || !p.checkCharacters(Span{End: len(p.text)}) {
		return p.tree
	}
	if len(p.text) > 1 && p.text[:2] == "#!" {
		end := lineEnd(p.text, 0)
		p.addComment(Span{End: end})
		p.pos = end
	}
	p.fileStatements()
	p.tree.Body.Statements = p.takeStatements(0)
	if !p.fatal {
		p.reported = [2]int{}
		p.checkTree()
	}
	return p.tree
}

// fileStatements reads all statements, past any `}` too many.
func (p *parser) fileStatements() {
	for {
		p.statements(0)
		if p.done() {
			return
		}
		if !p.bracesAstray {
			p.bracesAstray = true
			p.failAt(Span{p.pos, p.pos + 1}, "this } closes nothing", "remove it, or add the { that it should close")
		}
		p.mark(p.pos, p.pos+1)
		p.pos++
	}
}

// report records a problem unless problems are muted.
func (p *parser) report(d Diagnostic) {
	if !p.listening(d.Severity) {
		return
	}
	d.Source = p.source
	p.diagnostics = append(p.diagnostics, d)
	p.reported[d.Severity]++
}

// listening reports whether a problem would be recorded. Some more are than are
// given in the end, since not all come in the order of the source.
func (p *parser) listening(severity Severity) bool {
	return p.muted == 0 && !p.fatal && p.reported[severity] < 2*MaxDiagnostics
}

// failAt records an error.
func (p *parser) failAt(span Span, summary, hint string) {
	p.report(Diagnostic{Span: span, Summary: summary, Hint: hint})
}

// giveUp records an error after which the rest of the text is not read, muted or
// not: nothing else would tell why.
func (p *parser) giveUp(span Span, summary, hint string) {
	if !p.fatal {
		p.muted, p.reported[Error] = 0, 0
		p.failAt(span, summary, hint)
	}
	p.fatal = true
	p.pos = len(p.text)
}

func (p *parser) sortedDiagnostics() Diagnostics { return p.diagnostics.Sort().Limit() }

func (p *parser) checkSize() bool {
	if p.tooLarge {
		p.giveUp(Span{}, fmt.Sprintf("the source has more than %d bytes", p.limits.Source), "split it into several flows; "+LimitHint("Source"))
	}
	return !p.tooLarge
}

func (p *parser) addComment(span Span) {
	p.tree.Comments = append(p.tree.Comments, Comment{Span: span, Text: p.text[span.Start:span.End]})
}

// skipBlanks moves to the next token or line break and keeps the comments on
// the way.
func (p *parser) skipBlanks() {
	for p.pos < len(p.text) {
		if size := blank(p.text, p.pos); size > 0 {
			p.pos += size
			continue
		}
		if p.text[p.pos] != '/' {
			return
		}
		end, closed := commentEnd(p.text, p.pos)
		if !closed {
			p.cut = true
			p.giveUp(Span{p.pos, p.pos + 2}, "the comment is never closed", "add */ where it ends")
			return
		}
		if end == p.pos {
			return
		}
		p.addComment(Span{p.pos, end})
		p.pos = end
	}
}

// skipLines moves to the next token, on whichever line it stands, and tells
// whether it crossed a line break.
func (p *parser) skipLines() bool {
	crossed := false
	for {
		p.skipBlanks()
		if p.peek() != '\n' {
			return crossed
		}
		crossed = true
		p.pos++
	}
}

// done reports whether there is nothing more to read.
func (p *parser) done() bool { return p.fatal || p.pos >= len(p.text) }

// peek gives the byte at the place of reading, 0 at the end.
func (p *parser) peek() byte { return byteAt(p.text, p.pos) }

// word gives the name or keyword at the place of reading, "" when there is none.
func (p *parser) word() string { return p.text[p.pos:nameEnd(p.text, p.pos)] }

// reserved reports whether a word is a keyword in this file.
func (p *parser) reserved(word string) bool {
	return IsKeyword(word) || IsTestFile(p.source.Name) && slices.Contains(testKeywords, word)
}

// mark and its like note tokens for the lexer that participle sees.
func (p *parser) mark(start, end int) { p.note(tokenMark, start, end) }

func (p *parser) note(kind lexer.TokenType, start, end int) {
	if p.recorder != nil {
		p.recorder.add(p.token(kind, start, end))
	}
}

func (p *parser) token(kind lexer.TokenType, start, end int) lexer.Token {
	return lexer.Token{Type: kind, Value: p.text[start:end], Pos: lexer.Position{Offset: start}}
}
