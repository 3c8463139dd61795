package lang_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/ebnf"
)

// generator walks the grammar and writes a program. The rules that the grammar
// states in words it keeps by construction: see scope and the methods named
// after productions.
type generator struct {
	*grammar
	random *rand.Rand
	pieces []piece
	budget int // pieces still wanted; the shortest way is taken when it is used up
	// expressions and blocks are the most that may still nest.
	expressions, allExpressions, blocks int
	// reserve is the budget below which the expression that is being written ends.
	reserve int

	production []string // the productions around
	lexical    int      // lexical productions around; their text joins the last piece
	brackets   int      // open brackets of expressions
	predicates int
	inline     int // interpolations around: no newline, no comment
	forbidden  []string

	scope  *scope
	unique int
	tests  bool // it writes a test file
}

// piece is a token or a newline.
type piece struct {
	text   string
	inside bool // in brackets of an expression
	joins  bool // a line may break on either side
}

// scope is what a function's labels, jumps and names must keep to.
type scope struct {
	function bool
	file     bool  // of a test file, outside of tests and functions
	loops    []int // the loops around, by number; negative for a while
	labels   []label
	jumps    []jump
	keys     [][]string // keys of the settings lists around
}

type label struct {
	name  string
	loops []int
}

type jump struct {
	piece int
	loops []int
}

const longestExpression = 40

// newProgram gives the text of a program for a seed.
func (g *grammar) newProgram(seed uint64) string { return g.newText("File", seed) }

// newTestProgram gives the text of a test file for a seed.
func (g *grammar) newTestProgram(seed uint64) string { return g.newText("TestFile", seed) }

func (g *grammar) newText(production string, seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 1))
	gen := &generator{
		grammar: g, random: random,
		budget: 20 + random.IntN(500), expressions: 1 + random.IntN(4), blocks: 2 + random.IntN(4),
		tests: production == "TestFile",
	}
	gen.scope = &scope{file: gen.tests}
	gen.allExpressions = gen.expressions
	gen.walk(production)
	gen.resolveJumps()
	return gen.text()
}

func (g *generator) parent() string { return g.production[len(g.production)-1] }

// walk writes one production.
func (g *generator) walk(name string) {
	if write := special[name]; write != nil {
		write(g)
		return
	}
	g.expand(name)
}

// expand writes a production as the grammar states it.
func (g *generator) expand(name string) {
	first, _ := utf8.DecodeRuneInString(name)
	if unicode.IsLower(first) {
		if g.lexical == 0 {
			g.token("")
		}
		g.lexical++
		defer func() { g.lexical-- }()
	}
	g.production = append(g.production, name)
	nesting := g.nesting(name)
	if nesting == &g.expressions && *nesting == g.allExpressions {
		g.reserve = g.budget - g.random.IntN(longestExpression)
	}
	*nesting--
	g.alternatives(g.productions[name])
	*nesting++
	g.production = g.production[:len(g.production)-1]
}

func (g *generator) alternatives(expression *ebnf.Expression) {
	var allowed []*ebnf.Sequence
	for _, sequence := range expression.Alternatives {
		if first := sequence.Terms[0]; first.Repetition != "" || g.allowed(first) {
			allowed = append(allowed, sequence)
		}
	}
	if g.exhausted() || g.random.IntN(3) == 0 && g.lexical == 0 {
		slices.SortStableFunc(allowed, func(a, b *ebnf.Sequence) int { return g.sequenceSize(a) - g.sequenceSize(b) })
		allowed = allowed[:1]
	}
	g.sequence(allowed[g.random.IntN(len(allowed))].Terms)
}

func (g *generator) exhausted() bool {
	return g.expressions < 0 || g.blocks < 0 || g.budget < 0 ||
		g.expressions < g.allExpressions && g.budget < g.reserve
}

// nesting is the counter that a production uses up.
func (g *generator) nesting(production string) *int {
	switch production {
	case "Expression", "Value", "Head":
		return &g.expressions
	case "Block":
		return &g.blocks
	}
	return new(int)
}

// allowed keeps statements and operands out of places where they may not stand.
func (g *generator) allowed(term *ebnf.Term) bool {
	switch {
	case term.Literal == `"break"` || term.Literal == `"continue"`:
		return len(g.scope.loops) > 0
	case term.Literal == `"global"`:
		return g.scope.function
	case term.Literal == `"stop"` || term.Name == "Return":
		return !g.scope.file
	case term.Name == "TestStatement":
		return g.tests
	case term.Name == "Pointer":
		return g.predicates > 0
	case term.Name == "textBlock":
		return g.inline == 0
	case term.Name == "Failover":
		return slices.Contains(g.scope.keys[len(g.scope.keys)-1], "limit")
	}
	return true
}

func (g *generator) sequence(terms []*ebnf.Term) {
	for i, term := range terms {
		if term.Group != nil && term.Group.Lookahead == ebnf.LookaheadAssertionNegative {
			g.without(g.literals(term.Group.Expr), terms[i+1:])
			return
		}
		g.repeat(term)
	}
}

// without writes terms that do not begin with one of the texts; where there are
// no terms, what is written next does not.
func (g *generator) without(texts []string, terms []*ebnf.Term) {
	if len(terms) == 0 {
		g.forbidden = texts
		return
	}
	for at := len(g.pieces); ; g.pieces = g.pieces[:at] {
		g.sequence(terms)
		if !slices.Contains(texts, g.pieces[len(g.pieces)-1].text) {
			return
		}
	}
}

func (g *generator) repeat(term *ebnf.Term) {
	most, body := 3, g.parent() == "File" || g.parent() == "TestFile" || g.parent() == "Block"
	switch {
	case term.Name == "End" || term.Token == "newline":
		most = 1 + g.random.IntN(2)
	case g.lexical > 0 || body:
		most = 6
	}
	times := 1
	switch term.Repetition {
	case "?":
		if !body {
			times = g.random.IntN(2)
		}
	case "*":
		times = g.random.IntN(most + 1)
	case "+":
		times = 1 + g.random.IntN(most)
	}
	if times > 0 && g.exhausted() && term.Repetition != "" {
		times = 0
		if term.Repetition == "+" {
			times = 1
		}
	}
	for range times {
		if term.Repetition == "" || g.allowed(term) {
			g.term(term)
		}
	}
}

func (g *generator) term(term *ebnf.Term) {
	switch {
	case term.Negation:
		g.characterBut(term)
	case term.Literal != "":
		g.literal(unquote(term.Literal))
	case term.Token == "newline":
		g.newline()
	case term.Token == "letter":
		g.append(pick(g, []string{"a", "b", "x", "Z", "_", "é", "ж", "世"}))
	case term.Name != "":
		g.walk(term.Name)
	default:
		g.alternatives(term.Group.Expr)
	}
}

func pick[T any](g *generator, from []T) T { return from[g.random.IntN(len(from))] }

var characters = []string{
	"a", "Z", "0", " ", "  ", "\t", "<", ">", "{", "}", "(", "]", "#", ",", ";", ":", "'", "\"", "`", "$", "\\", "/", "*",
	"é", "世", "🎉", "e\u0301", "\n", "\n  ",
}

// characterBut writes one character that is not excluded.
func (g *generator) characterBut(term *ebnf.Term) {
	var excluded []string
	switch {
	case term.Group != nil:
		excluded = g.literals(term.Group.Expr)
	case term.Token == "newline":
		excluded = []string{"\n", "\r"}
	default:
		excluded = []string{unquote(term.Literal)}
	}
	if g.inline > 0 {
		excluded = append(excluded, "\n")
	}
	excluded = append(excluded, g.forbidden...)
	for {
		text := pick(g, characters)
		if !slices.ContainsFunc(excluded, func(e string) bool { return strings.HasPrefix(text, e[:1]) }) {
			g.append(text)
			return
		}
	}
}

// append adds to the piece that is being written.
func (g *generator) append(text string) {
	last := &g.pieces[len(g.pieces)-1]
	for _, forbidden := range g.forbidden {
		if text[0] == forbidden[0] {
			last.text += "x"
			break
		}
	}
	g.forbidden = nil
	last.text += text
}

// literal writes a text of the grammar.
func (g *generator) literal(text string) {
	if g.lexical > 0 {
		g.append(text)
		return
	}
	bracket := bracketed[g.parent()]
	if bracket && strings.Contains(")]}", text) {
		defer func() { g.brackets-- }()
	}
	g.token(text)
	if bracket && strings.Contains("([{", text) {
		g.brackets++
	}
	g.pieces[len(g.pieces)-1].joins = joining[g.parent()] && text != "not" && !strings.Contains("()[]{}", text)
}

// bracketed are the productions whose brackets belong to expressions, joining
// those whose texts carry a line on.
var (
	bracketed = set("HeadAccessible", "Access", "List", "Map", "Invocation", "Piped", "Predicate", "Target")
	joining   = set("Operator", "ValueOperator", "Choice", "ValueChoice", "HeadChoice", "Access",
		"Coalescence", "HeadCoalescence", "Expression", "Value", "Head")
)

func set(names ...string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}

// token begins a piece.
func (g *generator) token(text string) {
	if strings.TrimSpace(text) != "" {
		g.budget--
	}
	g.pieces = append(g.pieces, piece{text: text, inside: g.brackets > 0})
}

func (g *generator) newline() {
	if g.lexical > 0 {
		g.append("\n")
		return
	}
	g.token(pick(g, []string{"\n", "\n", "\n\n", "\r\n", " // note\n", "\n/* a\n b */\n", "\n\t"}))
}

// text puts the pieces together with blanks, comments and line breaks where
// they may stand.
func (g *generator) text() string {
	var out strings.Builder
	for i, next := range g.pieces {
		if i > 0 {
			out.WriteString(g.gap(g.pieces[i-1], next))
		}
		out.WriteString(next.text)
	}
	return out.String()
}

func (g *generator) gap(before, next piece) string {
	if isNewline(before) || isNewline(next) {
		return pick(g, []string{"", "", " ", "  "})
	}
	if g.inline == 0 && g.random.IntN(8) == 0 {
		breaks := next.inside || before.text == "," || before.joins && before.text != ">" ||
			next.joins && next.text != "<" && next.text != ">"
		if breaks {
			return pick(g, []string{"\n", "\n  ", "\n\n", " // and\n ", "\r\n"})
		}
		return pick(g, []string{" /* c */ ", "\t", "   "})
	}
	if strings.Contains("()[],", before.text) || strings.Contains("()[],:", next.text) {
		return pick(g, []string{"", "", " "})
	}
	return " "
}

func isNewline(p piece) bool {
	return strings.HasSuffix(strings.TrimRight(p.text, "\t"), "\n") && !p.inside
}
