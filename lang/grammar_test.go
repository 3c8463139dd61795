package lang_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/alecthomas/participle/v2/ebnf"
)

// grammar is docs/grammar.ebnf, with the least size of each production.
type grammar struct {
	productions map[string]*ebnf.Expression
	sizes       map[string]int
}

func readGrammar(t testing.TB) *grammar {
	t.Helper()
	text, err := os.ReadFile("../docs/grammar.ebnf")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := ebnf.ParseString(string(text))
	if err != nil {
		t.Fatalf("docs/grammar.ebnf: %v", err)
	}
	g := &grammar{productions: map[string]*ebnf.Expression{}, sizes: map[string]int{}}
	for _, production := range parsed.Productions {
		if g.productions[production.Production] != nil {
			t.Fatalf("docs/grammar.ebnf: %s is defined twice", production.Production)
		}
		g.productions[production.Production] = production.Expression
		g.sizes[production.Production] = endless
	}
	for changed := true; changed; {
		changed = false
		for name, expression := range g.productions {
			if size := g.size(expression); size < g.sizes[name] {
				g.sizes[name], changed = size, true
			}
		}
	}
	for name, size := range g.sizes {
		if size >= endless {
			t.Fatalf("docs/grammar.ebnf: %s never ends or uses an undefined production", name)
		}
	}
	return g
}

const endless = 1 << 20

// size is the least number of texts that an expression needs.
func (g *grammar) size(expression *ebnf.Expression) int {
	least := endless
	for _, sequence := range expression.Alternatives {
		least = min(least, g.sequenceSize(sequence))
	}
	return least
}

func (g *grammar) sequenceSize(sequence *ebnf.Sequence) int {
	sum := 0
	for _, term := range sequence.Terms {
		switch {
		case term.Repetition == "?", term.Repetition == "*":
		case term.Group != nil && term.Group.Lookahead != ebnf.LookaheadAssertionNone:
		case term.Negation, term.Literal != "", term.Token != "":
			sum++
		case term.Group != nil:
			sum += g.size(term.Group.Expr)
		case g.productions[term.Name] == nil:
			return endless
		default:
			sum += g.sizes[term.Name]
		}
	}
	return min(sum, endless)
}

// literals are the texts that an expression of literals and names of such
// expressions stands for.
func (g *grammar) literals(expression *ebnf.Expression) []string {
	var all []string
	for _, sequence := range expression.Alternatives {
		term := sequence.Terms[0]
		switch {
		case len(sequence.Terms) != 1:
			panic("a lookahead over more than single texts: " + expression.String())
		case term.Name != "":
			all = append(all, g.literals(g.productions[term.Name])...)
		case term.Token == "newline":
			all = append(all, "\n", "\r")
		case term.Group != nil:
			all = append(all, g.literals(term.Group.Expr)...)
		default:
			all = append(all, unquote(term.Literal))
		}
	}
	return all
}

func unquote(literal string) string {
	text, err := strconv.Unquote(literal)
	if err != nil {
		panic(err)
	}
	return text
}
