package graph

import (
	"unicode"

	"golang.org/x/text/width"
)

// helvetica are the widths of the ASCII characters from the space on in
// thousandths of the size of the font, from Adobe's metrics of Helvetica.
var helvetica = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// The fonts of viewers differ: DejaVu Sans, the widest in common use, needs this
// much more than Helvetica, and in bold print.
const (
	roomy     = 1.2
	roomyBold = 1.34
	otherWide = 1000 // characters of East Asia, emoji
	otherTall = 650  // all others
)

// font is a size in pixels and a weight.
type font struct {
	size float64
	bold bool
}

// width is how much room a text needs, in pixels.
func (f font) width(text string) float64 {
	thousandths := 0
	for _, r := range text {
		thousandths += widthOf(r)
	}
	room := roomy
	if f.bold {
		room = roomyBold
	}
	return float64(thousandths) / 1000 * f.size * room
}

func widthOf(r rune) int {
	switch {
	case r >= ' ' && int(r-' ') < len(helvetica):
		return helvetica[r-' ']
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return otherWide
	}
	if unicode.IsLetter(r) && r < 0x500 {
		return otherTall
	}
	return otherWide
}
