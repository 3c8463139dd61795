package repl

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"flowrun/lang"
)

// save writes the entries that succeeded as a flow that checks. It never writes over
// a file.
func (r *REPL) save(file string) {
	text := flowOf(r.kept)
	if strings.TrimSpace(text) == "" {
		r.complain("there is nothing to save: no statement has succeeded")
		return
	}
	if _, diagnostics := r.engine.Compile(file, text); diagnostics.HasErrors() {
		r.host.Diagnostics(diagnostics)
		r.complain("%s was not written: the entries make no flow that checks", file)
		return
	}
	err := func() error {
		created, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return err
		}
		_, err = created.WriteString(text)
		return errors.Join(err, created.Close())
	}()
	switch {
	case errors.Is(err, fs.ErrExist):
		r.complain("%s is there already: choose another name, or remove it", file)
	case err != nil:
		r.complain("cannot write %s: %w", file, withoutPath(err))
	}
}

// flowOf makes one source of entries. Expressions, and what only ends a flow, are
// left out; of a header, a function or an input that stands in several the last one
// counts.
func flowOf(entries []string) string {
	var header string
	var kept []string
	declared := map[string]bool{}
	for i := len(entries) - 1; i >= 0; i-- {
		file, expression, _ := lang.ParseEntry("", entries[i])
		if endsOnly(file) {
			continue
		}
		var cuts []lang.Span
		if file.Header != nil {
			if header == "" {
				header = file.Source.Slice(file.Header.Span) + "\n"
			}
			cuts = append(cuts, file.Header.Span)
		}
		if strings.HasPrefix(file.Source.Text, "#!") {
			end := len(file.Source.Line(1))
			cuts = append([]lang.Span{{End: end}}, cuts...)
		}
		for _, statement := range file.Body.Statements {
			name := declares(statement)
			if declared[name] {
				cuts = append(cuts, statement.Place())
			} else if name != "" {
				declared[name] = true
			}
		}
		if expression != nil {
			cuts = append(cuts, expression.Span)
		}
		if text := strings.Trim(without(file.Source.Text, cuts), "; \t\n"); text != "" {
			kept = append([]string{text}, kept...)
		}
	}
	if len(kept) == 0 && header == "" {
		return ""
	}
	return header + strings.Join(kept, "\n") + "\n"
}

// endsOnly reports whether an entry does nothing but end a flow.
func endsOnly(file *lang.File) bool {
	if len(file.Body.Statements) != 1 {
		return false
	}
	switch file.Body.Statements[0].(type) {
	case *lang.Return, *lang.Stop:
		return true
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
