package expression

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"flowrun/lang"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// TestReaderMakesTheTreeOfExprsParser holds the reader to expr's parser: whatever
// it reads, expr reads too, as the same nodes in the same places.
func TestReaderMakesTheTreeOfExprsParser(t *testing.T) {
	read := 0
	for _, text := range []string{
		"a", "true", "12", "0.5", "007", "a.b.c", "a[0].b", "-a.b", "!(a and b)", "a ?? b", "(a ?? b).c",
		"a < b < c", "a < b == c >= d", "a ** b ** c", "a - b - c", "-2 ** 2", "a in [1, 2]", "x in\"\"",
		"\"a\"", "'b' + `c`", "\"${a} of ${b + 1}\"", "\"${\"${a}\"}\"", "len(a) > 1..3", "f()", "html(\"x\")",
		"не.тут", "\"ü\" == ö", "a // b\n+ c", "[]", "[[1], []]", "a[b[0]]", "upper(trim(a))[0]",
	} {
		read += sameTree(t, text)
	}
	if read < 30 {
		t.Errorf("the reader gave up too often: it read %d", read)
	}
	random := rand.New(rand.NewPCG(7, 7))
	read = 0
	const rounds = 30_000
	for range rounds {
		text := randomText(random, 4)
		if random.IntN(3) == 0 {
			text = garbled(random, text)
		}
		read += sameTree(t, text)
	}
	if read < rounds/10 {
		t.Errorf("the reader gave up too often: it read %d of %d", read, rounds)
	}
}

// sameTree gives 1 when the reader reads the text.
func sameTree(t *testing.T, text string) int {
	t.Helper()
	source := lang.NewSource("read.flow", text)
	e, problems := lang.ParseExpression(source, lang.Span{End: len(text)})
	if e == nil || problems.HasErrors() {
		return 0
	}
	m := mask(source, e)
	got := m.read(&nodes{})
	if got == nil {
		return 0
	}
	want, err := parser.ParseWithConfig(m.String(), NewCompiler(Limits{}).configured())
	if err != nil {
		t.Errorf("%q: the reader reads what expr refuses: %v", text, err)
		return 1
	}
	if got, want := shownTree(got), shownTree(want.Node); got != want {
		t.Errorf("%q:\n got %s\nwant %s", text, got, want)
	}
	return 1
}

// shownTree shows the nodes of a tree with their places; a node that stands in two
// of them has one number.
func shownTree(n ast.Node) string {
	var b strings.Builder
	numbers := map[ast.Node]int{}
	var show func(n ast.Node)
	show = func(n ast.Node) {
		number, again := numbers[n]
		if !again {
			number = len(numbers)
			numbers[n] = number
		}
		at := n.Location()
		fmt.Fprintf(&b, "(%d %T %d-%d", number, n, at.From, at.To)
		var inner []ast.Node
		switch n := n.(type) {
		case *ast.IdentifierNode:
			b.WriteString(" " + n.Value)
		case *ast.StringNode:
			b.WriteString(" " + n.Value)
		case *ast.IntegerNode:
			fmt.Fprint(&b, " ", n.Value)
		case *ast.FloatNode:
			fmt.Fprint(&b, " ", n.Value)
		case *ast.BoolNode:
			fmt.Fprint(&b, " ", n.Value)
		case *ast.NilNode:
		case *ast.UnaryNode:
			b.WriteString(" " + n.Operator)
			inner = []ast.Node{n.Node}
		case *ast.BinaryNode:
			b.WriteString(" " + n.Operator)
			inner = []ast.Node{n.Left, n.Right}
		case *ast.MemberNode:
			fmt.Fprint(&b, " ", n.Optional, n.Method)
			inner = []ast.Node{n.Node, n.Property}
		case *ast.ArrayNode:
			inner = n.Nodes
		case *ast.CallNode:
			inner = append([]ast.Node{n.Callee}, n.Arguments...)
		case *ast.BuiltinNode:
			fmt.Fprint(&b, " ", n.Name, n.Throws, n.Map, n.Threshold)
			inner = n.Arguments
		default:
			b.WriteString(" not of the reader")
		}
		for _, part := range inner {
			show(part)
		}
		b.WriteString(")")
	}
	show(n)
	return b.String()
}

// randomText makes an expression, which need not make sense.
func randomText(random *rand.Rand, depth int) string {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	inner := func() string { return randomText(random, depth-1) }
	if depth == 0 || random.IntN(5) == 0 {
		return pick("a", "b.c", "order.total", "1", "12.5", "0", "0x1f", "1_000", "1e3", "true", "false", "nil",
			`"text"`, `"ü"`, `""`, `'x'`, "größe", "if_", "#", "9223372036854775807")
	}
	switch random.IntN(16) {
	case 0:
		return "(" + inner() + ")"
	case 1:
		return pick("not ", "!", "-", "+", "- ") + inner()
	case 2:
		return "[" + inner() + "," + pick("", " ") + inner() + pick("", ",") + "]"
	case 3:
		return inner() + pick(".name", ".in", ".not", "?.name", "[0]", "[1:2]", "?.[0]", ".f()", ".name.first")
	case 4:
		return pick("len", "upper", "filter", "count", "sum", "html", "mine", "now", "true") + "(" + pick("", inner(), inner()+", "+inner()) + ")"
	case 5:
		return inner() + " ? " + inner() + " : " + inner()
	case 6:
		return `"a ${` + inner() + `} b` + pick("", "${"+inner()+"}") + `"`
	case 7:
		return "{k: " + inner() + "}"
	case 8:
		return inner() + "[" + inner() + "]"
	}
	operator := pick("+", "-", "*", "/", "%", "^", "**", "==", "!=", "<", "<=", ">", ">=", " and ", " or ", "&&", "||",
		" in ", " not in ", " contains ", " startsWith ", " endsWith ", " matches ", "..", "??", " | ", "\n+ ", " /* c */ * ")
	if blank := pick("", " "); operator[0] != ' ' {
		operator = blank + operator + blank
	}
	return inner() + operator + inner()
}

// garbled drops a piece of a text.
func garbled(random *rand.Rand, text string) string {
	from := random.IntN(len(text))
	to := min(len(text), from+1+random.IntN(3))
	return text[:from] + text[to:]
}
