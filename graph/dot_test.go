package graph_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-graphviz"

	"flowrun/graph"
	"flowrun/lang"
)

// hostile are texts that mean something to one of the formats.
var hostile = []string{
	`"]; drop`, "a `tick`", "%% comment", "%%{init: {}}%%", "</text><script>alert(1)</script>", "]]>", "<!-- -->", "&amp;&lt;", `back\slash`, `\N \G \l`,
	"end", "subgraph x", "a --> b", "a -> b", "{{x}} }} ]) |x|", "#35;#quot;", "1. one", "- item", "# heading", "**bold** _it_", "$$x$$",
	"http://example.com/?a=b&c=d", "click b1 href \"javascript:alert(1)\"", "\u202eright to left", "nul \x00 bell \x07", "tab\tline\nfeed\r", "", " ", "💌 שלום", "\ufffe", "\xff",
	"style b1 fill:red", ":::class", "@{ shape: rect }", "~~~", "=====", "---\ntitle: x\n---",
}

// hostileFlow is a flow with a text wherever one can stand.
func hostileFlow(t *testing.T, text string) *graph.Graph {
	t.Helper()
	var quoted strings.Builder
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r > ' ' && r < 0x7f && !strings.ContainsRune("\"\\$", r) {
			quoted.WriteRune(r)
		} else {
			fmt.Fprintf(&quoted, `\u{%x}`, r)
		}
	}
	raw := "'" + strings.NewReplacer("'", "", `\`, `\\`).Replace(lang.VisibleLine(text)) + "'"
	return built(t, "hostile.flow", strings.NewReplacer("QUOTED", `"`+quoted.String()+`"`, "RAW", raw).Replace(`
flow service QUOTED < description: QUOTED >
input name: string = RAW
x = RAW
switch name {
  case RAW { crm.add < to: RAW, description: QUOTED > catch { return RAW } }
}
while name != RAW { fail < message: RAW > }
`))
}

func written(t *testing.T, write func(*bytes.Buffer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func dotOf(t *testing.T, g *graph.Graph) string {
	return written(t, func(out *bytes.Buffer) error { return g.WriteDOT(out) })
}

// nodeTexts are the lines that Graphviz itself draws in each node, and on the
// edges.
func nodeTexts(t *testing.T, dot string) (nodes map[string][]string, edges []string) {
	t.Helper()
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	read, err := graphviz.ParseBytes([]byte(dot))
	if err != nil {
		t.Fatalf("Graphviz does not read it: %v\n%s", err, dot)
	}
	defer read.Close()
	var out bytes.Buffer
	if err := g.Render(ctx, read, graphviz.SVG, &out); err != nil {
		t.Fatal(err)
	}
	type group struct {
		Class string   `xml:"class,attr"`
		Title string   `xml:"title"`
		Texts []string `xml:"text"`
	}
	var laidOut struct {
		Groups []group `xml:"g>g"`
	}
	if err := xml.Unmarshal(out.Bytes(), &laidOut); err != nil {
		t.Fatal(err)
	}
	nodes = map[string][]string{}
	for _, drawn := range laidOut.Groups {
		for i, text := range drawn.Texts {
			drawn.Texts[i] = strings.ReplaceAll(text, "\u00a0", " ")
		}
		switch drawn.Class {
		case "node":
			nodes[drawn.Title] = drawn.Texts
		case "edge":
			edges = append(edges, drawn.Texts...)
		}
	}
	slices.Sort(edges)
	return nodes, edges
}

// wantTexts are the lines that a graph has in its blocks, and at its branches.
func wantTexts(g *graph.Graph) (nodes map[string][]string, edges []string) {
	nodes = map[string][]string{}
	for _, section := range g.Sections {
		for _, b := range section.Blocks {
			nodes[b.ID] = slices.DeleteFunc(append([]string{b.Title, b.Description}, b.Lines...), func(s string) bool { return s == "" })
		}
		for _, b := range section.Branches {
			if b.Label != "" {
				edges = append(edges, b.Label)
			}
		}
	}
	slices.Sort(edges)
	return nodes, edges
}

func TestGraphvizDrawsTheTextsOfAFlowAsTheyAre(t *testing.T) {
	for _, text := range hostile {
		t.Run(text, func(t *testing.T) {
			g := hostileFlow(t, text)
			nodes, edges := nodeTexts(t, dotOf(t, g))
			wantNodes, wantEdges := wantTexts(g)
			if !reflect.DeepEqual(nodes, wantNodes) {
				t.Errorf("Graphviz draws %q, want %q", nodes, wantNodes)
			}
			if !slices.Equal(edges, wantEdges) {
				t.Errorf("Graphviz writes at edges %q, want %q", edges, wantEdges)
			}
		})
	}
}

func TestGraphvizReadsEveryExample(t *testing.T) {
	for _, file := range examples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			g := parsed(t, file)
			nodes, _ := nodeTexts(t, dotOf(t, g))
			if want, _ := wantTexts(g); len(nodes) != len(want) {
				t.Errorf("Graphviz knows %d blocks, want %d", len(nodes), len(want))
			}
		})
	}
}
