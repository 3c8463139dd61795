package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"flowrun/internal/columns"
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
		widths[i] = columns.Width(title)
		for _, row := range t.rows {
			widths[i] = max(widths[i], columns.Width(row[i]))
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
		cell = columns.Cut(cell, widths[i])
		text.WriteString(cell)
		text.WriteString(strings.Repeat(" ", widths[i]-columns.Width(cell)+columnGap))
	}
	return strings.TrimRight(text.String(), " ")
}
