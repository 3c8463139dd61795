package lang

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// TestPlainHeadsReadWhatParticipleReads holds each head that reads its window
// itself to participle: what it reads, participle reads too, as the same head.
func TestPlainHeadsReadWhatParticipleReads(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	sameHead(t, random, callParser, "n<kSk>")
	sameHead(t, random, inputParser, "in:n=e")
	sameHead(t, random, conditionParser, "fe{")
	sameHead(t, random, caseParser, "ce,e{")
	sameHead(t, random, forParser, "on,nIe{")
	sameHead(t, random, returnParser, "re")
	sameHead(t, random, gotoParser, "gn")
	sameHead(t, random, catchParser, "hn{")
}

var headKeywords = map[rune]string{
	'i': "input", 'f': "if", 'w': "while", 's': "switch", 'c': "case", 'o': "for", 'I': "in", 'r': "return", 'g': "goto", 'h': "catch",
}

// sameHead tries windows made of pieces of a pattern, in its order or not.
func sameHead[H any](t *testing.T, random *rand.Rand, grammar func() *participle.Parser[H], pattern string) {
	t.Helper()
	read := 0
	for range 20_000 {
		var window []lexer.Token
		for _, c := range pattern {
			switch random.IntN(8) {
			case 0:
				continue
			case 1:
				window = append(window, headTokensOf(c, len(window))...)
			case 2:
				c = rune(pattern[random.IntN(len(pattern))])
			}
			window = append(window, headTokensOf(c, len(window))...)
		}
		got := new(H)
		if len(window) == 0 || !any(got).(plainHead).plain(window) {
			continue
		}
		read++
		tokens, err := lexer.Upgrade(&windowLexer{tokens: window, end: 100})
		if err != nil {
			t.Fatal(err)
		}
		want, err := grammar().ParseFromLexer(tokens)
		if err != nil {
			t.Fatalf("%T reads what participle refuses: %v: %v", got, window, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%v:\n got %+v\nwant %+v", window, got, want)
		}
	}
	if read < 50 {
		t.Errorf("%T read only %d windows", *new(H), read)
	}
}

// headTokensOf gives the tokens of a piece of a pattern: `n` a name, `e` an
// expression, `k` a key with its value, `S` a separator.
func headTokensOf(c rune, at int) []lexer.Token {
	token := lexer.Token{Type: tokenMark, Value: string(c), Pos: lexer.Position{Offset: at}}
	switch {
	case headKeywords[c] != "":
		token.Type, token.Value = tokenKeyword, headKeywords[c]
	case c == 'S':
		token.Type = tokenSeparator
	case c == 'n':
		token.Type = tokenName
	case c == 'e':
		token.Type = tokenExpression
	case c == 'k':
		value := token
		token.Type, value.Type = tokenKey, tokenExpression
		return []lexer.Token{token, value}
	}
	return []lexer.Token{token}
}
