package graph_test

import (
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// picture is what the geometry of an SVG comes to.
type picture struct {
	width, height float64
	blocks        []rectangle
	labels        []textBox // of branches, titles and descriptions
	texts         []textBox // of blocks, with the block that they are in
	lines         []line
}

type rectangle struct{ left, top, right, bottom float64 }

// overlaps reports whether two rectangles share an inner point; one of them may be a
// line.
func (r rectangle) overlaps(o rectangle) bool {
	return r.left < o.right && o.left < r.right && r.top < o.bottom && o.top < r.bottom
}

func (r rectangle) holds(o rectangle) bool {
	return r.left <= o.left && o.right <= r.right && r.top <= o.top && o.bottom <= r.bottom
}

func (r rectangle) shrunk(by float64) rectangle {
	return rectangle{r.left + by, r.top + by, r.right - by, r.bottom - by}
}

type textBox struct {
	rectangle
	text  string
	class string
	block int // index of its block
}

// place is a point on a line.
type place struct{ x, y float64 }

// line is one branch from its end to its beginning, curves as short pieces; path
// is the number of the path that it is a part of.
type line struct {
	path   int
	class  string
	places []place
}

// face measures texts in the Go fonts, which are wider than Helvetica.
type face struct{ regular, bold *opentype.Font }

var goFonts = func() face {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(err)
	}
	bold, err := opentype.Parse(gobold.TTF)
	if err != nil {
		panic(err)
	}
	return face{regular, bold}
}()

// fonts are the sizes and weights that the classes of texts have in the style of
// the picture; TestTheStyleHasTheFontsThatAreMeasured holds both together.
var fonts = map[string]struct {
	size float64
	bold bool
}{
	"name": {17, true}, "note": {13, false}, "title": {13, true}, "about": {12, false}, "text": {12, false}, "label": {11, false},
}

func measured(t *testing.T, class, text string) float64 {
	t.Helper()
	is, ok := fonts[class]
	if !ok {
		t.Fatalf("no font is known for the class %q", class)
	}
	f := goFonts.regular
	if is.bold {
		f = goFonts.bold
	}
	shape, err := opentype.NewFace(f, &opentype.FaceOptions{Size: is.size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		t.Fatal(err)
	}
	return float64(font.MeasureString(shape, text)) / 64
}

// readPicture reads the SVG as any viewer would: it must be well-formed.
func readPicture(t *testing.T, svg string) *picture {
	t.Helper()
	p := &picture{}
	decoder := xml.NewDecoder(strings.NewReader(svg))
	paths, inBlock := 0, false
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return p
		}
		if err != nil {
			t.Fatalf("the picture is not XML: %v\n%s", err, svg)
		}
		if end, ok := token.(xml.EndElement); ok && end.Name.Local == "g" {
			inBlock = false
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		a := attributes(element)
		classes := strings.Fields(a["class"])
		switch {
		case element.Name.Local == "svg":
			p.width, p.height = float(t, a["width"]), float(t, a["height"])
		case element.Name.Local == "g":
			inBlock = a["id"] != ""
		case element.Name.Local == "text":
			var text string
			if err := decoder.DecodeElement(&text, &element); err != nil {
				t.Fatal(err)
			}
			box := textBoxOf(t, a, classes[0], text)
			if inBlock {
				box.block = len(p.blocks) - 1
				p.texts = append(p.texts, box)
			} else {
				p.labels = append(p.labels, box)
			}
		case len(classes) == 0:
		case classes[0] == "block":
			p.blocks = append(p.blocks, blockOf(t, element.Name.Local, a))
		case classes[0] == "line":
			for _, places := range pathOf(t, a["d"]) {
				p.lines = append(p.lines, line{paths, a["class"], places})
			}
			paths++
		}
	}
}

func attributes(element xml.StartElement) map[string]string {
	a := map[string]string{}
	for _, attribute := range element.Attr {
		a[attribute.Name.Local] = attribute.Value
	}
	return a
}

func float(t *testing.T, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func textBoxOf(t *testing.T, a map[string]string, class, text string) textBox {
	t.Helper()
	width, size := measured(t, class, text), fonts[class].size
	x, y := float(t, a["x"]), float(t, a["y"])
	if a["text-anchor"] == "middle" {
		x -= width / 2
	}
	return textBox{rectangle{x, y - 0.75*size, x + width, y + 0.25*size}, text, class, -1}
}

// blockOf is the rectangle around a block: a rect, or a path of steps.
func blockOf(t *testing.T, name string, a map[string]string) rectangle {
	t.Helper()
	if name == "rect" {
		x, y := float(t, a["x"]), float(t, a["y"])
		return rectangle{x, y, x + float(t, a["width"]), y + float(t, a["height"])}
	}
	words := strings.Fields(strings.NewReplacer("M", "M ", "h", "h ", "l", "l ", "z", "").Replace(a["d"]))
	var at place
	r := rectangle{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i := 0; i < len(words); {
		switch words[i] {
		case "M":
			at = place{float(t, words[i+1]), float(t, words[i+2])}
			i += 3
		case "h":
			at.x += float(t, words[i+1])
			i += 2
		case "l":
			at = place{at.x + float(t, words[i+1]), at.y + float(t, words[i+2])}
			i += 3
		default:
			t.Fatalf("a block is drawn by %q", a["d"])
		}
		r = rectangle{min(r.left, at.x), min(r.top, at.y), max(r.right, at.x), max(r.bottom, at.y)}
	}
	return r
}

// pathOf reads the parts of a path of M, L and Q.
func pathOf(t *testing.T, d string) [][]place {
	t.Helper()
	words := strings.Fields(strings.NewReplacer("M", "M ", "L", "L ", "Q", "Q ").Replace(d))
	var parts [][]place
	read := func(i int) place { return place{float(t, words[i]), float(t, words[i+1])} }
	for i := 0; i < len(words); {
		last := len(parts) - 1
		switch words[i] {
		case "M":
			parts = append(parts, []place{read(i + 1)})
			i += 3
		case "L":
			parts[last] = append(parts[last], read(i+1))
			i += 3
		case "Q":
			from, control, to := parts[last][len(parts[last])-1], read(i+1), read(i+3)
			for step := 1.0; step <= 4; step++ {
				s := step / 4
				parts[last] = append(parts[last], place{
					(1-s)*(1-s)*from.x + 2*s*(1-s)*control.x + s*s*to.x,
					(1-s)*(1-s)*from.y + 2*s*(1-s)*control.y + s*s*to.y,
				})
			}
			i += 5
		default:
			t.Fatalf("a line is drawn by %q", d)
		}
	}
	return parts
}

// piece is the rectangle around the way to a place of the line, which is the way
// itself but in the few pixels of a curve.
func (l line) piece(i int) rectangle {
	a, b := l.places[max(i-1, 0)], l.places[i]
	return rectangle{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}
}
