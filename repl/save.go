package repl

import (
	"errors"
	"io"
	"io/fs"
	"strings"

	"flowrun/lang"
)

// keptEntry is an entry that succeeded.
type keptEntry struct {
	name string
	text string
}

// save writes the entries that succeeded as a flow that checks. It never writes over
// a file.
func (r *REPL) save(file string) {
	text, ends := flowOf(r.kept)
	if strings.TrimSpace(text) == "" {
		r.complain("there is nothing to save: no statement has succeeded")
		return
	}
	if _, diagnostics := r.engine.Compile(file, text); diagnostics.HasErrors() {
		r.host.Diagnostics(diagnostics)
		r.complain("%s was not written: the entries make no flow that checks", file)
		return
	}
	text, _ = lang.Format(file, text)
	err := func() error {
		created, err := r.files.Create(file)
		if err != nil {
			return err
		}
		_, err = io.WriteString(created, text)
		return errors.Join(err, created.Close())
	}()
	switch {
	case errors.Is(err, fs.ErrExist):
		r.complain("%s is there already: choose another name, or remove it", file)
	case err != nil:
		r.complain("cannot write %s: %w", file, withoutPath(err))
	default:
		r.host.Diagnostics(ends)
	}
}

// flowOf makes one source of entries. Expressions, and what ends an entry, are left
// out; of a header, a function or an input that stands in several the last one counts.
// Warnings tell where the flow can end before entries that follow.
func flowOf(entries []keptEntry) (string, lang.Diagnostics) {
	var header string
	var kept []string
	var ends lang.Diagnostics
	declared := map[string]bool{}
	for i := len(entries) - 1; i >= 0; i-- {
		file, expression, _ := lang.ParseEntry(entries[i].name, entries[i].text)
		source := file.Source
		var cuts []lang.Span
		if strings.HasPrefix(source.Text, "#!") {
			cuts = append(cuts, lang.Span{End: len(source.Line(1))})
		}
		if file.Header != nil {
			head := lang.Span{End: file.Header.Span.End} // with the comments above it
			if header == "" {
				header = strings.TrimLeft(without(source.Text[:head.End], cuts), "; \t\n") + "\n"
			}
			cuts = []lang.Span{head}
		}
		for j, statement := range file.Body.Statements {
			name := declares(statement)
			last := j == len(file.Body.Statements)-1
			switch {
			case declared[name], endsOnly(statement) && last && (len(kept) > 0 || j == 0):
				cuts = append(cuts, statement.Place())
			case name != "":
				declared[name] = true
			}
		}
		if expression != nil {
			cuts = append(cuts, expression.Span)
		}
		text := strings.Trim(without(source.Text, cuts), "; \t\n")
		if text == "" {
			continue
		}
		if len(kept) > 0 {
			ends = append(earlyEnds(file, cuts), ends...)
		}
		kept = append([]string{text}, kept...)
	}
	if len(kept) == 0 && header == "" {
		return "", nil
	}
	return header + strings.Join(kept, "\n") + "\n", ends
}

// endsOnly reports whether a statement does nothing but end a flow.
func endsOnly(statement lang.Statement) bool {
	switch statement.(type) {
	case *lang.Return, *lang.Stop:
		return true
	}
	return false
}

// earlyEnds warns of what can end a flow, except where it was cut out.
func earlyEnds(file *lang.File, cuts []lang.Span) lang.Diagnostics {
	text := file.Source.Text
	var found lang.Diagnostics
	for _, token := range lang.Tokens(text) {
		word := text[token.Span.Start:token.Span.End]
		switch {
		case within(token.Span, cuts):
		case token.Kind == lang.KeywordToken && (word == "stop" || word == "return" && !inFunction(file, token.Span)),
			token.Kind == lang.KeyToken && word == "break":
			found = append(found, lang.Diagnostic{
				Severity: lang.Warning, Source: file.Source, Span: token.Span,
				Summary: "here the saved flow can end before the entries that follow",
			})
		}
	}
	return found
}

func within(span lang.Span, others []lang.Span) bool {
	for _, other := range others {
		if other.Start <= span.Start && span.End <= other.End {
			return true
		}
	}
	return false
}

// inFunction reports whether a place is in a function of a file.
func inFunction(file *lang.File, span lang.Span) bool {
	for _, statement := range file.Body.Statements {
		if _, ok := statement.(*lang.Function); ok && within(span, []lang.Span{statement.Place()}) {
			return true
		}
	}
	return false
}

// declares names what a file may declare only once.
func declares(statement lang.Statement) string {
	switch s := statement.(type) {
	case *lang.Function:
		return "function " + s.Name.Text
	case *lang.Input:
		return "input " + s.Name.Text
	}
	return ""
}

// without gives a text without some pieces of it, which are in order.
func without(text string, cuts []lang.Span) string {
	var b strings.Builder
	at := 0
	for _, cut := range cuts {
		b.WriteString(text[at:cut.Start])
		at = cut.End
	}
	b.WriteString(text[at:])
	return b.String()
}
