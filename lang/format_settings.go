package lang

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// angle writes what stands in `< >`, settings or parameters: on one line, or, when
// it spans lines in the source, one a line without commas and with the values of
// settings in one column.
func (f *formatter) angle() {
	open := tokenSpan(f.next())
	items := f.tokens.tokens[f.token+1 : f.token+1+f.untilClosed()]
	end := f.tokens.tokens[f.token+1+len(items)].Pos.Offset
	blank := f.blank(Span{open.Start, end + 1})
	if blank || !strings.Contains(f.source.Text[open.End:end], "\n") {
		f.take(spaced)
		f.items(end, spaced, 0)
		f.take(spaced)
		return
	}
	f.open(spaced)
	f.items(end, onLine, widestKey(items))
	f.close()
}

// untilClosed counts the tokens between the `<` that comes next and its `>`.
func (f *formatter) untilClosed() int {
	rest := f.tokens.tokens[f.token+1:]
	for i, token := range rest {
		if token.Type == tokenMark && token.Value == ">" {
			return i
		}
	}
	return len(rest)
}

func widestKey(tokens []lexer.Token) int {
	widest := 0
	for _, token := range tokens {
		if token.Type == tokenKey {
			widest = max(widest, textColumns(token.Value))
		}
	}
	return widest
}

// items writes settings or parameters up to the mark that closes them. Values
// stand behind the widest key; on one line that is 0.
func (f *formatter) items(end int, g gap, widest int) {
	before, first := lexer.Token{}, true
	for {
		token := f.next()
		if token.Pos.Offset >= end {
			return
		}
		switch {
		case token.Type == tokenKey, token.Type == tokenName && before.Value != ":":
			if !first && !g.line {
				f.write(",")
			}
			f.take(g)
			first = false
		case before.Type == tokenMark && before.Value == ":" && token.Type == tokenExpression:
			if widest > 0 {
				written := textColumns(string(f.last().text))
				f.write(strings.Repeat(" ", max(0, widest+len(":")-written)))
			}
			f.take(gap{spaces: 1, deeper: indentStep})
		default:
			f.take(f.gapBetween(before, token))
		}
		before = token
	}
}
