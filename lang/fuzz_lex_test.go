package lang_test

import (
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"

	"flowrun/lang"
)

// FuzzLex splits any text into tokens: the lexer ends, its tokens stand in order
// and say what the source says, and, where the source has no errors, nothing but
// blanks, comments and ends of statements stands between them.
func FuzzLex(f *testing.F) {
	grammar := readGrammar(f)
	for seed := range uint64(100) {
		f.Add(grammar.newProgram(seed))
	}
	for _, chunk := range dataChunks(f) {
		f.Add(chunk.Source)
	}
	f.Fuzz(func(t *testing.T, text string) { checkTokens(t, text) })
}

func checkTokens(t *testing.T, text string) {
	t.Helper()
	tokens, err := lang.Definition{}.LexString("fuzzed.flow", text)
	if err != nil {
		t.Fatal(err)
	}
	file, diagnostics := lang.Parse("fuzzed.flow", text)
	source := file.Source.Text
	last := 0
	for count := 0; ; count++ {
		token, err := tokens.Next()
		if err != nil {
			t.Fatal(err)
		}
		at := token.Pos.Offset
		if at < last || at+len(token.Value) > len(source) {
			t.Fatalf("a token at %d of %d bytes stands behind one that ends at %d", at, len(token.Value), last)
		}
		if !diagnostics.HasErrors() {
			checkBetween(t, source, last, at, file.Comments)
		}
		if token.Type == lexer.EOF {
			if at != len(source) {
				t.Errorf("the end stands at %d of %d", at, len(source))
			}
			return
		}
		if source[at:at+len(token.Value)] != token.Value {
			t.Errorf("the token %q stands at %q", token.Value, source[at:at+len(token.Value)])
		}
		if want := file.Source.Position(at); token.Pos.Line != want.Line || token.Pos.Column != want.Column {
			t.Errorf("the token %q stands at %d:%d, and says %d:%d", token.Value, want.Line, want.Column, token.Pos.Line, token.Pos.Column)
		}
		last = at + len(token.Value)
		if count > 2*len(source)+10 {
			t.Fatal("the tokens have no end")
		}
	}
}

// checkBetween demands that nothing was left out between two tokens.
func checkBetween(t *testing.T, source string, start, end int, comments []lang.Comment) {
	t.Helper()
	for at := start; at < end; at++ {
		for _, comment := range comments {
			if comment.Span.Start == at {
				at = comment.Span.End
			}
		}
		if at < end && !strings.ContainsRune(" \t\n\r;,", rune(source[at])) {
			t.Fatalf("%q is in no token", source[at:end])
		}
	}
}
