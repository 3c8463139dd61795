package lang

import (
	"fmt"
	"strings"
)

// Format gives a flow file in the one style that flows are written in; section
// 11 of docs/language.md describes it. What is formatted already stays as it is.
// A file with errors cannot be formatted: its text comes back unchanged, with the
// diagnostics that Parse gives. Warnings are not reported.
func Format(name, text string, opts ...Option) (string, Diagnostics) {
	read, diagnostics := readForFormat(name, text, opts)
	if diagnostics.HasErrors() {
		return text, diagnostics
	}
	formatted := read.formatted()
	again, diagnostics := readForFormat(name, formatted, opts)
	if diagnostics.HasErrors() || !again.same(read) {
		return text, cannotFormat(read.source, diagnostics)
	}
	return formatted, nil
}

// formatSource is a file as the formatter reads it: the tree says what belongs
// together, and the tokens and comments are what is written.
type formatSource struct {
	*File
	source      *Source
	tokens      recordedTokens
	expressions map[int]*Expression // by the offset of their first token
}

func readForFormat(name, text string, opts []Option) (*formatSource, Diagnostics) {
	p := newFileParser(name, text, opts)
	p.recorder = &recordedTokens{source: p.source, expressions: map[int]*Expression{}}
	file := p.file()
	return &formatSource{File: file, source: p.source, tokens: *p.recorder, expressions: p.recorder.expressions}, p.sortedDiagnostics()
}

// cannotFormat reports a file that is right and would not be when it is formatted,
// as one that indentation makes larger than a source may be.
func cannotFormat(source *Source, diagnostics Diagnostics) Diagnostics {
	problem := Diagnostic{Source: source, Summary: "the file cannot be formatted: its meaning would change", Hint: "please report this as a bug of flowrun"}
	for _, d := range diagnostics {
		if d.Severity == Error {
			problem.Summary, problem.Hint = "the file cannot be formatted, because in the formatted one "+d.Summary, d.Hint
			break
		}
	}
	return Diagnostics{problem}
}

// same reports whether two files have the same statements, expressions and
// comments, wherever these stand.
func (s *formatSource) same(other *formatSource) bool {
	mine, others := s.meaning(), other.meaning()
	if len(mine) != len(others) {
		return false
	}
	for i := range mine {
		if mine[i] != others[i] {
			return false
		}
	}
	return true
}

// meaning gives the tokens and then the comments, without what formatting may
// change in them: the blanks at both ends of their lines.
func (s *formatSource) meaning() []string {
	var all []string
	for _, token := range s.tokens.tokens {
		switch {
		case token.Type == tokenSeparator, token.Value == ";", token.Value == ",":
		case token.Type == tokenExpression:
			all = append(all, s.expressionMeaning(s.expressions[token.Pos.Offset]))
		default:
			all = append(all, token.Value)
		}
	}
	for _, comment := range s.Comments {
		all = append(all, trimmedLines(comment.Text))
	}
	return all
}

// expressionMeaning gives the text of an expression with its text blocks written
// as their parts.
func (s *formatSource) expressionMeaning(e *Expression) string {
	var out strings.Builder
	at := e.Span.Start
	for _, literal := range e.Strings {
		out.WriteString(trimmedLines(s.source.Text[at:literal.Span.Start]))
		at = literal.Span.End
		if literal.Kind != TextBlock {
			out.WriteString(s.source.Slice(literal.Span))
			continue
		}
		for _, part := range literal.Parts {
			if part.Expression == nil {
				fmt.Fprintf(&out, "%q", part.Text)
			} else {
				out.WriteString(s.source.Slice(part.Span))
			}
		}
	}
	out.WriteString(trimmedLines(s.source.Text[at:e.Span.End]))
	return out.String()
}

func trimmedLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.Trim(lines[i], " \t")
	}
	return strings.Join(lines, "\n")
}
