package lang_test

import (
	"strings"
	"testing"

	"flowrun/lang"
)

var tokenKinds = map[lang.TokenKind]string{
	lang.NameToken: "name", lang.CalledToken: "called", lang.KeyToken: "key", lang.KeywordToken: "keyword",
	lang.NumberToken: "number", lang.TextToken: "text", lang.CommentToken: "comment", lang.OperatorToken: "operator",
}

func shownTokens(text string) string {
	var all []string
	for _, token := range lang.Tokens(text) {
		shown := tokenKinds[token.Kind] + " " + text[token.Span.Start:token.Span.End]
		if token.Open {
			shown += " (open)"
		}
		all = append(all, shown)
	}
	return strings.Join(all, " | ")
}

func TestTokensSayWhatTheyAre(t *testing.T) {
	for text, want := range map[string]string{
		"x = 1.5 // why":            "name x | operator = | number 1.5 | comment // why",
		"if a and not b {":          "keyword if | name a | keyword and | keyword not | name b | operator {",
		`crm.addNote < text: "a" >`: `called crm.addNote | operator < | key text | operator : | text "a" | operator >`,
		"x = f <":                   "name x | operator = | called f | operator <",
		"function f < a: int > {":   "keyword function | called f | operator < | key a | operator : | name int | operator > | operator {",
		"a < b":                     "name a | operator < | name b",
		"order.if ?? 2":             "name order | operator . | name if | operator ?? | number 2",
		"a ? b : c":                 "name a | operator ? | name b | operator : | name c",
		"{if: 1, b: 2}":             "operator { | key if | operator : | number 1 | operator , | key b | operator : | number 2 | operator }",
		"f <\n  a: 1\n  b: 2":       "called f | operator < | key a | operator : | number 1 | key b | operator : | number 2",
		`"a ${x + "}"} b"`:          `text "a  | operator ${ | name x | operator + | text "}" | operator } | text  b"`,
		`"${a}${b}"`:                `text " | operator ${ | name a | operator } | operator ${ | name b | operator } | text "`,
		`"a`:                        `text "a (open)`,
		"\"a\nb":                    `text "a (open) | name b`,
		`"\${a}" '\'' 1`:            `text "\${a}" | text '\'' | number 1`,
		"\"\"\"a\n${b":              "text \"\"\"a\n | operator ${ | name b",
		"`a\n":                      "text `a\n (open)",
		"/* a":                      "comment /* a",
		"1..3 # .x":                 "number 1 | operator .. | number 3 | operator # | operator . | name x",
	} {
		if got := shownTokens(text); got != want {
			t.Errorf("%q splits into\n%s\nwant\n%s", text, got, want)
		}
	}
}

// TestTokensLeaveOutBlanksOnly goes through the beginnings of all sources.
func TestTokensLeaveOutBlanksOnly(t *testing.T) {
	var texts []string
	for _, chunk := range dataChunks(t) {
		texts = append(texts, chunk.Source)
	}
	texts = append(texts, strings.Repeat(`"${`, 5000), strings.Repeat("[{<", 5000), "\xff\x00\u202e")
	for _, text := range texts {
		for _, end := range []int{len(text), len(text) / 2, len(text) / 3} {
			checkSplit(t, text[:end])
		}
	}
}

func checkSplit(t *testing.T, text string) {
	t.Helper()
	last := 0
	left := func(to int) {
		if rest := strings.TrimFunc(text[last:to], func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\ufffd' }); rest != "" {
			t.Errorf("%q is left out of %q", rest, text)
		}
	}
	for _, token := range lang.Tokens(text) {
		if token.Span.Start < last || token.Span.End <= token.Span.Start || token.Span.End > len(text) {
			t.Fatalf("%q has a token at %v behind %d", text, token.Span, last)
		}
		left(token.Span.Start)
		last = token.Span.End
	}
	left(len(text))
}
