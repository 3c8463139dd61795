package runtime

import (
	"strings"
	"unicode/utf8"

	"flowrun/runtime/value"
)

// Differing is where the two operands of an == begin to differ, for the message of an
// expectation that was not met (see Reason.Differing). It is there when one of them is too
// large to be kept whole: what is kept is the place, and a little of what stands there on
// either side.
type Differing struct {
	// Place is the place in two lists or maps, such as `[17].name`; "" in two texts.
	Place string
	// Texts are the parts of two texts around the place where they begin to differ;
	// nil when they are no texts.
	Texts []TextPart
	// Left and Right show what stands at the place, cut as value.Glance does, or
	// "nothing".
	Left, Right string
}

// TextPart is what is kept of a long text around the place where it begins to differ from
// another one: whole characters, at most 80 bytes before the place and 160 behind it.
type TextPart struct {
	Text string
	// Before and After tell that the text has more before this part and after it, which
	// is best shown by an ellipsis.
	Before, After bool
}

// How much of differing texts is kept, in bytes.
const (
	keptBefore = 80
	keptAfter  = 160
)

// differing finds where two values begin to differ; nil when it is not known.
func (f *frame) differing(a, b any) *Differing {
	d, err := f.run.machine.Budget().Difference(a, b)
	if d == nil || err != nil {
		return nil
	}
	texts := differingTexts(d.Left, d.Right)
	if d.Place == "" && texts == nil {
		return nil
	}
	return &Differing{Place: d.Place, Texts: texts, Left: shownAt(d.Left, d.NoLeft), Right: shownAt(d.Right, d.NoRight)}
}

func shownAt(v any, nothing bool) string {
	if nothing {
		return "nothing"
	}
	return value.Glance(v)
}

// differingTexts are the parts of two texts around the place where they begin to
// differ; nil when they are no texts.
func differingTexts(a, b any) []TextPart {
	left, ok := a.(string)
	right, both := b.(string)
	if !ok || !both {
		return nil
	}
	at, most := 0, min(len(left), len(right))
	for at < most && left[at] == right[at] {
		at++
	}
	return []TextPart{partAround(left, at), partAround(right, at)}
}

// partAround is the part of a text around a place in it, in whole characters.
func partAround(text string, at int) TextPart {
	from, to := max(0, at-keptBefore), min(len(text), at+keptAfter)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	return TextPart{Text: strings.Clone(text[from:to]), Before: from > 0, After: to < len(text)}
}
