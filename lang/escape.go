package lang

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escape reads a backslash and what follows it in "…" or """…""". Every wrong
// escape is a mistake of its own and so is reported on its own.
func (r *stringReader) escape() {
	text := r.parser.text
	at := r.pos
	var value string
	length := 2
	switch c := byteAt(text, at+1); c {
	case 'n':
		value = "\n"
	case 't':
		value = "\t"
	case 'r':
		value = "\r"
	case '\\', '$':
		value = string(c)
	case '"':
		value = `"`
		if r.kind == TextBlock && strings.HasPrefix(text[at+1:], `"""`) {
			value, length = `"""`, 4
		}
	case 'u':
		var ok bool
		if value, length, ok = unicodeEscape(text[at:]); !ok {
			r.wrongEscape(Span{at, at + length}, fmt.Sprintf("%s is not a character", shown(text[at:at+length])), `write \u and four hexadecimal digits, or \u{…}`)
		}
	case '\n', 0:
		length = 1
		if r.pos+1 < len(text) && c == '\n' {
			r.wrongEscape(Span{at, at + 1}, "nothing follows the backslash", `a backslash is written \\`)
		}
	default:
		_, size := utf8.DecodeRuneInString(text[at+1:])
		length = 1 + size
		r.wrongEscape(Span{at, at + length}, fmt.Sprintf("unknown escape %s", shown(text[at:at+length])), `a backslash is written \\; in '…' it is itself`)
	}
	r.replace(at, at+length, value)
	r.pos = at + length
}

func (r *stringReader) wrongEscape(span Span, summary, hint string) {
	if !r.quiet {
		r.failAt(span, summary, hint)
	}
	r.bad = true
}

// unicodeEscape reads `\uXXXX`, also as a pair of surrogates, or `\u{X…}`.
func unicodeEscape(text string) (value string, length int, ok bool) {
	digits := func(from, most int) int {
		n := 0
		for n < most && strings.IndexByte("0123456789abcdefABCDEF", byteAt(text, from+n)) >= 0 && from+n < len(text) {
			n++
		}
		return n
	}
	if byteAt(text, 2) == '{' {
		n := digits(3, 6)
		length = 3 + n
		if n == 0 || byteAt(text, length) != '}' {
			return "", length, false
		}
		code, _ := strconv.ParseUint(text[3:length], 16, 32)
		length++
		if code > utf8.MaxRune || utf16.IsSurrogate(rune(code)) {
			return "", length, false
		}
		return string(rune(code)), length, true
	}
	n := digits(2, 4)
	length = 2 + n
	if n < 4 {
		return "", length, false
	}
	code, _ := strconv.ParseUint(text[2:6], 16, 32)
	if !utf16.IsSurrogate(rune(code)) {
		return string(rune(code)), length, true
	}
	if strings.HasPrefix(text[6:], `\u`) && digits(8, 4) == 4 {
		low, _ := strconv.ParseUint(text[8:12], 16, 32)
		if r := utf16.DecodeRune(rune(code), rune(low)); r != utf8.RuneError {
			return string(r), 12, true
		}
	}
	return "", length, false
}
