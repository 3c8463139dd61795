package repl

import (
	"strings"

	"flowrun/lang"
)

// colours are the ANSI codes of tokens; those that are missing stay plain.
var colours = map[lang.TokenKind]string{
	lang.KeywordToken: "35",
	lang.CalledToken:  "1;36",
	lang.KeyToken:     "34",
	lang.NumberToken:  "33",
	lang.TextToken:    "32",
	lang.CommentToken: "2",
}

// Highlight colours an entry. The text stays the same otherwise.
func Highlight(text string) string {
	if isCommand(text) {
		return text
	}
	var b strings.Builder
	at := 0
	for _, token := range lang.Tokens(text) {
		code := colours[token.Kind]
		if code == "" {
			continue
		}
		b.WriteString(text[at:token.Span.Start])
		b.WriteString("\x1b[" + code + "m" + text[token.Span.Start:token.Span.End] + "\x1b[0m")
		at = token.Span.End
	}
	b.WriteString(text[at:])
	return b.String()
}
