package lang

import "strings"

// TokenKind says what a Token is.
type TokenKind uint8

// The kinds of tokens.
const (
	NameToken     TokenKind = iota // a variable, label, type or function
	CalledToken                    // the name before the `<` of a call, or of a function's parameters
	KeyToken                       // the key of a setting or of a map's entry, without its colon
	KeywordToken                   // also true, false, nil and the words that are operators
	NumberToken                    // a number
	TextToken                      // a piece of a string, its quotes included
	CommentToken                   // a comment
	OperatorToken                  // any other mark
)

// Token is a word, a mark or a piece of a string.
type Token struct {
	Span Span
	Kind TokenKind
	// Open tells of a TextToken that the text ends before its string does.
	Open bool
}

// Tokens splits a text into tokens without asking whether they make sense together,
// for colours and completion while somebody types. Blanks and line breaks are left
// out; the interpolations of a string are tokens of their own between its pieces.
func Tokens(text string) []Token {
	t := tokenizer{text: text}
	t.read(false, "")
	return t.tokens
}

// tokenizer splits one text. Its nesting follows the interpolations, and is bounded
// by Limits.Brackets.
type tokenizer struct {
	text   string
	at     int
	nested int
	tokens []Token
}

func (t *tokenizer) add(kind TokenKind, end int) {
	t.tokens = append(t.tokens, Token{Span: Span{t.at, end}, Kind: kind})
	t.at = end
}

// read reads tokens up to the end of the text or, inside a string, to the `}` that
// ends the interpolation. Quotes is how the string around it ends.
func (t *tokenizer) read(inside bool, quotes string) {
	braces := 0
	for t.at < len(t.text) {
		c := t.text[t.at]
		end, _ := commentEnd(t.text, t.at)
		switch {
		case c == '\n':
			if inside && quotes == `"` {
				return
			}
			t.at++
		case blank(t.text, t.at) > 0:
			t.at += blank(t.text, t.at)
		case end > t.at && !inside:
			t.add(CommentToken, end)
		case nameEnd(t.text, t.at) > t.at:
			t.word()
		case isDigit(c) || c == '.' && isDigit(byteAt(t.text, t.at+1)):
			t.add(NumberToken, max(numberEnd(t.text, t.at), t.at+1))
		case c == '"' || c == '\'' || c == '`':
			t.str()
		case inside && c == '}' && braces == 0:
			return
		default:
			if c == '{' {
				braces++
			} else if c == '}' {
				braces--
			}
			t.add(OperatorToken, max(wordEnd(t.text, t.at), t.at+operatorLength(t.text, t.at)))
		}
	}
}

// word reads a word by what stands around it.
func (t *tokenizer) word() {
	end := nameEnd(t.text, t.at)
	if n := len(t.tokens); n > 0 {
		before := t.text[t.tokens[n-1].Span.Start:t.tokens[n-1].Span.End]
		if before == "." || before == "?." {
			t.add(NameToken, end)
			return
		}
	}
	if called := dottedEnd(t.text, t.at); t.calls(called) {
		t.add(CalledToken, called)
		return
	}
	next := skipBlanks(t.text, end)
	switch {
	case byteAt(t.text, next) == ':' && t.keyMayStand():
		t.add(KeyToken, end)
	case IsKeyword(t.text[t.at:end]):
		t.add(KeywordToken, end)
	default:
		t.add(NameToken, end)
	}
}

// calls reports whether a dotted name that ends at an offset is called: a `<`
// follows that begins a statement's settings.
func (t *tokenizer) calls(end int) bool {
	next := skipBlanks(t.text, end)
	if byteAt(t.text, next) != '<' || byteAt(t.text, next+1) == '=' || IsKeyword(t.text[t.at:end]) {
		return false
	}
	rest := skipLines(t.text, next+1)
	return settingsFollow(t.text, rest) || rest >= len(t.text) || t.afterKeyword("function")
}

func (t *tokenizer) afterKeyword(word string) bool {
	n := len(t.tokens)
	return n > 0 && t.tokens[n-1].Kind == KeywordToken && t.text[t.tokens[n-1].Span.Start:t.tokens[n-1].Span.End] == word
}

// keyMayStand reports whether what stands before a word can stand before a key:
// behind an operator the `:` is that of a ternary.
func (t *tokenizer) keyMayStand() bool {
	n := len(t.tokens)
	if n == 0 {
		return false
	}
	last := t.tokens[n-1]
	if last.Kind != OperatorToken {
		return strings.Contains(t.text[last.Span.End:t.at], "\n")
	}
	switch t.text[last.Span.Start:last.Span.End] {
	case "<", ",", "{":
		return true
	}
	return strings.Contains(t.text[last.Span.End:t.at], "\n")
}

// str reads a string and its interpolations.
func (t *tokenizer) str() {
	quotes := t.text[t.at : t.at+1]
	if strings.HasPrefix(t.text[t.at:], `"""`) {
		quotes = `"""`
	}
	end := t.at + len(quotes)
	for end < len(t.text) {
		rest := t.text[end:]
		switch {
		case strings.HasPrefix(rest, quotes):
			t.add(TextToken, end+len(quotes))
			return
		case rest[0] == '\n' && len(quotes) == 1 && quotes != "`":
			t.add(TextToken, end)
			t.tokens[len(t.tokens)-1].Open = true
			return
		case rest[0] == '\\' && quotes != "`" && len(rest) > 1 && rest[1] != '\n':
			end += 2
		case quotes[0] == '"' && strings.HasPrefix(rest, "${") && t.nested < DefaultLimits.Brackets:
			if end > t.at {
				t.add(TextToken, end)
			}
			t.add(OperatorToken, end+2)
			t.nested++
			t.read(true, quotes)
			t.nested--
			if byteAt(t.text, t.at) != '}' || t.at >= len(t.text) {
				return
			}
			t.add(OperatorToken, t.at+1)
			end = t.at
		default:
			end++
		}
	}
	if end = min(end, len(t.text)); end > t.at {
		t.add(TextToken, end)
	}
	t.tokens[len(t.tokens)-1].Open = true
}
