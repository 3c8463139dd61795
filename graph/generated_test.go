package graph_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// flowWriter writes a flow of generated statements, with labels and gotos
// anywhere.
type flowWriter struct {
	draw   *rapid.T
	out    strings.Builder
	budget int // statements still wanted
	labels int
}

const mostLabels = 6

// generatedFlow is a flow of up to 80 statements and two functions.
func generatedFlow(r *rapid.T) string {
	w := &flowWriter{draw: r, budget: rapid.IntRange(1, 80).Draw(r, "statements")}
	fmt.Fprintf(&w.out, "flow service %q < onError: %q >\n", w.text(), rapid.SampledFrom([]string{"stop", "continue"}).Draw(r, "onError"))
	for i := range rapid.IntRange(0, 3).Draw(r, "inputs") {
		fmt.Fprintf(&w.out, "input in%d: string = %q\n", i, w.text())
	}
	for i := range rapid.IntRange(0, 2).Draw(r, "functions") {
		fmt.Fprintf(&w.out, "function f%d < a: any = nil > ", i)
		w.block(2)
		w.out.WriteString("\n")
	}
	for w.budget > 0 {
		w.statement(0)
	}
	return w.out.String()
}

// text is what an author may write into a string.
func (w *flowWriter) text() string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "x", "Hello, Ann", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "привіт", "Größe <b>"}),
		rapid.StringMatching(`[A-Za-z ,.<>&]{0,60}`),
	).Draw(w.draw, "text")
}

func (w *flowWriter) condition() string { return fmt.Sprintf("(len(%q) > 3)", w.text()) }

func (w *flowWriter) block(depth int) {
	w.out.WriteString("{\n")
	for range rapid.IntRange(0, 5).Draw(w.draw, "size") {
		w.statement(depth + 1)
	}
	w.out.WriteString("}")
}

var forms = []string{"assign", "assign", "call", "call", "call", "if", "if", "switch", "while", "for", "goto", "goto", "label", "break", "continue", "stop", "return", "fail"}

func (w *flowWriter) statement(depth int) {
	form := rapid.SampledFrom(forms).Draw(w.draw, "form")
	w.budget--
	if w.budget <= 0 || depth > 5 {
		form = "assign"
	}
	switch form {
	case "assign":
		fmt.Fprintf(&w.out, "x = %q\n", w.text())
	case "call":
		w.call(depth)
	case "fail":
		fmt.Fprintf(&w.out, "fail < message: %q >\n", w.text())
	case "if":
		fmt.Fprintf(&w.out, "if %s ", w.condition())
		w.block(depth)
		for range rapid.IntRange(0, 2).Draw(w.draw, "else ifs") {
			fmt.Fprintf(&w.out, " else if %s ", w.condition())
			w.block(depth)
		}
		if rapid.Bool().Draw(w.draw, "else") {
			w.out.WriteString(" else ")
			w.block(depth)
		}
		w.out.WriteString("\n")
	case "switch":
		fmt.Fprintf(&w.out, "switch %q {\n", w.text())
		for i := range rapid.IntRange(1, 5).Draw(w.draw, "cases") {
			fmt.Fprintf(&w.out, "case %d, %q ", i, w.text())
			w.block(depth)
			w.out.WriteString("\n")
		}
		if rapid.Bool().Draw(w.draw, "default") {
			w.out.WriteString("default ")
			w.block(depth)
			w.out.WriteString("\n")
		}
		w.out.WriteString("}\n")
	case "while":
		fmt.Fprintf(&w.out, "while %s ", w.condition())
		w.block(depth)
		w.out.WriteString("\n")
	case "for":
		fmt.Fprintf(&w.out, "for i, item in [%q] ", w.text())
		w.block(depth)
		w.out.WriteString("\n")
	case "goto":
		fmt.Fprintf(&w.out, "goto l%d\n", rapid.IntRange(0, mostLabels-1).Draw(w.draw, "label"))
	case "label":
		if w.labels < mostLabels {
			fmt.Fprintf(&w.out, "l%d:\n", w.labels)
			w.labels++
		}
	default:
		w.out.WriteString(form + "\n")
	}
}

func (w *flowWriter) call(depth int) {
	fmt.Fprintf(&w.out, "r = crm.add < to: %q, subject: %q", w.text(), w.text())
	for _, setting := range []string{"limit: 3", "break: true", "break: (1 > 2)", `description: "a call"`, `timeout: "5m"`} {
		if rapid.IntRange(0, 3).Draw(w.draw, setting) == 0 {
			w.out.WriteString(", " + setting)
		}
	}
	w.out.WriteString(" >")
	for _, branch := range []string{" failover ", " catch problem "} {
		if rapid.IntRange(0, 2).Draw(w.draw, branch) == 0 {
			w.out.WriteString(branch)
			w.block(depth)
		}
	}
	w.out.WriteString("\n")
}
