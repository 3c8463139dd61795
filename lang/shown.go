package lang

import (
	"strings"
	"unicode/utf8"
)

// shownLength is how many characters of the source a message repeats at most.
const shownLength = 24

// shown gives a piece of the source as messages quote it: between backquotes, on
// one line and not too long.
func shown(text string) string {
	if longest := 5 * shownLength; len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "")
	}
	if line, _, cut := strings.Cut(text, "\n"); cut {
		text = strings.TrimRight(line, " \t") + "…"
	}
	if utf8.RuneCountInString(text) > shownLength {
		text = string([]rune(text)[:shownLength-1]) + "…"
	}
	return "`" + text + "`"
}
