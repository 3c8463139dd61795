package lang_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"

	"flowrun/lang"
)

// tokens splits a flow as participle would and names each token's type.
func tokens(t *testing.T, text string) []string {
	t.Helper()
	names := lexer.SymbolsByRune(lang.Definition{})
	lexed, err := lang.Definition{}.Lex("test.flow", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	all, err := lexer.ConsumeAll(lexed)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, token := range all {
		out = append(out, fmt.Sprintf("%d:%d %s %s", token.Pos.Line, token.Pos.Column, names[token.Type], token.Value))
	}
	return out
}

func TestTheLexerGivesAnExpressionAsOneToken(t *testing.T) {
	got := tokens(t, "flow voice \"x\"\nä: x.y[i + 1] = f < a: \"${b}\" + c, d: 1 >\nif x == (1) {\n  y = a +\n    b // c\n}\n")
	want := `1:1 Keyword flow
1:6 Name voice
1:12 String "x"
2:1 Name ä
2:2 Mark :
2:4 Name x
2:5 Mark .
2:6 Name y
2:7 Mark [
2:8 Expression i + 1
2:13 Mark ]
2:15 Mark =
2:17 Name f
2:19 Mark <
2:21 Key a
2:22 Mark :
2:24 Expression "${b}" + c
2:34 Separator ,
2:36 Key d
2:37 Mark :
2:39 Expression 1
2:41 Mark >
3:1 Keyword if
3:4 Expression x == (1)
3:13 Mark {
4:3 Name y
4:5 Mark =
4:7 Expression a +
    b
6:1 Mark }
7:1 EOF `
	if got := strings.Join(got, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheLexerNamesItsTokens(t *testing.T) {
	symbols := lang.Definition{}.Symbols()
	for _, name := range []string{"EOF", "Name", "Keyword", "String", "Expression", "Key", "Mark", "Separator"} {
		if _, known := symbols[name]; !known {
			t.Errorf("%s is missing", name)
		}
	}
	if len(symbols) != 8 {
		t.Errorf("got %v", symbols)
	}
}
