package graph

import (
	"fmt"
	"io"
	"strings"
)

// WriteMermaid writes a flowchart for Mermaid, which many places that show
// Markdown draw. Texts are quoted, and every character that could mean something
// to Mermaid, Markdown or HTML is written as its number (`#34;`).
func (g *Graph) WriteMermaid(w io.Writer) error {
	var out strings.Builder
	fmt.Fprintf(&out, "---\ntitle: %s\n---\nflowchart TD\n", yamlText(g.Title))
	for i, section := range g.Sections {
		indent := "  "
		if section.Function != "" {
			fmt.Fprintf(&out, "  subgraph f%d [\"%s\"]\n", i, mermaidText("function "+section.Function))
			indent = "    "
		}
		for _, b := range section.Blocks {
			fmt.Fprintf(&out, "%s%s%s\n", indent, b.ID, mermaidBlock(b))
		}
		for _, b := range section.Branches {
			fmt.Fprintf(&out, "%s%s %s%s %s\n", indent, b.From.ID, mermaidArrows[b.Kind], mermaidLabel(b.Label), b.To.ID)
		}
		if section.Function != "" {
			out.WriteString("  end\n")
		}
	}
	for _, kind := range mermaidKinds {
		if ids := g.blocksOf(kind); len(ids) > 0 {
			class := kindClasses[kind]
			fmt.Fprintf(&out, "  classDef %s %s\n  class %s %[1]s\n", class+"Block", mermaidColours[kind], strings.Join(ids, ","))
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

var mermaidArrows = [...]string{Next: "-->", Back: "-->", OnFailure: "-.->", Leap: "-.->"}

var mermaidKinds = []Kind{Start, Call, Assign, Condition, Loop, Jump, End}

// mermaidColours say the colour of the text, too, for light and dark themes.
var mermaidColours = [...]string{
	Start:     "fill:#e4f3e7,stroke:#3d8b52,color:#1f2430",
	Call:      "fill:#e6effb,stroke:#3a6fb5,color:#1f2430",
	Assign:    "fill:#f2f3f5,stroke:#7d8592,color:#1f2430",
	Condition: "fill:#fdf3da,stroke:#b0851f,color:#1f2430",
	Loop:      "fill:#fdf3da,stroke:#b0851f,color:#1f2430",
	Jump:      "fill:#f3eafa,stroke:#8250b4,color:#1f2430",
	End:       "fill:#e4e7ec,stroke:#59606c,color:#1f2430",
}

func (g *Graph) blocksOf(kind Kind) []string {
	var ids []string
	for _, section := range g.Sections {
		for _, b := range section.Blocks {
			if b.Kind == kind {
				ids = append(ids, b.ID)
			}
		}
	}
	return ids
}

func mermaidBlock(b *Block) string {
	var lines []string
	for _, line := range textLines(b) {
		text := mermaidText(line.text)
		if line.class == "title" {
			text = "<b>" + text + "</b>"
		}
		lines = append(lines, text)
	}
	text := `"` + strings.Join(lines, "<br/>") + `"`
	switch b.Kind {
	case Start, End:
		return "([" + text + "])"
	case Condition, Loop:
		return "{{" + text + "}}"
	}
	return "[" + text + "]"
}

func mermaidLabel(label string) string {
	if label == "" {
		return ""
	}
	return `|"` + mermaidText(label) + `"|`
}

// mermaidText is text in quotes of Mermaid. A mark that begins a line would be
// one of a list in Markdown.
func mermaidText(text string) string {
	var out strings.Builder
	for i, r := range text {
		plain := r > '~' || r == ' ' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' ||
			i > 0 && strings.ContainsRune(".,:=/?!()+", r)
		if plain {
			out.WriteRune(r)
		} else {
			fmt.Fprintf(&out, "#%d;", r)
		}
	}
	if out.Len() == 0 {
		return " "
	}
	return out.String()
}

// yamlText is text in double quotes of YAML.
func yamlText(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
