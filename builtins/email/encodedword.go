package email

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// An encoded-word of RFC 2047 is at most 75 characters long; 45 bytes give 60
// characters of base64 between `=?utf-8?b?` and `?=`. A plain word stays below
// the 998 bytes that RFC 5322 section 2.1.1 allows a line.
const (
	encodedWordBytes = 45
	longestPlainWord = 900
)

// headerLine gives unstructured text as a header holds it: itself when it is
// plain, else encoded-words. The result is ASCII whose words are parted by single
// blanks, so that it can be folded at each of them (RFC 5322 section 2.2.3).
func headerLine(text string) string {
	if isPlainHeaderText(text) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		n := wholeRunes(text, encodedWordBytes)
		b.WriteString("=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(text[:n])) + "?=")
		text = text[n:]
	}
	return b.String()
}

// isPlainHeaderText reports text that survives folding and unfolding as it is
// and that no reader takes for an encoded-word.
func isPlainHeaderText(text string) bool {
	if strings.Contains(text, "=?") || strings.Contains(text, "  ") || strings.TrimSpace(text) != text {
		return false
	}
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	for word := range strings.SplitSeq(text, " ") {
		if len(word) > longestPlainWord {
			return false
		}
	}
	return true
}

// wholeRunes is how many of the first limit bytes of text end with a whole
// character.
func wholeRunes(text string, limit int) int {
	if len(text) <= limit {
		return len(text)
	}
	for n := limit; n > limit-utf8.UTFMax; n-- {
		if utf8.RuneStart(text[n]) {
			return n
		}
	}
	return limit
}
