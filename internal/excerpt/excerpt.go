// Package excerpt repeats pieces of a flow's source on one line, for pictures and
// explanations.
package excerpt

import (
	"slices"
	"strings"

	"flowrun/lang"
)

// Line makes a text fit to be shown on one line of at most so many characters.
func Line(text string, most int) string { return Cut(lang.VisibleLine(text), most) }

// Cut leaves out the end of a text with more characters than that.
func Cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return strings.TrimRight(string(runes[:most-1]), " ") + "…"
	}
	return text
}

// Source gives a piece of the source, with single spaces.
func Source(source *lang.Source, span lang.Span, most int) string {
	return Line(strings.Join(strings.Fields(source.Slice(span)), " "), most)
}

// Value gives an expression; of a string over lines the first one that is not
// blank.
func Value(source *lang.Source, e *lang.Expression, most int) string {
	literal := e.Literal()
	if literal == nil || (literal.Kind != lang.TextBlock && literal.Kind != lang.Raw) {
		return Source(source, e.Span, most)
	}
	text := strings.Trim(source.Slice(e.Span), "\"`")
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
	switch len(lines) {
	case 0:
		return `""`
	case 1:
		return Line(`"`+strings.TrimSpace(lines[0])+`"`, most)
	}
	return Line(`"`+strings.TrimSpace(lines[0])+` …"`, most)
}
