// Package manpage writes the manual pages of a command made with cobra, in the
// roff of man(7), from the texts of its help.
package manpage

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Book is what the pages of a command have in common.
type Book struct {
	// Version and Date stand at the foot of each page.
	Version string
	Date    time.Time
	// Statuses are the exit statuses, which the first page tells.
	Statuses []Status
}

// Status is an exit status of the command.
type Status struct {
	Code    int
	Meaning string
}

// Page is the manual page of one command.
type Page struct {
	// File is its name, such as flowrun-run.1.
	File string

	book    Book
	command *cobra.Command
}

// Pages gives the pages of a command and of all commands below it that are not
// hidden.
func (b Book) Pages(root *cobra.Command) []Page {
	pages := []Page{{File: title(root) + ".1", book: b, command: root}}
	for _, command := range root.Commands() {
		if !command.Hidden {
			pages = append(pages, b.Pages(command)...)
		}
	}
	return pages
}

// title is what the page of a command is called.
func title(command *cobra.Command) string {
	return strings.ReplaceAll(command.CommandPath(), " ", "-")
}

// WriteTo implements io.WriterTo.
func (p Page) WriteTo(w io.Writer) (int64, error) {
	var out writer
	command := p.command
	name := title(command)
	out.printf(".TH %q 1 %q %q \"User Commands\"\n", strings.ToUpper(name), p.book.Date.Format(time.DateOnly), p.book.Version)
	out.print(".nh\n.ad l\n")
	out.section("NAME")
	out.printf("%s \\- %s\n", escaped(name), escaped(strings.TrimSuffix(command.Short, ".")))
	out.section("SYNOPSIS")
	use := strings.TrimPrefix(command.UseLine(), command.CommandPath())
	if command.HasAvailableSubCommands() {
		use = " COMMAND [flags]"
	}
	out.printf("%s%s\n", bold(command.CommandPath()), escaped(use))
	out.section("DESCRIPTION")
	out.text(command.Long)
	out.commands(command)
	out.options(command)
	if !command.HasParent() {
		out.statuses(p.book.Statuses)
	}
	if command.Example != "" {
		out.section("EXAMPLES")
		out.verbatim(command.Example)
	}
	out.seeAlso(command)
	n, err := io.WriteString(w, out.String())
	return int64(n), err
}

// writer collects roff.
type writer struct{ strings.Builder }

func (w *writer) print(text string) { w.WriteString(text) }

func (w *writer) printf(format string, arguments ...any) { fmt.Fprintf(w, format, arguments...) }

func (w *writer) section(name string) { w.printf(".SH %s\n", name) }

// text writes paragraphs, which blank lines separate. One that is indented stays
// as it is.
func (w *writer) text(text string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			w.print(".PP\n")
		}
		if strings.HasPrefix(paragraph, " ") {
			w.verbatim(paragraph)
			continue
		}
		for line := range strings.Lines(paragraph) {
			w.print(escapedLine(strings.TrimSpace(line)) + "\n")
		}
	}
}

// verbatim writes lines as they are.
func (w *writer) verbatim(text string) {
	w.print(".RS 4\n.nf\n")
	for line := range strings.Lines(text) {
		w.print(escapedLine(strings.TrimPrefix(strings.TrimRight(line, "\n"), "  ")) + "\n")
	}
	w.print(".fi\n.RE\n")
}

// item writes a term, in roff already, with what it means.
func (w *writer) item(term, meaning string) {
	w.printf(".TP\n%s\n%s\n", term, escapedLine(meaning))
}

func (w *writer) commands(command *cobra.Command) {
	if !command.HasAvailableSubCommands() {
		return
	}
	w.section("COMMANDS")
	for _, sub := range command.Commands() {
		if !sub.Hidden {
			w.item(bold(sub.Name()), sub.Short)
		}
	}
}

func (w *writer) options(command *cobra.Command) {
	command.InitDefaultHelpFlag()
	w.section("OPTIONS")
	command.Flags().VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(flag)
		term := bold("--" + flag.Name)
		if flag.Shorthand != "" {
			term = bold("-"+flag.Shorthand) + ", " + term
		}
		if value != "" {
			term += " \\fI" + escaped(value) + "\\fR"
		}
		switch flag.DefValue {
		case "", "0", "false", "[]":
		default:
			usage += "; the default is " + flag.DefValue
		}
		w.item(term, usage)
	})
}

func (w *writer) statuses(statuses []Status) {
	w.section("EXIT STATUS")
	for _, status := range statuses {
		w.item(bold(fmt.Sprint(status.Code)), status.Meaning)
	}
}

func (w *writer) seeAlso(command *cobra.Command) {
	var pages []string
	if command.HasParent() {
		pages = append(pages, bold(title(command.Parent()))+"(1)")
	}
	for _, sub := range command.Commands() {
		if !sub.Hidden {
			pages = append(pages, bold(title(sub))+"(1)")
		}
	}
	w.section("SEE ALSO")
	w.print(strings.Join(pages, ",\n") + "\n")
}

func bold(text string) string { return "\\fB" + escaped(text) + "\\fR" }

// escapedLine is escaped for text that begins a line, where a dot and a quote mean
// a request.
func escapedLine(text string) string {
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + escaped(text)
	}
	return escaped(text)
}

// named are the characters that roff has other ones for, or a meaning.
var named = map[rune]string{
	'\\': `\e`, '-': `\-`, '\'': `\(aq`, '`': `\(ga`, '^': `\(ha`, '~': `\(ti`,
}

// escaped writes text so that it is shown as it is.
func escaped(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch name := named[r]; {
		case name != "":
			out.WriteString(name)
		case r > '~':
			fmt.Fprintf(&out, `\[u%04X]`, r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
