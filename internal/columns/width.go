// Package columns measures text in the columns of a terminal, shortens it and
// breaks it into lines.
package columns

import (
	"unicode"

	"golang.org/x/text/width"
)

// Cut shortens text to so many columns, and marks that it has.
func Cut(text string, columns int) string {
	if Width(text) <= columns {
		return text
	}
	taken := 0
	var measure ruler
	for i, r := range text {
		if taken += measure.next(r); taken > columns-1 {
			return text[:i] + "…"
		}
	}
	return text
}

// Width is how many columns of a terminal text takes.
func Width(text string) int {
	total := 0
	var measure ruler
	for _, r := range text {
		total += measure.next(r)
	}
	return total
}

// ruler measures the characters of a text, one after the other.
type ruler struct{ joined bool }

const zeroWidthJoiner = '\u200d'

// next gives the columns that a character adds: two for the wide ones of Unicode
// Standard Annex 11, none for what is drawn over the character before it, or
// joined to it.
func (m *ruler) next(r rune) int {
	joined := m.joined
	m.joined = r == zeroWidthJoiner
	skinTone := r >= '\U0001f3fb' && r <= '\U0001f3ff'
	switch {
	case joined, skinTone, unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
