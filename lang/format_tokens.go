package lang

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

const indentStep = 2

// gap is what stands before a token.
type gap struct {
	line    bool // a new line
	closing bool // a new line, for a mark that closes what stands in lines of its own
	keep    bool // a new line if the source has one
	spaces  int  // else as many spaces
	deeper  int  // how much deeper a line begins that a comment makes necessary
}

var (
	together = gap{deeper: 2 * indentStep}
	spaced   = gap{spaces: 1, deeper: 2 * indentStep}
	kept     = gap{keep: true, spaces: 1}
	onLine   = gap{line: true}
	closing  = gap{line: true, closing: true}
	// joined stands before what a new line may begin with, such as else.
	joined = gap{spaces: 1}
)

// formatter writes the tokens and comments of a file in order.
type formatter struct {
	*formatSource
	formattedLines

	token   int // the next to write
	comment int // the next to write
	at      int // where in the source ends what was written last
	indent  int
	// fresh is set when no line has been written since the mark that opened a
	// block or settings, opened is where in the source that ends.
	fresh  bool
	opened int
	// broken is set when the line cannot go on, because a comment has ended it.
	broken bool
}

// peek gives the next token; beyond the last one it is empty.
func (f *formatter) peek() lexer.Token {
	if f.token == len(f.tokens.tokens) {
		return lexer.Token{Pos: lexer.Position{Offset: len(f.source.Text)}}
	}
	return f.tokens.tokens[f.token]
}

// next skips what separates statements and settings and gives the token after it.
func (f *formatter) next() lexer.Token {
	for f.peek().Type == tokenSeparator || f.peek().Value == ";" {
		f.token++
	}
	return f.peek()
}

// take writes the next token.
func (f *formatter) take(g gap) {
	token := f.next()
	span := tokenSpan(token)
	f.token++
	f.before(span.Start, g)
	if token.Type == tokenExpression {
		f.write(f.movedExpression(f.expressions[span.Start]))
		for f.comment < len(f.Comments) && f.Comments[f.comment].Span.Start < span.End {
			f.comment++
		}
	} else {
		f.write(token.Value)
	}
	f.at, f.fresh = span.End, false
}

// before writes the comments that stand before a token, and then the gap.
func (f *formatter) before(start int, g gap) {
	owned := f.comments(start, g)
	breaks := f.breaks(start)
	switch {
	case f.empty(), g.closing, g.line && !(owned && breaks == 0 && !f.broken):
		f.line(breaks > 1 && !g.closing, 0)
	case f.broken, owned && breaks > 0, g.keep && breaks > 0:
		f.line(false, g.deeper)
	case owned:
		f.write(" ")
	default:
		f.write(strings.Repeat(" ", max(g.spaces, f.afterComment())))
	}
}

// comments writes the comments up to an offset and tells whether one of them has
// begun the line of the token that stands there.
func (f *formatter) comments(start int, g gap) (owned bool) {
	for ; f.comment < len(f.Comments) && f.Comments[f.comment].Span.Start < start; f.comment++ {
		comment := f.Comments[f.comment]
		breaks := f.breaks(comment.Span.Start)
		switch {
		case f.empty(), f.broken, breaks > 0:
			f.line(breaks > 1, g.deeper)
			owned = true
		case g.line && !owned && f.leads(start, g.closing):
			f.line(false, 0)
			owned = true
		}
		f.writeComment(f.commentText(comment.Span))
		f.at = comment.Span.End
		f.fresh = f.fresh && !owned
		f.broken = !strings.HasPrefix(comment.Text, "/*")
	}
	return owned
}

// leads reports whether the next comment stands before the token at an offset
// rather than behind what is before it on its line: the mark that ends that is
// between them. Before a closing mark a comment begins a line only where nothing
// else stands.
func (f *formatter) leads(start int, closing bool) bool {
	comment := f.Comments[f.comment]
	first := f.at == f.opened && f.fresh
	if closing {
		return first && strings.HasPrefix(comment.Text, "/*")
	}
	behind := first || strings.ContainsAny(f.source.Text[f.at:comment.Span.Start], ",;")
	return behind && skipBlanks(f.source.Text, comment.Span.Start) == start
}

// breaks counts the line breaks up to an offset before which there is no comment
// and no token.
func (f *formatter) breaks(offset int) int {
	return strings.Count(f.source.Text[f.at:offset], "\n")
}

// afterComment is the number of spaces that a comment before a token needs.
func (f *formatter) afterComment() int {
	if f.last().comment != noComment {
		return 1
	}
	return 0
}

// line begins a line. Several blank lines become one, and those at the beginning
// of a block none.
func (f *formatter) line(blank bool, deeper int) {
	f.begin(f.indent+deeper, blank && !f.fresh && !f.empty())
	f.broken = false
}

// open writes the mark that opens what stands in lines of its own.
func (f *formatter) open(g gap) {
	f.take(g)
	f.indent += indentStep
	f.fresh, f.opened = true, f.at
}

// close writes the mark that closes it.
func (f *formatter) close() {
	f.comments(f.next().Pos.Offset, closing)
	f.indent -= indentStep
	f.take(closing)
}

// head writes the tokens up to an offset, the first one behind a gap.
func (f *formatter) head(end int, g gap) {
	first := textColumns(f.next().Value) + 1
	for {
		token := f.next()
		if token.Pos.Offset >= end {
			return
		}
		if token.Type == tokenMark && token.Value == "<" {
			f.angle()
		} else {
			f.take(g)
		}
		g = f.gapBetween(f.tokens.tokens[f.token-1], f.next())
		if g.keep {
			g.deeper = first // below what follows the keyword
		}
	}
}

// gapBetween gives what stands between two tokens of one head.
func (f *formatter) gapBetween(before, after lexer.Token) gap {
	switch {
	case before.Type == tokenMark && before.Value == ",":
		return kept
	case before.Type == tokenMark && strings.Contains(".[", before.Value),
		after.Type == tokenMark && strings.Contains(".[],:", after.Value):
		return together
	}
	return spaced
}
