package explain

import (
	"fmt"
	"io"
	"strings"
)

// Write prints the explanation for people.
func (e *Explanation) Write(w io.Writer) error {
	var out strings.Builder
	out.WriteString(e.opening() + "\n")
	e.inputs(&out)
	e.sendings(&out)
	e.statements(&out)
	_, err := io.WriteString(w, out.String())
	return err
}

// opening tells what is true of the whole flow.
func (e *Explanation) opening() string {
	kind := "a flow"
	if e.Type != "" {
		kind = "a " + e.Type + " flow"
	}
	sentences := []string{e.Name + ": " + kind + "."}
	if e.Description != "" {
		sentences = append(sentences, e.Description)
	}
	if e.Timezone != "" {
		sentences = append(sentences, "Its time zone is "+e.Timezone+".")
	}
	if e.GoesOn {
		sentences = append(sentences, "After a failure that nothing takes it goes on with the next statement.")
	}
	return strings.Join(sentences, " ")
}

func (e *Explanation) inputs(out *strings.Builder) {
	if len(e.Inputs) == 0 {
		out.WriteString("\nIt needs no inputs.\n")
		return
	}
	names, types := 0, 0
	for _, in := range e.Inputs {
		names, types = max(names, len([]rune(in.Name))), max(types, len(in.Type))
	}
	out.WriteString("\nInputs:\n")
	for _, in := range e.Inputs {
		need := "required"
		if !in.Required {
			need = "else " + in.Default
		}
		if in.Comment != "" {
			need += "; " + in.Comment
		}
		fmt.Fprintf(out, "  %s  %s  %s\n", padded(in.Name, names), padded(in.Type, types), need)
	}
}

func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len([]rune(text))))
}

func (e *Explanation) sendings(out *strings.Builder) {
	if len(e.Sendings) == 0 {
		out.WriteString("\nIt sends nothing.\n")
		return
	}
	width := e.numberWidth()
	out.WriteString("\nIt may send:\n")
	for _, s := range e.Sendings {
		fmt.Fprintf(out, "  %*d  %s: %s\n", width, s.Line, s.Component, s.What)
		for _, v := range s.Where {
			fmt.Fprintf(out, "  %*s    %s is %s\n", width, "", v.Name, strings.Join(v.Is, ", or "))
		}
	}
}

func (e *Explanation) statements(out *strings.Builder) {
	if len(e.Statements) == 0 {
		return
	}
	width := e.numberWidth()
	out.WriteString("\nWhat it does:\n")
	for i, s := range e.Statements {
		if i > 0 && s.Function != e.Statements[i-1].Function {
			out.WriteString("\n")
		}
		fmt.Fprintf(out, "  %*d  %s%s\n", width, s.Line, strings.Repeat("  ", s.Depth), s.Text)
	}
}

// numberWidth is the width of the longest line number.
func (e *Explanation) numberWidth() int {
	longest := 1
	for _, s := range e.Statements {
		longest = max(longest, len(fmt.Sprint(s.Line)))
	}
	return longest
}
