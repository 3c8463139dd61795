package lang

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible makes text safe to print on a terminal: control characters, those
// that change the direction of text (Unicode Technical Standard 55) and those
// that show nothing are written as the language would escape them (`\u{1b}`),
// bytes that are not UTF-8 as `\xff`. Line feeds and tabs stay.
func Visible(s string) string {
	return visible(s, func(r rune) bool { return r == '\n' || r == '\t' })
}

// VisibleLine is Visible for text that must stay on one line: line feeds and
// tabs are written as `\n` and `\t`.
func VisibleLine(s string) string {
	return visible(s, func(rune) bool { return false })
}

func visible(s string, keep func(rune) bool) string {
	var out strings.Builder
	copied := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if escape := escapeOf(r, size, s[i]); escape != "" && !keep(r) {
			out.WriteString(s[copied:i])
			out.WriteString(escape)
			copied = i + size
		}
		i += size
	}
	if copied == 0 {
		return s
	}
	out.WriteString(s[copied:])
	return out.String()
}

// escapeOf gives the visible form of a character whose encoding has the given
// size and first byte, or "" when it shows itself.
func escapeOf(r rune, size int, first byte) string {
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf(`\x%02x`, first)
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case unicode.IsControl(r) || unicode.Is(unseen, r):
		return fmt.Sprintf(`\u{%x}`, r)
	}
	return ""
}

// unseen are the characters outside the control category that reorder or hide
// text. Joiners and variation selectors are not among them: words and emoji
// need them.
var unseen = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x061c, Hi: 0x061c, Stride: 1}, // Arabic letter mark
		{Lo: 0x180e, Hi: 0x180e, Stride: 1}, // Mongolian vowel separator
		{Lo: 0x200b, Hi: 0x200b, Stride: 1}, // zero width space
		{Lo: 0x200e, Hi: 0x200f, Stride: 1}, // direction marks
		{Lo: 0x2028, Hi: 0x202e, Stride: 1}, // separators, embeddings, overrides
		{Lo: 0x2060, Hi: 0x206f, Stride: 1}, // invisible operators, isolates
		{Lo: 0xfeff, Hi: 0xfeff, Stride: 1}, // byte order mark
		{Lo: 0xfff9, Hi: 0xfffb, Stride: 1}, // interlinear annotation
		{Lo: 0xfffe, Hi: 0xffff, Stride: 1}, // no characters, which XML cannot hold
	},
	R32: []unicode.Range32{
		{Lo: 0xe0000, Hi: 0xe007f, Stride: 1}, // tags
	},
}
