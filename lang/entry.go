package lang

import "strings"

// ParseEntry reads what is typed at a prompt: statements as Parse reads them, an
// expression, or statements with an expression behind them, which the file then lacks.
// `a < b` and what begins with `{` are expressions here, unless settings follow the
// `<`. Where nothing can be read the problems are those of what was more likely meant.
func ParseEntry(name, text string, opts ...Option) (*File, *Expression, Diagnostics) {
	file, problems := Parse(name, text, opts...)
	source := file.Source
	value := isValue(source.Text)
	if !value && !problems.HasErrors() || strings.TrimSpace(source.Text) == "" {
		return file, nil, problems
	}
	end := len(strings.TrimRight(source.Text, " \t\n;"))
	expression, faults := ParseExpression(source, Span{End: end}, opts...)
	if !faults.HasErrors() || value {
		file.Header, file.Body = nil, &Block{Span: Span{End: len(source.Text)}}
		return file, expression, faults
	}
	at := firstError(problems, len(source.Text))
	if before, faults := Parse(name, source.Text[:at], opts...); at > 0 && !faults.HasErrors() {
		if expression, faults := ParseExpression(source, Span{at, max(at, end)}, opts...); !faults.HasErrors() {
			before.Source = source
			return before, expression, nil
		}
	}
	if meansStatement(source.Text, problems) {
		return file, nil, problems
	}
	file.Header, file.Body = nil, &Block{Span: Span{End: len(source.Text)}}
	return file, expression, faults
}

// firstError is where the first error stands, or else an offset.
func firstError(problems Diagnostics, fallback int) int {
	for _, d := range problems {
		if d.Severity == Error {
			fallback = min(fallback, d.Span.Start)
		}
	}
	return fallback
}

// isValue reports whether a text begins as only an expression does at a prompt,
// although it could be read as a statement.
func isValue(text string) bool {
	at := skipLines(text, 0)
	if byteAt(text, at) == '{' {
		return true
	}
	end := dottedEnd(text, at)
	open := skipBlanks(text, end)
	if end == at || IsKeyword(text[at:end]) || byteAt(text, open) != '<' {
		return false
	}
	rest := skipLines(text, open+1)
	return rest < len(text) && byteAt(text, open+1) != '=' && !settingsFollow(text, rest) && !valueOfSetting(text, rest)
}

// valueOfSetting reports whether a text looks like a setting whose `:` was left out:
// two values side by side.
func valueOfSetting(text string, at int) bool {
	end := nameEnd(text, at)
	if end == at {
		return false
	}
	next := skipBlanks(text, end)
	c := byteAt(text, next)
	return c == '"' || c == '\'' || c == '=' && assigns(text, next)
}

// meansStatement reports whether a text with these problems is rather a statement
// than an expression.
func meansStatement(text string, problems Diagnostics) bool {
	at := skipLines(text, 0)
	end := dottedEnd(text, at)
	next := skipBlanks(text, end)
	settings := end > at && (strings.IndexByte("\"'{", byteAt(text, next)) >= 0 && next < len(text) || keyFollows(text, next))
	return firstError(problems, len(text)) > at || startsStatement(text, at, false) || settings
}
