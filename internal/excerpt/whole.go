package excerpt

import (
	"fmt"
	"math"
	"unicode/utf8"

	"flowrun/lang"
)

// Whole gives an expression on one line, as long as it is.
func Whole(source *lang.Source, e *lang.Expression) string {
	return Source(source, e.Span, math.MaxInt)
}

// Counted gives an expression; of one that is cut, such as a long list, it says how
// many of the texts in it are left out.
func Counted(source *lang.Source, e *lang.Expression, most int) string {
	whole := Whole(source, e)
	if e.Literal() != nil || utf8.RuneCountInString(whole) <= most {
		return Value(source, e, most)
	}
	shown, left := "", len(e.Strings)
	for _, literal := range e.Strings {
		until := Source(source, lang.Span{Start: e.Span.Start, End: literal.Span.End}, math.MaxInt)
		if utf8.RuneCountInString(until) > most {
			break
		}
		shown, left = until, left-1
	}
	switch {
	case left == 0:
		return Cut(whole, most)
	case shown == "":
		shown = Cut(whole, most)
	default:
		shown += " …"
	}
	if left == 1 {
		return shown + " (1 more text)"
	}
	return shown + fmt.Sprintf(" (%d more texts)", left)
}
