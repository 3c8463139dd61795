package lang

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// RenderOptions say how diagnostics are printed.
type RenderOptions struct {
	// Color uses the sixteen ANSI colours.
	Color bool
	// Width is that of the terminal in columns; lines of the source that are
	// longer are cut around the place. 0 stands for 100.
	Width int
}

const (
	defaultWidth = 100
	minimalWidth = 40
	gutterWidth  = 8 // `   14 | `
	tabWidth     = 4
	ellipsis     = "…"
)

// Render prints each problem with the line it stands on and marks below it:
//
//	order.flow:14:3: error: unknown setting "subjct" of sendEmail
//	   14 |   subjct: "Order ${order.id}"
//	      |   ^^^^^^ did you mean "subject"?
//
// followed by its detail, when it has one. A hint that does not fit stands on a
// line of its own. A range over several lines is marked
// on the first of them. Control characters are printed as Visible shows them.
func (ds Diagnostics) Render(w io.Writer, options RenderOptions) error {
	var out strings.Builder
	for _, d := range ds {
		d.render(&out, options)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (d Diagnostic) render(out *strings.Builder, options RenderOptions) {
	paint := painter{color: options.Color, accent: ansiRed}
	if d.Severity == Warning {
		paint.accent = ansiYellow
	}
	out.WriteString(paint.bold(strings.TrimSuffix(d.prefix(), " ")))
	if d.Source != nil {
		out.WriteByte(' ')
	}
	out.WriteString(paint.mark(d.Severity.String()+":") + " " + VisibleLine(d.Summary) + "\n")
	if options.Width == 0 {
		options.Width = defaultWidth
	}
	room := max(minimalWidth, options.Width) - gutterWidth
	hint := VisibleLine(d.Hint)
	switch {
	case d.Source != nil:
		place := d.Range()
		line, before, marked := excerpt(d.Source.Line(place.Start.Line), place, room)
		fmt.Fprintf(out, "%s%s\n", paint.dim(fmt.Sprintf("%5d | ", place.Start.Line)), line)
		below := func(indentation int, text string) {
			fmt.Fprintf(out, "%s%s%s\n", paint.dim("      | "), strings.Repeat(" ", indentation), paint.mark(text))
		}
		marks, hintWidth := strings.Repeat("^", marked), columns(cellsOf(hint))
		switch {
		case hint == "":
			below(before, marks)
		case before+marked+1+hintWidth <= room:
			below(before, marks+" "+hint)
		default:
			below(before, marks)
			below(max(0, min(before, room-hintWidth)), hint)
		}
	case hint != "":
		fmt.Fprintf(out, "      %s\n", paint.mark(hint))
	}
	for _, line := range wrap(Visible(d.Detail), room) {
		fmt.Fprintf(out, "      %s\n", line)
	}
}

// cell is a character as it is printed.
type cell struct {
	text  string
	width int
}

// excerpt gives the printed form of a line, cut to the room when it is longer,
// with the columns before the marks and the number of marks.
func excerpt(line string, place Range, room int) (text string, before, marked int) {
	cells := cellsOf(line)
	start := min(place.Start.Column-1, len(cells))
	end := len(cells)
	if place.End.Line == place.Start.Line {
		end = min(place.End.Column-1, end)
	} else {
		end = max(start, min(end, utf8.RuneCountInString(strings.TrimRight(line, " \t"))))
	}
	end = max(start, end)
	first, last := window(cells, start, end, room)
	if first > 0 {
		text, before = ellipsis, 1
	}
	for i, c := range cells[first:last] {
		text += c.text
		switch at := first + i; {
		case at < start:
			before += c.width
		case at < end:
			marked += c.width
		}
	}
	if last < len(cells) {
		text += ellipsis
	}
	return strings.TrimRight(text, " "), before, max(1, marked)
}

// window chooses the cells that fit the room: all of them, or those around the
// marked ones, a third of the free room before them.
func window(cells []cell, start, end, room int) (first, last int) {
	if columns(cells) <= room {
		return 0, len(cells)
	}
	room -= 2 // an ellipsis on either side
	free := max(0, room-columns(cells[start:end]))
	first = start
	for used := 0; first > 0; first-- {
		if used += cells[first-1].width; used > free/3 {
			break
		}
	}
	last = first
	for used := 0; last < len(cells); last++ {
		if used += cells[last].width; used > room {
			break
		}
	}
	for last == len(cells) && first > 0 && columns(cells[first-1:last]) <= room {
		first--
	}
	return first, last
}

func columns(cells []cell) int {
	sum := 0
	for _, c := range cells {
		sum += c.width
	}
	return sum
}

// cellsOf gives one cell for each character of a line; tabs become spaces.
func cellsOf(line string) []cell {
	cells := make([]cell, 0, len(line))
	column := 0
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		c := cell{text: line[i : i+size], width: 1}
		switch escape := escapeOf(r, size, line[i]); {
		case r == '\t':
			c.width = tabWidth - column%tabWidth
			c.text = strings.Repeat(" ", c.width)
		case escape != "":
			c = cell{text: escape, width: len(escape)}
		default:
			c.width = runeWidth(r)
		}
		cells = append(cells, c)
		column += c.width
		i += size
	}
	return cells
}

// runeWidth is the number of terminal columns of a character (Unicode Standard
// Annex 11): none for marks and joiners, two for wide ones.
func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// wrap breaks text at spaces into lines of at most room columns; its own line
// breaks stay.
func wrap(text string, room int) []string {
	if text == "" {
		return nil
	}
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line, used := "", 0
		for word := range strings.FieldsSeq(paragraph) {
			size := columns(cellsOf(word))
			if used > 0 && used+1+size > room {
				lines = append(lines, line)
				line, used = "", 0
			}
			if used > 0 {
				line, used = line+" ", used+1
			}
			line, used = line+word, used+size
		}
		lines = append(lines, line)
	}
	return lines
}

const (
	ansiReset  = "\x1b[0m"
	ansiBold   = "\x1b[1m"
	ansiDim    = "\x1b[2m"
	ansiRed    = "\x1b[1;31m"
	ansiYellow = "\x1b[1;33m"
)

// painter colours text, or leaves it as it is.
type painter struct {
	color  bool
	accent string
}

func (p painter) bold(s string) string { return p.paint(ansiBold, s) }
func (p painter) dim(s string) string  { return p.paint(ansiDim, s) }
func (p painter) mark(s string) string { return p.paint(p.accent, s) }

func (p painter) paint(code, s string) string {
	if !p.color || s == "" {
		return s
	}
	return code + s + ansiReset
}
