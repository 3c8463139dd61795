package expression

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"flowrun/lang"

	"github.com/expr-lang/expr/file"
)

// syntaxError puts an error of expr's parser into the language's words. lang has
// refused most of what expr cannot read.
func (m *masked) syntaxError(err error) *lang.Diagnostic {
	d := &lang.Diagnostic{Source: m.source, Span: m.span(0, len(m.chars)), Summary: "the expression is malformed"}
	var fault *file.Error
	if !errors.As(err, &fault) {
		return d
	}
	d.Span = m.span(fault.From, max(fault.To, fault.From+1))
	token := m.source.Slice(d.Span)
	switch {
	case strings.HasPrefix(fault.Message, "unexpected token EOF"), strings.HasPrefix(fault.Message, "unexpected end"):
		d.Span = m.span(len(m.chars)-1, len(m.chars))
		d.Summary = "the expression ends too early"
	case strings.HasPrefix(fault.Message, "unexpected token") && (token == "#" || token == "."):
		m.strayElement(d, fault.From)
	case strings.HasPrefix(fault.Message, "unexpected token"):
		d.Summary = fmt.Sprintf("unexpected %q", token)
	case strings.Contains(fault.Message, "out of range"), strings.Contains(fault.Message, "literal is too large"):
		d.Span, d.Summary = m.span(0, len(m.chars)), "a number does not fit into 64 bits"
	case strings.HasPrefix(fault.Message, "bad number"), strings.HasPrefix(fault.Message, "invalid"):
		d.Summary = "malformed number"
	case strings.HasPrefix(fault.Message, "unrecognized character"):
		d.Summary = fmt.Sprintf("unexpected character %q", token)
	case strings.HasPrefix(fault.Message, "Operator ("):
		d.Summary = fmt.Sprintf("`??` and `%s` cannot stand side by side", token)
		d.Hint = "put one of them in parentheses"
	case strings.HasPrefix(fault.Message, "expected at least"):
		d.Summary = "an argument is missing"
		d.Hint = "a predicate says what to do with each element: filter(list, # > 3)"
	case strings.HasPrefix(fault.Message, "a map key"):
		d.Summary = fmt.Sprintf("unexpected %q where a key is wanted", token)
		d.Hint = `a key is a name, a string or (an expression)`
	case strings.HasPrefix(fault.Message, "expected name"):
		d.Summary = fmt.Sprintf("unexpected %q where a name is wanted", token)
	case strings.HasPrefix(fault.Message, "wrap predicate"):
		d.Summary = "an expression cannot consist of several"
	}
	return d
}

// strayElement tells about `#` or `.name` that stands in no predicate: most
// likely the name of the function around it is misspelt.
func (m *masked) strayElement(d *lang.Diagnostic, at int) {
	d.Summary = "# stands outside a predicate"
	d.Hint = "it is the element inside filter(…), map(…) and their like"
	for open := at - 1; open >= 0; open-- {
		if m.chars[open] != '(' || m.partner(open) >= 0 && m.partner(open) < at {
			continue
		}
		end := open
		for isBlank(m.at(end - 1)) {
			end--
		}
		begin := end
		for isWord(m.at(begin - 1)) {
			begin--
		}
		if name := string(m.chars[begin:end]); begin < end && m.chars[begin] != placeholder && !isBuiltin(name) {
			d.Span = m.span(begin, end)
			d.Summary = fmt.Sprintf("unknown function %q", name)
			d.Hint = ""
			if near := lang.Suggest(name, Builtins()); near != "" {
				d.Hint = fmt.Sprintf("did you mean %q?", near)
			}
			return
		}
	}
}

func isWord(c rune) bool { return c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c) }
