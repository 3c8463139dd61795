package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"flowrun/lang"
)

// table is rows of cells under a title each.
type table struct {
	titles []string
	rows   [][]string
}

// columnGap stands between two columns, narrowest is what a column keeps when a
// table is too wide for its terminal.
const (
	columnGap = 2
	narrowest = 8
)

func (t *table) add(cells ...string) {
	for i, cell := range cells {
		cells[i] = lang.VisibleLine(cell)
	}
	t.rows = append(t.rows, cells)
}

// show prints the table. On a terminal, whose width the palette knows, long cells
// are shortened to fit.
func (t *table) show(w io.Writer, p palette) {
	widths := t.fit(p.width)
	fmt.Fprintln(w, p.bold(line(t.titles, widths)))
	for _, row := range t.rows {
		fmt.Fprintln(w, line(row, widths))
	}
}

// firm are the columns that say little when they are cut, so that the others are
// shortened before them.
var firm = []string{"ID", "THREAD", "STATE", "DATE", "ADDED", "SIZE", "TLS", "SERVER"}

// fit gives the widths of the columns: what they need, or, where that is more
// than the terminal has, less for the widest ones.
func (t *table) fit(terminal int) []int {
	widths := make([]int, len(t.titles))
	total := -columnGap
	for i, title := range t.titles {
		widths[i] = displayWidth(title)
		for _, row := range t.rows {
			widths[i] = max(widths[i], displayWidth(row[i]))
		}
		total += widths[i] + columnGap
	}
	if terminal > 0 {
		excess := t.shrink(widths, total-terminal, func(title string) bool { return !slices.Contains(firm, title) })
		t.shrink(widths, excess, func(title string) bool { return slices.Contains(firm, title) })
	}
	return widths
}

// shrink takes what is too much from the widest of some columns, and gives what is
// left of it.
func (t *table) shrink(widths []int, excess int, may func(title string) bool) int {
	for ; excess > 0; excess-- {
		widest := -1
		for i, title := range t.titles {
			if may(title) && widths[i] > narrowest && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return excess
}

func line(cells []string, widths []int) string {
	var text strings.Builder
	for i, cell := range cells {
		cell = cut(cell, widths[i])
		text.WriteString(cell)
		text.WriteString(strings.Repeat(" ", widths[i]-displayWidth(cell)+columnGap))
	}
	return strings.TrimRight(text.String(), " ")
}

// cut shortens text to so many columns, and marks that it has.
func cut(text string, columns int) string {
	if displayWidth(text) <= columns {
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

// displayWidth is how many columns of a terminal text takes.
func displayWidth(text string) int {
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
