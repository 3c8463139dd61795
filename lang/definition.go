package lang

import (
	"fmt"
	"io"
	"maps"

	"github.com/alecthomas/participle/v2/lexer"
)

// The types of tokens. An expression is one token, from its first character to
// its last; so is the settings' `key:`.
const (
	tokenName lexer.TokenType = -2 - iota
	tokenKeyword
	tokenString
	tokenExpression
	tokenKey
	tokenMark
	tokenSeparator
)

var symbols = map[string]lexer.TokenType{
	"EOF":        lexer.EOF,
	"Name":       tokenName,
	"Keyword":    tokenKeyword,
	"String":     tokenString,
	"Expression": tokenExpression,
	"Key":        tokenKey,
	"Mark":       tokenMark,
	"Separator":  tokenSeparator,
}

// Definition is the lexer of flow files for participle. What a character means
// depends on the statement it stands in, so the lexer follows the statements: it
// emits an expression as one token up to the expression's end.
//
// The tokens are Name (dotted names are one), Keyword, String (a flow's name),
// Expression, Key (`key:`), Separator (between settings or parameters; empty
// when a line break separates) and Mark (all other characters).
type Definition struct{}

var (
	_ lexer.Definition       = Definition{}
	_ lexer.StringDefinition = Definition{}
)

// Symbols names the types of tokens.
func (Definition) Symbols() map[string]lexer.TokenType { return maps.Clone(symbols) }

// Lex reads all of r and splits it into tokens.
func (d Definition) Lex(filename string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", filename, err)
	}
	return d.LexString(filename, string(text))
}

// LexString splits a flow file into tokens. Text with mistakes is split as far
// as it can be; Parse tells the mistakes.
func (Definition) LexString(filename, text string) (lexer.Lexer, error) {
	p := newFileParser(filename, text, nil)
	recorder := &recordedTokens{source: p.source}
	p.recorder = recorder
	p.file()
	return recorder, nil
}

// recordedTokens are the tokens of a whole file in order.
type recordedTokens struct {
	source *Source
	tokens []lexer.Token
	next   int
	// expressions are by the offset of their first token; nil: not wanted.
	expressions map[int]*Expression
}

// add appends a token. Behind a mistake the parser may go back and read a part
// again; then the tokens that were read there before give way.
func (r *recordedTokens) add(token lexer.Token) {
	kept := len(r.tokens)
	for kept > 0 && r.tokens[kept-1].Pos.Offset+len(r.tokens[kept-1].Value) > token.Pos.Offset {
		kept--
	}
	r.tokens = append(r.tokens[:kept], token)
}

// Next gives the next token.
func (r *recordedTokens) Next() (lexer.Token, error) {
	if r.next == len(r.tokens) {
		return lexer.EOFToken(r.place(len(r.source.Text))), nil
	}
	token := r.tokens[r.next]
	token.Pos = r.place(token.Pos.Offset)
	r.next++
	return token, nil
}

func (r *recordedTokens) place(offset int) lexer.Position {
	position := r.source.Position(offset)
	return lexer.Position{
		Filename: r.source.Name,
		Offset:   position.Offset,
		Line:     position.Line,
		Column:   position.Column,
	}
}
