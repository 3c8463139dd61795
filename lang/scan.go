package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// placeholder is the letter that names may not contain: the runtime writes it
// in place of string literals when it hands an expression on.
const placeholder = 'ǃ'

// nameEnd gives the end of the name that begins at an offset, or the offset
// itself when none begins there. Names consist of letters, digits and `_` and
// do not begin with a digit.
func nameEnd(text string, at int) int {
	end := at
	for end < len(text) && inNames[text[end]] {
		end++
	}
	switch {
	case end > at && isDigit(text[at]):
		return at
	case end < len(text) && text[end] >= utf8.RuneSelf:
		return nameEndBeyondASCII(text, at, end)
	}
	return end
}

// inNames are the ASCII characters of names.
var inNames = func() (in [256]bool) {
	for c := range byte(utf8.RuneSelf) {
		in[c] = c == '_' || isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z'
	}
	return in
}()

// nameEndBeyondASCII goes on behind the ASCII characters that a name begins with.
func nameEndBeyondASCII(text string, at, end int) int {
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		switch {
		case r < utf8.RuneSelf && !inNames[r], r == placeholder:
			return end
		case r >= utf8.RuneSelf && !unicode.IsLetter(r) && (end == at || !unicode.IsDigit(r)):
			return end
		}
		end += size
	}
	return end
}

// wordEnd gives the end of the name at an offset, or else of the one character
// there.
func wordEnd(text string, at int) int {
	if end := nameEnd(text, at); end > at {
		return end
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	return at + size
}

// byteAt gives the byte at an offset, 0 beyond the end.
func byteAt(text string, at int) byte {
	if at < len(text) {
		return text[at]
	}
	return 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// commentEnd gives the end of the comment at an offset, its line break
// excluded, or the offset itself when there is none. closed is false for a
// comment that lacks its `*/`.
func commentEnd(text string, at int) (end int, closed bool) {
	switch {
	case byteAt(text, at) != '/':
		return at, true
	case byteAt(text, at+1) == '/':
		return lineEnd(text, at), true
	case byteAt(text, at+1) == '*':
		length := strings.Index(text[at+2:], "*/")
		if length < 0 {
			return len(text), false
		}
		return at + 2 + length + 2, true
	}
	return at, true
}

// lineEnd gives the offset of the line break that ends the line of an offset,
// or the end of the text.
func lineEnd(text string, at int) int {
	if length := strings.IndexByte(text[at:], '\n'); length >= 0 {
		return at + length
	}
	return len(text)
}

// blank gives the size of the blank at an offset, 0 when there is none. Line
// breaks are no blanks; characters that checkCharacters has reported are.
func blank(text string, at int) int {
	if c := text[at]; ' ' < c && c < 0x7f {
		return 0
	}
	return blankSize(text, at)
}

// blankSize is blank for what is no common character.
func blankSize(text string, at int) int {
	c := text[at]
	switch {
	case c == ' ' || c == '\t':
		return 1
	case c == '\n':
		return 0
	case c < utf8.RuneSelf:
		return 1
	}
	if r, size := utf8.DecodeRuneInString(text[at:]); r == utf8.RuneError && size == 1 {
		return 1
	}
	return 0
}

// skipBlanks gives the offset of the next token or line break.
func skipBlanks(text string, at int) int {
	for at < len(text) {
		if size := blank(text, at); size > 0 {
			at += size
			continue
		}
		end, _ := commentEnd(text, at)
		if end == at {
			break
		}
		at = end
	}
	return at
}

// skipLines gives the offset of the next token, on whichever line it stands.
func skipLines(text string, at int) int {
	for {
		at = skipBlanks(text, at)
		if byteAt(text, at) != '\n' {
			return at
		}
		at++
	}
}

// dottedEnd gives the end of the dotted name at an offset, or the offset
// itself. Blanks around the dots do not belong to a dotted name.
func dottedEnd(text string, at int) int {
	end := nameEnd(text, at)
	for end > at && byteAt(text, end) == '.' {
		next := nameEnd(text, end+1)
		if next == end+1 {
			break
		}
		end = next
	}
	return end
}

// keyFollows reports whether `key:` stands at an offset; a quoted key counts,
// so that its error can be told.
func keyFollows(text string, at int) bool {
	end := nameEnd(text, at)
	if c := byteAt(text, at); c == '"' || c == '\'' {
		length := strings.IndexAny(text[at+1:], "\n"+string(c))
		if length < 0 || text[at+1+length] != c {
			return false
		}
		end = at + 1 + length + 1
	}
	return end > at && byteAt(text, skipBlanks(text, end)) == ':'
}

// settingsFollow reports whether what stands after a `<` makes it the opening
// of a call's settings: `>` or `key:`.
func settingsFollow(text string, at int) bool {
	at = skipLines(text, at)
	return byteAt(text, at) == '>' && byteAt(text, at+1) != '=' || keyFollows(text, at)
}

// assigns reports whether a single `=` stands at an offset.
func assigns(text string, at int) bool {
	return byteAt(text, at) == '=' && byteAt(text, at+1) != '='
}

// longestIndex is how far startsStatement looks for the `]` of a target.
const longestIndex = 200

// startsStatement reports whether the line at an offset can be nothing but a
// new statement: `name =`, `label: name =`, a statement's keyword, or
// `name <` with settings. In an open ternary `a < b :` is no call.
func startsStatement(text string, at int, ternary bool) bool {
	end := dottedEnd(text, at)
	if end == at {
		return false
	}
	next := skipBlanks(text, end)
	c := byteAt(text, next)
	if classOf(text[at:end])&wordStatement != 0 {
		return c != ':'
	}
	for c == '[' {
		length := strings.IndexAny(text[next:min(len(text), next+longestIndex)], "]\n")
		if length < 0 || text[next+length] != ']' {
			return false
		}
		next = skipBlanks(text, next+length+1)
		c = byteAt(text, next)
	}
	switch c {
	case '=':
		return assigns(text, next)
	case '<':
		return !ternary && settingsFollow(text, next+1)
	case ':':
		target := skipBlanks(text, next+1)
		end := dottedEnd(text, target)
		return !ternary && end > target && assigns(text, skipBlanks(text, end))
	}
	return false
}
