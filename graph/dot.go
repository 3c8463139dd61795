package graph

import (
	"fmt"
	"io"
	"strings"
)

// WriteDOT writes the graph in the language of Graphviz.
func (g *Graph) WriteDOT(w io.Writer) error {
	var out strings.Builder
	fmt.Fprintf(&out, "digraph {\n  label=%s\n  labelloc=t\n  nodesep=0.4\n", dotText(joinedLines(g.Title, g.Description)))
	out.WriteString("  fontname=\"Helvetica\"\n")
	out.WriteString("  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, fontcolor=\"#1f2430\"]\n")
	out.WriteString("  edge [fontname=\"Helvetica\", fontsize=10]\n")
	for i, section := range g.Sections {
		indent := "  "
		if section.Function != "" {
			fmt.Fprintf(&out, "  subgraph cluster_%d {\n    label=%s\n    style=dotted\n", i, dotText("function "+section.Function))
			indent = "    "
		}
		for _, b := range section.Blocks {
			fmt.Fprintf(&out, "%s%s [label=%s, %s]\n", indent, b.ID, dotBlock(b), dotShape(b))
		}
		for _, b := range section.Branches {
			fmt.Fprintf(&out, "%s%s -> %s [%s]\n", indent, b.From.ID, b.To.ID, dotBranch(b))
		}
		if section.Function != "" {
			out.WriteString("  }\n")
		}
	}
	out.WriteString("}\n")
	_, err := io.WriteString(w, out.String())
	return err
}

var dotShapes = [...]string{
	Start:     `shape=box, fillcolor="#e4f3e7", color="#3d8b52"`,
	Call:      `style=filled, fillcolor="#e6effb", color="#3a6fb5"`,
	Assign:    `style=filled, fillcolor="#f2f3f5", color="#7d8592"`,
	Condition: `shape=hexagon, style=filled, fillcolor="#fdf3da", color="#b0851f"`,
	Loop:      `shape=hexagon, style=filled, fillcolor="#fdf3da", color="#b0851f"`,
	Jump:      `style=filled, fillcolor="#f3eafa", color="#8250b4"`,
	End:       `shape=box, fillcolor="#e4e7ec", color="#59606c"`,
}

func dotShape(b *Block) string {
	if b.Failure {
		return `shape=box, fillcolor="#fde8e6", color="#c2392b"`
	}
	return dotShapes[b.Kind]
}

var dotLines = [...]string{
	Next:      `color="#59606c", fontcolor="#59606c"`,
	Back:      `color="#b0851f", fontcolor="#86620c"`,
	OnFailure: `color="#c2392b", fontcolor="#c2392b", style=dashed`,
	Leap:      `color="#8250b4", fontcolor="#8250b4", style=dotted`,
}

// dotBranch gives the attributes of a branch. What goes on straight is drawn as
// straight as can be.
func dotBranch(b *Branch) string {
	attributes := dotLines[b.Kind]
	if b.Label != "" {
		attributes = "label=" + dotText(b.Label) + ", " + attributes
	}
	if b.main && b.Kind == Next {
		attributes += ", weight=10"
	}
	return attributes
}

func dotBlock(b *Block) string {
	var lines []string
	for _, line := range textLines(b) {
		lines = append(lines, line.text)
	}
	return dotText(strings.Join(lines, "\n"))
}

func joinedLines(lines ...string) string { return strings.TrimRight(strings.Join(lines, "\n"), "\n") }

// dotText is text in quotes of DOT. In labels a backslash begins an escape, and
// an ampersand a character of HTML.
func dotText(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "&", "&amp;").Replace(text) + `"`
}
