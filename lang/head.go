package lang

import (
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The heads of statements, as participle reads them from a window of tokens.
// Each parser is built on first use.

type flowHead struct {
	Type     lexer.Token     `parser:"'flow' @Name?"`
	Name     lexer.Token     `parser:"@String?"`
	Settings *settingsClause `parser:"@@?"`
}

type settingsClause struct {
	Settings settingList `parser:"'<' @@"`
	Close    lexer.Token `parser:"@'>'"`
}

type callHead struct {
	Component lexer.Token `parser:"@Name '<'"`
	Settings  settingList `parser:"@@"`
	Close     lexer.Token `parser:"@'>'"`
}

type inputHead struct {
	Name    lexer.Token `parser:"'input' @Name"`
	Type    lexer.Token `parser:"( ':' @Name )?"`
	Default lexer.Token `parser:"( '=' @Expression )?"`
}

type functionHead struct {
	Name       lexer.Token   `parser:"'function' @Name '<'"`
	Parameters parameterList `parser:"@@"`
	Close      lexer.Token   `parser:"@'>' '{'"`
}

// conditionHead is the head of if, while and switch.
type conditionHead struct {
	Condition lexer.Token `parser:"( 'if' | 'while' | 'switch' ) @Expression '{'"`
}

type caseHead struct {
	Values []caseValue `parser:"'case' @@ ( ',' @@ )* '{'"`
}

// caseValue is a struct because participle keeps only the last token of a list.
type caseValue struct {
	Token lexer.Token `parser:"@Expression"`
}

type forHead struct {
	First      lexer.Token `parser:"'for' @Name"`
	Second     lexer.Token `parser:"( ',' @Name )?"`
	Collection lexer.Token `parser:"'in' @Expression '{'"`
}

type returnHead struct {
	Value lexer.Token `parser:"'return' @Expression?"`
}

type gotoHead struct {
	Label lexer.Token `parser:"'goto' @Name"`
}

type catchHead struct {
	Name lexer.Token `parser:"'catch' @Name? '{'"`
}

type testHead struct {
	Name     lexer.Token     `parser:"'test' @String"`
	Settings *settingsClause `parser:"@@? '{'"`
}

type runHead struct {
	File   lexer.Token `parser:"'run' @String '<'"`
	Inputs settingList `parser:"@@"`
	Close  lexer.Token `parser:"@'>'"`
}

type mockHead struct {
	Component lexer.Token `parser:"'mock' @Name '<'"`
	Settings  settingList `parser:"@@"`
	Close     lexer.Token `parser:"@'>'"`
}

// settingList is `key: value, …`. It reads its tokens itself, since reflection
// over a long list is slow; the struct is needed because participle would not
// ask a slice.
type settingList struct {
	pairs []settingTokens
}

type settingTokens struct {
	key, value lexer.Token
}

// Parse implements participle.Parseable.
func (s *settingList) Parse(tokens *lexer.PeekingLexer) error {
	for {
		switch tokens.Peek().Type {
		case tokenSeparator:
			tokens.Next()
		case tokenKey:
			key := *tokens.Next()
			if tokens.Peek().Type != tokenExpression {
				return nil
			}
			s.pairs = append(s.pairs, settingTokens{key: key, value: *tokens.Next()})
		default:
			return nil
		}
	}
}

// parameterList is `NAME [: TYPE] [= expression], …`, read like settings.
type parameterList struct {
	parameters []parameterTokens
}

type parameterTokens struct {
	name, kind, value lexer.Token // absent ones are zero
}

// Parse implements participle.Parseable. It stops before a token that does not
// fit.
func (l *parameterList) Parse(tokens *lexer.PeekingLexer) error {
	for tokens.Peek().Type == tokenName {
		parameter := parameterTokens{name: *tokens.Next()}
		if tokens.Peek().Value == ":" {
			tokens.Next()
			if tokens.Peek().Type != tokenName {
				return nil
			}
			parameter.kind = *tokens.Next()
		}
		if tokens.Peek().Value == "=" {
			tokens.Next()
			if tokens.Peek().Type == tokenExpression {
				parameter.value = *tokens.Next()
			}
		}
		l.parameters = append(l.parameters, parameter)
		if tokens.Peek().Type != tokenSeparator {
			return nil
		}
		tokens.Next()
	}
	return nil
}

var (
	flowParser      = headParser[flowHead]()
	callParser      = headParser[callHead]()
	inputParser     = headParser[inputHead]()
	functionParser  = headParser[functionHead]()
	conditionParser = headParser[conditionHead]()
	caseParser      = headParser[caseHead]()
	forParser       = headParser[forHead]()
	returnParser    = headParser[returnHead]()
	gotoParser      = headParser[gotoHead]()
	catchParser     = headParser[catchHead]()
	testParser      = headParser[testHead]()
	runParser       = headParser[runHead]()
	mockParser      = headParser[mockHead]()
)

func headParser[H any]() func() *participle.Parser[H] {
	return sync.OnceValue(func() *participle.Parser[H] {
		return participle.MustBuild[H](participle.Lexer(Definition{}))
	})
}

// windowLexer gives participle the tokens of one head.
type windowLexer struct {
	tokens []lexer.Token
	end    int
}

// Next implements lexer.Lexer.
func (w *windowLexer) Next() (lexer.Token, error) {
	if len(w.tokens) == 0 {
		return lexer.EOFToken(lexer.Position{Offset: w.end}), nil
	}
	token := w.tokens[0]
	w.tokens = w.tokens[1:]
	return token, nil
}

// parseHead gives the window to participle unless it is plain. The head is never nil; when the
// window does not fit, ok is false, the head holds what fitted, and wrong is the
// index of the token that does not, which may be one past the last.
func parseHead[H any](p *parser, grammar func() *participle.Parser[H]) (head *H, wrong int, ok bool) {
	return parseInto(p, new(H), grammar)
}

// parseInto is parseHead with a head to fill, which is empty.
func parseInto[H any](p *parser, head *H, grammar func() *participle.Parser[H]) (_ *H, wrong int, ok bool) {
	if plain, is := any(head).(plainHead); is && plain.plain(p.window) {
		return head, 0, true
	}
	tokens, err := lexer.Upgrade(&windowLexer{tokens: p.window, end: p.windowEnd()})
	if err == nil {
		head, err = grammar().ParseFromLexer(tokens)
	}
	if err == nil {
		return head, 0, true
	}
	if head == nil {
		head = new(H)
	}
	wrong = len(p.window)
	if failure, is := err.(participle.Error); is {
		for i, token := range p.window {
			if token.Pos.Offset >= failure.Position().Offset {
				wrong = i
				break
			}
		}
	}
	return head, wrong, false
}

// windowEnd gives the end of the window's last token.
func (p *parser) windowEnd() int {
	if len(p.window) == 0 {
		return p.pos
	}
	return tokenSpan(p.window[len(p.window)-1]).End
}

func tokenSpan(token lexer.Token) Span {
	return Span{token.Pos.Offset, token.Pos.Offset + len(token.Value)}
}

// openWindow starts a new head.
func (p *parser) openWindow() {
	p.window = p.window[:0]
	p.captured, p.taken = p.captured[:0], 0
	p.literals = p.literals[:0]
	p.angleOpen = false
}

// emit adds a token to the window.
func (p *parser) emit(kind lexer.TokenType, start, end int) {
	p.window = append(p.window, p.token(kind, start, end))
	p.note(kind, start, end)
}

// emitExpression adds an expression to the window.
func (p *parser) emitExpression(expression *Expression) {
	p.captured = append(p.captured, expression)
	p.emit(tokenExpression, expression.Span.Start, expression.Span.End)
}

// expressionOf finds the expression of a token; nil for a token that is absent.
func (p *parser) expressionOf(token lexer.Token) *Expression {
	if token.Type != tokenExpression {
		return nil
	}
	for i, expression := range p.captured[p.taken:] {
		if expression.Span.Start == token.Pos.Offset {
			p.taken += i + 1
			return expression
		}
	}
	return nil
}

func nameOf(token lexer.Token) Name { return Name{Span: tokenSpan(token), Text: token.Value} }

// optionalName gives the name of a token, nil for a token that is absent.
func optionalName(token lexer.Token) *Name {
	if token.Type != tokenName {
		return nil
	}
	n := nameOf(token)
	return &n
}
