package lang

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// checkCharacters reports bytes that are no UTF-8 and control characters other
// than tab and line break, a run of them once; what is no UTF-8 is reported where
// it first stands, since such a file has it everywhere. The rest of the parser
// takes them for blanks. It gives up at NUL, which no text has, and when there are
// too many.
func (p *parser) checkCharacters(span Span) bool {
	text := p.text
	if span.Start == 0 && (strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff")) {
		p.giveUp(Span{0, 2}, "the source is UTF-16", "save the file as UTF-8")
		return false
	}
	foreign := false
	for at := span.Start; at < span.End; {
		c := text[at]
		if ' ' <= c && c < 0x7f || c == '\n' || c == '\t' {
			at++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, size := utf8.DecodeRuneInString(text[at:]); r != utf8.RuneError || size > 1 {
				at += size
				continue
			}
		}
		end := at + 1
		for end < span.End && text[end] != '\n' && blank(text, end) > 0 && text[end] != ' ' && text[end] != '\t' {
			end++
		}
		if c == 0 {
			p.giveUp(Span{at, end}, "unexpected NUL character", "remove it; is this a text file?")
			return false
		}
		if c < utf8.RuneSelf || !foreign {
			p.reportCharacter(Span{at, end})
		}
		foreign = foreign || c >= utf8.RuneSelf
		if len(p.diagnostics) == MaxDiagnostics {
			p.fatal = true
			return false
		}
		at = end
	}
	return true
}

func (p *parser) reportCharacter(span Span) {
	c := p.text[span.Start]
	if c >= utf8.RuneSelf {
		p.failAt(span, fmt.Sprintf("byte 0x%02X is not valid UTF-8", c), "save the file as UTF-8")
		return
	}
	p.failAt(span, fmt.Sprintf("unexpected control character U+%04X", c), fmt.Sprintf(`remove it, or write \u{%x} in a string`, c))
}

// unexpectedCharacter tells about a character that begins no token.
func unexpectedCharacter(text string, at int) (span Span, summary, hint string) {
	r, size := utf8.DecodeRuneInString(text[at:])
	span = Span{at, at + size}
	summary = fmt.Sprintf("unexpected character %q", string(r))
	switch r {
	case '\u00a0', '\u2007', '\u202f', '\u2009', '\u3000', '\ufeff', '\u200b':
		summary = fmt.Sprintf("unexpected blank U+%04X", r)
		hint = "write an ordinary space"
	case '“', '”', '„', '«', '»':
		hint = `write strings in "…"`
	case '‘', '’':
		hint = "write strings in '…'"
	case '–', '—', '−':
		hint = "write -"
	case '$':
		hint = "names have no $; ${…} stands in strings only"
	case '&':
		hint = "write && or `and`"
	case placeholder:
		hint = "this letter may not stand in a name"
	}
	return span, summary, hint
}
