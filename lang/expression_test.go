package lang_test

import (
	"strings"
	"testing"

	"flowrun/lang"
)

// parseExpression reads a whole text as one expression.
func parseExpression(text string) (*lang.Expression, *lang.Source, lang.Diagnostics) {
	source := lang.NewSource("test.flow", text)
	expression, diagnostics := lang.ParseExpression(source, lang.Span{End: len(source.Text)})
	return expression, source, diagnostics
}

func TestExpressionsOfExprAreCaptured(t *testing.T) {
	for _, text := range []string{
		"1", "1_000", "0x1F", "0o17", "0b101", "1.5e3", ".5", "1.", "1e-3", "true", "nil", "name", "straße", "_a1",
		"-1", "- -1", "!a", "not a", "!!a", "not not a", "-a ** -b", "+1",
		"a + b * c", "a ** b ^ c", "a % b", "a == b != c", "a < b <= c", "a and b or c && d || !e",
		"a ?? b ?? c", "a?.b?.[0]", "a.b[0].c", "a[1:2]", "a[:2]", "a[1:]", "a[:]", "a[-1]", "a[b ? 1 : 2:3]",
		"a ? b : c", "a ?: b", "a ? b ? 1 : 2 : 3", "a ? {b: 1} : [c]",
		"x in xs", "x not in xs", "s matches '^a'", "s contains 'a'", "s startsWith 'a'", "s not endsWith 'a'",
		"1..3", "1 .. n", "(1..3)", "[1..3]",
		"xs | filter(# > 3) | map(.name)", "filter(xs, {# > 3})", "filter(xs, .a.b == 1)", "map(1..3, #index)", "reduce(xs, #acc + #, 0)",
		"filter(xs, {.a > 1 and #.b})", "f()", "f(1,)", "f(a, [b], {c: d},)", "a.f(1).g()", "a.in(1)", "now().Year()",
		"[]", "[1, 2,]", "{}", "{a: 1, \"b c\": 2, 3: 4, (k): 5,}", "{in: 1, not: 2, if: 3}", "{a: {b: [{}]}}",
		`"a" + 'b' + ` + "`c`", `"${a}" == "${filter(xs, "${#}" == "1")}"`, `"a" in xs`, `"abc"[1]`, `"a".b`,
		"(a)", "((a)).b", "-(a)", "(a ? b : c)",
	} {
		expression, source, diagnostics := parseExpression("  " + text + " // end")
		if len(diagnostics) > 0 {
			t.Errorf("%s: %v", text, diagnostics)
			continue
		}
		if got := source.Slice(expression.Span); got != text || expression.Bad {
			t.Errorf("got %s, want %s", got, text)
		}
	}
}

func TestAWholeTextIsOneExpressionOverItsLines(t *testing.T) {
	expression, source, diagnostics := parseExpression("\n a\n + b // c\n\n")
	if len(diagnostics) > 0 || source.Slice(expression.Span) != "a\n + b" {
		t.Errorf("got %v and %v", expression, diagnostics)
	}
	for _, text := range []string{"", " // nothing", "a b", "a; b", "a\nb", "a)", "a,"} {
		if _, _, diagnostics := parseExpression(text); len(diagnostics) != 1 {
			t.Errorf("%q: got %v", text, diagnostics)
		}
	}
}

func TestAPartOfASourceIsReadAsOneExpression(t *testing.T) {
	source := lang.NewSource("test.flow", "x = a b c")
	expression, diagnostics := lang.ParseExpression(source, lang.Span{Start: 6, End: 7})
	if len(diagnostics) > 0 || source.Slice(expression.Span) != "b" {
		t.Errorf("got %v and %v", expression, diagnostics)
	}
}

func TestExpressionsKeepTheirOutermostStringsAndTheirComments(t *testing.T) {
	expression, source, _ := parseExpression(`/*0*/ "a" + /*1*/ f('b', "${"c"}") // 2
	+ d /*3*/`)
	var literals, comments []string
	for _, literal := range expression.Strings {
		literals = append(literals, source.Slice(literal.Span))
	}
	if got, want := strings.Join(literals, " "), `"a" 'b' "${"c"}"`; got != want {
		t.Errorf("got strings %s, want %s", got, want)
	}
	for _, comment := range expression.Comments() {
		comments = append(comments, source.Slice(comment))
	}
	if got, want := strings.Join(comments, " "), "/*1*/ // 2"; got != want {
		t.Errorf("got comments %s, want %s", got, want)
	}
}

func TestExpressionsKeepMapKeysThatAreOperatorsElsewhere(t *testing.T) {
	expression, source, _ := parseExpression(`{in: a in b, not: not c, x: 1, "or": 2, y: {and: 3}}`)
	var keys []string
	for _, key := range expression.WordKeys() {
		keys = append(keys, source.Slice(key))
	}
	if got, want := strings.Join(keys, " "), "in not and"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnExpressionInErrorIsMarkedAsBad(t *testing.T) {
	file, _ := lang.Parse("test.flow", "x = 1 +\ny = 2\nf < a: b c, d: 1 >\nif { }\n")
	want := "x = !1 +\ny = 2\ncall f\n  a: !b c\n  d: 1\nif !\n"
	if got := dump(file); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMapLiteralsInHeadsStandInParentheses(t *testing.T) {
	hasTree(t, "for k in ({a: 1}) { }\nif x == ({}) { }\nif f({a: 1}) { }", "for k in ({a: 1})\nif x == ({})\nif f({a: 1})")
}
