package graph_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flowrun/graph"
	"flowrun/lang"
)

// faults are what is wrong with a picture to the eye.
func (p *picture) faults() []string {
	var found []string
	fault := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	whole := rectangle{0, 0, p.width, p.height}
	for i, b := range p.blocks {
		if !whole.holds(b) {
			fault("block %d stands outside the picture", i)
		}
		for j, other := range p.blocks[:i] {
			if b.overlaps(other) {
				fault("blocks %d and %d overlap", i, j)
			}
		}
	}
	for i, text := range p.texts {
		if !p.blocks[text.block].holds(text.rectangle) {
			fault("the text %q does not fit its block", text.text)
		}
		if i > 0 && p.texts[i-1].block == text.block && text.overlaps(p.texts[i-1].rectangle) {
			fault("the texts %q and %q overlap", text.text, p.texts[i-1].text)
		}
	}
	for i, label := range p.labels {
		if !whole.holds(label.rectangle) {
			fault("the label %q stands outside the picture", label.text)
		}
		for _, b := range p.blocks {
			if label.overlaps(b) {
				fault("the label %q overlaps a block", label.text)
			}
		}
		for _, other := range p.labels[:i] {
			if label.overlaps(other.rectangle) {
				fault("the labels %q and %q overlap", label.text, other.text)
			}
		}
	}
	for _, l := range p.lines {
		p.follow(l, fault)
	}
	p.shared(fault)
	return found
}

// follow goes along a branch: from the top of a block back to the bottom of one.
func (p *picture) follow(l line, fault func(string, ...any)) {
	places := l.places
	for i, at := range places {
		piece := l.piece(i)
		if at.x < 0 || at.x > p.width || at.y < 0 || at.y > p.height {
			fault("a branch leaves the picture at %.0f,%.0f", at.x, at.y)
			return
		}
		for i, b := range p.blocks {
			if b.shrunk(0.5).overlaps(piece) {
				fault("a branch runs through block %d near %.0f,%.0f", i, at.x, at.y)
				return
			}
		}
		for _, label := range p.labels {
			if label.overlaps(piece) {
				fault("a branch runs through the label %q near %.0f,%.0f", label.text, at.x, at.y)
				return
			}
		}
	}
	end, begin := places[0], places[len(places)-1]
	entered, left := false, false
	for _, b := range p.blocks {
		entered = entered || math.Abs(end.y-b.top) < 0.2 && b.left < end.x && end.x < b.right
		left = left || math.Abs(begin.y-b.bottom) < 0.2 && b.left < begin.x && begin.x < b.right
	}
	if !entered || !left {
		fault("a branch from %.0f,%.0f to %.0f,%.0f hangs in the air", begin.x, begin.y, end.x, end.y)
	}
}

// shared finds branches to different blocks that run on top of each other.
func (p *picture) shared(fault func(string, ...any)) {
	for i, l := range p.lines {
		for _, other := range p.lines[:i] {
			if l.places[0] == other.places[0] {
				continue // they lead to the same block
			}
			for a := 1; a < len(l.places); a++ {
				for b := 1; b < len(other.places); b++ {
					if length := together(l.places[a-1], l.places[a], other.places[b-1], other.places[b]); length > 1 {
						fault("branches share %.0f pixels near %.0f,%.0f", length, l.places[a].x, l.places[a].y)
					}
				}
			}
		}
	}
}

// together is how far two pieces run side by side, closer than two pixels.
func together(a, b, c, d place) float64 {
	const close = 2
	over := func(a, b, c, d float64) float64 { return min(max(a, b), max(c, d)) - max(min(a, b), min(c, d)) }
	switch {
	case a.y == b.y && c.y == d.y && math.Abs(a.y-c.y) < close:
		return over(a.x, b.x, c.x, d.x)
	case a.x == b.x && c.x == d.x && math.Abs(a.x-c.x) < close:
		return over(a.y, b.y, c.y, d.y)
	}
	return 0
}

func drawn(t *testing.T, g *graph.Graph) string {
	t.Helper()
	var out strings.Builder
	if err := g.WriteSVG(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func examples(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("../examples/*.flow")
	if err != nil {
		t.Fatal(err)
	}
	var flows []string
	for _, file := range all {
		if !lang.IsTestFile(file) {
			flows = append(flows, file)
		}
	}
	if len(flows) == 0 {
		t.Fatal("there are no examples")
	}
	return flows
}

func parsed(t *testing.T, file string) *graph.Graph {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return built(t, filepath.Base(file), string(text))
}

func built(t *testing.T, name, text string, options ...graph.Option) *graph.Graph {
	t.Helper()
	tree, diagnostics := lang.Parse(name, text)
	if err := diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return graph.Build(tree, options...)
}

func TestNothingOverlapsInThePicturesOfTheExamples(t *testing.T) {
	for _, file := range examples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			for _, fault := range readPicture(t, drawn(t, parsed(t, file))).faults() {
				t.Error(fault)
			}
		})
	}
}

func TestNothingOverlapsInThePicturesOfGeneratedFlows(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		source := generatedFlow(r)
		tree, _ := lang.Parse("generated.flow", source)
		faults := readPicture(t, drawn(t, graph.Build(tree))).faults()
		if len(faults) > 0 {
			r.Fatalf("%s\nin the picture of\n%s", strings.Join(faults, "\n"), source)
		}
	})
}

func TestNothingOverlapsAmongManyGotos(t *testing.T) {
	const labels = 100 // more than are put in order
	var flow strings.Builder
	for i := range labels {
		fmt.Fprintf(&flow, "l%d: x = %d\nif x > 1 { goto l%d }\nwhile x > 2 { goto l%d }\n", i, i, labels-1-i, (7*i)%labels)
	}
	p := readPicture(t, drawn(t, built(t, "gotos.flow", flow.String())))
	if len(p.blocks) != 3*labels+2 {
		t.Errorf("the picture has %d blocks", len(p.blocks))
	}
	for _, fault := range p.faults() {
		t.Error(fault)
	}
}

func TestTheStyleHasTheFontsThatAreMeasured(t *testing.T) {
	svg := drawn(t, built(t, "x.flow", "stop"))
	style := svg[strings.Index(svg, "<style>"):strings.Index(svg, "</style>")]
	all := "text { font-family: Helvetica, Arial, \"Liberation Sans\", sans-serif; font-size: 12px;"
	if !strings.Contains(style, all) {
		t.Errorf("the style lacks %q", all)
	}
	for class, is := range fonts {
		want := fmt.Sprintf(".%s { font-size: %gpx;", class, is.size)
		if is.bold {
			want += " font-weight: bold;"
		}
		if is.size != 12 && !strings.Contains(style, want) {
			t.Errorf("the style lacks %q", want)
		}
	}
}
