package graph_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestThePictureHasTheTextsOfAFlowAsTheyAre(t *testing.T) {
	for i, text := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			g := hostileFlow(t, text)
			p := readPicture(t, drawn(t, g))
			var shown, want []string
			for _, box := range append(p.texts, p.labels...) {
				if box.class != "name" && box.class != "note" {
					shown = append(shown, box.text)
				}
			}
			nodes, edges := wantTexts(g)
			for _, lines := range nodes {
				want = append(want, lines...)
			}
			want = append(want, edges...)
			slices.Sort(shown)
			slices.Sort(want)
			if !slices.Equal(shown, want) {
				t.Errorf("the picture has %q, want %q", shown, want)
			}
			for _, fault := range p.faults() {
				t.Error(fault)
			}
		})
	}
}

func TestThePictureStandsAlone(t *testing.T) {
	elements := []string{"svg", "title", "desc", "style", "rect", "text", "g", "path"}
	for _, text := range hostile {
		svg := drawn(t, hostileFlow(t, text))
		decoder := xml.NewDecoder(strings.NewReader(svg))
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			element, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if !slices.Contains(elements, element.Name.Local) {
				t.Errorf("%q brings the element %s", text, element.Name.Local)
			}
			for _, a := range element.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Name.Local, "href") || strings.Contains(a.Value, "url(") {
					t.Errorf("%q brings the attribute %s=%q", text, a.Name.Local, a.Value)
				}
			}
		}
		if style := svg[strings.Index(svg, "<style>"):strings.Index(svg, "</style>")]; strings.Contains(style, "url(") || strings.Contains(style, "@import") {
			t.Error("the style refers to something outside")
		}
	}
}

func TestThePictureHasATitleForThoseWhoDoNotSeeIt(t *testing.T) {
	svg := drawn(t, built(t, "x.flow", `flow "Tea & more" < description: "Makes tea." >`))
	for _, want := range []string{
		`role="img"`, `aria-labelledby="flow-title flow-description"`,
		`<title id="flow-title">Flow Tea &amp; more</title>`,
		`<desc id="flow-description">Makes tea. A diagram of 2 blocks, from the start at the top to the end.</desc>`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %s:\n%s", want, svg)
		}
	}
}
