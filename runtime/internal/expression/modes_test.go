package expression_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// parts writes what mode Templates makes of an expression: templates with
// their parts apart.
func parts(v any) string {
	switch v := v.(type) {
	case *value.Template:
		texts := make([]string, len(v.Parts))
		for i, part := range v.Parts {
			if part.Dynamic {
				texts[i] = fmt.Sprintf("{%s = %v}", part.Source, parts(part.Value))
			} else {
				texts[i] = fmt.Sprintf("%q", part.Text)
			}
		}
		return [...]string{"literal", "template", "bare"}[v.Form] + "(" + strings.Join(texts, " ") + ")"
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = parts(item)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case map[string]any:
		var texts []string
		for _, name := range value.FieldNames(v) {
			texts = append(texts, name+": "+parts(v[name]))
		}
		return "{" + strings.Join(texts, ", ") + "}"
	case *value.Secret:
		return "secret " + v.Name
	case value.HTML:
		return "html " + v.Markup()
	}
	return fmt.Sprint(v)
}

func TestTemplatesKeepLiteralAndDynamicPartsApart(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`"hello"`, `literal("hello")`},
		{`""`, `literal()`},
		{`'a ${x}'`, `literal("a ${x}")`},
		{`"a ${x} b ${name}"`, `template("a " {x = 3} " b " {name = Ann})`},
		{`"${xs}"`, `template({xs = [1, 2, 3]})`},
		{`"""x ${x}"""`, `template("x " {x = 3})`},
		{`("a ${x}")`, `template("a " {x = 3})`},
		{`["a", "b ${x}", name]`, `[literal("a"), template("b " {x = 3}), Ann]`},
		{`{a: "a", b: ["${x}"]}`, `{a: literal("a"), b: [template({x = 3})]}`},
		{`b ? "a" : "b ${x}"`, `literal("a")`},
		{`not b ? "a" : "b ${x}"`, `template("b " {x = 3})`},
		{`none ?? "f ${x}"`, `template("f " {x = 3})`},
		{`"a" ?? "b"`, `literal("a")`},
		{`"token ${secret("T")}"`, `template("token " {secret("T") = secret T})`},
		{`"<p>${html("<b>${evil}</b>")}</p>"`, `template("<p>" {html("<b>${evil}</b>") = html <b>&lt;script&gt;&#34;&amp;&#39;</b>} "</p>")`},
		{`"${order.customer.name ?? "friend"}"`, `template({order.customer.name ?? "friend" = Ann})`},
		{`"${"inner ${x}"}"`, `template({"inner ${x}" = inner 3})`},
		// What is no literal in tail position stays plain.
		{`name`, `Ann`},
		{`"a" + "b${x}"`, `ab3`},
		{`upper("a${x}")`, `A3`},
		{`("a${x}" == "a3") ? "y" : "n"`, `literal("y")`},
		{`map(xs, "n${#}")`, `[n1, n2, n3]`},
		{`["a ${x}"][0]`, `a 3`},
		{`{("k${x}"): "v"}`, `{k3: literal("v")}`},
	} {
		v, problem := evaluate(t, c.text, everyday(), expression.Templates)
		if problem != "" {
			t.Errorf("%s: %s", c.text, problem)
		} else if got := parts(v); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestNilInATemplateIsAnErrorInEveryMode(t *testing.T) {
	for _, mode := range []expression.Mode{expression.Plain, expression.Templates, expression.Collection} {
		_, problem := evaluate(t, `["Dear ${order.gone}"]`, everyday(), mode)
		if want := `${order.gone} is nil | order.gone | write ${order.gone ?? "…"}`; problem != want {
			t.Errorf("mode %d: got %q, want %q", mode, problem, want)
		}
	}
}

func TestCollectionGivesRangesUnbuilt(t *testing.T) {
	for _, c := range []struct {
		text string
		want any
	}{
		{`1..3`, value.Range{From: 1, To: 3}},
		{`x..9223372036854775807`, value.Range{From: 3, To: 9223372036854775807}},
		{`5..1`, value.Range{From: 5, To: 1}},
		{`(1..x)`, value.Range{From: 1, To: 3}},
		{`b ? 1..2 : xs`, value.Range{From: 1, To: 2}},
		{`none ?? 1..2`, value.Range{From: 1, To: 2}},
		{`[1..2]`, []any{[]any{1, 2}}},
		{`map(1..2, #)`, []any{1, 2}},
		{`xs`, []any{1, 2, 3}},
		{`["a"]`, []any{"a"}},
	} {
		if c.text == `none ?? 1..2` {
			c.text = `none ?? (1..2)`
		}
		v, problem := evaluate(t, c.text, everyday(), expression.Collection)
		if problem != "" || !reflect.DeepEqual(v, c.want) {
			t.Errorf("%s: got %v (%s), want %v", c.text, v, problem, c.want)
		}
	}
}

func TestConstantIsTheValueOfLiterals(t *testing.T) {
	for _, c := range []struct {
		text, want string // want "" when it is none
	}{
		{`1`, `1`}, {`-1.5`, `-1.5`}, {`"a"`, `literal("a")`}, {`nil`, `<nil>`}, {`true`, `true`},
		{`[1, -2, ["a"]]`, `[1, -2, [literal("a")]]`}, {`{a: 1, b: {c: "x"}}`, `{a: 1, b: {c: literal("x")}}`},
		{`2 * 30`, `60`}, {`not true`, `false`}, {`(1)`, `1`}, {`secret("A")`, `secret A`},
		{`x`, ``}, {`[x]`, ``}, {`"a ${x}"`, ``}, {`now()`, ``}, {`1 / 0`, ``}, {`{a: x}`, ``}, {`upper("a")`, ``},
	} {
		_, compiled, problems := compile(t, c.text, everyday(), expression.Templates)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		v, constant := compiled.Constant()
		if constant != (c.want != "") || constant && parts(v) != c.want {
			t.Errorf("%s: got %v, %v, want %q", c.text, parts(v), constant, c.want)
		}
	}
}

func TestACompilerTellsWhichVariablesTheLastExpressionReads(t *testing.T) {
	e := everyday()
	compiler := expression.NewCompiler(expression.Limits{})
	for _, c := range []struct{ text, want string }{
		{`x + count(xs, # > x) + len("${name}") + {count: 1}.count`, "x xs name"},
		{"name", "name"}, {"1", ""}, {"x + 1", "x"}, {"x + zzz", ""}, {`"text"`, ""},
	} {
		source := lang.NewSource("test.flow", c.text)
		parsed, _ := lang.ParseExpression(source, lang.Span{End: len(source.Text)})
		compiler.Compile(source, parsed, e, expression.Plain)
		var names []string
		for _, slot := range compiler.Reads() {
			names = append(names, e.names[slot])
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestAFaultyExpressionCompilesToOneThatFails(t *testing.T) {
	e := everyday()
	_, compiled, problems := compile(t, `zzz + 1`, e, expression.Plain)
	if len(problems) != 1 || compiled == nil {
		t.Fatalf("got %v, %v", compiled, problems)
	}
	if _, constant := compiled.Constant(); constant {
		t.Error("it is a constant")
	}
	if _, err := expression.NewMachine(e, expression.Limits{}).Eval(compiled, e.frame()); err == nil {
		t.Error("it has a value")
	}
}

func TestEveryProblemOfAnExpressionIsReported(t *testing.T) {
	_, _, problems := compile(t, `[zzz, upr("a"), 1 == "1", "${yyy}", name matches "("]`, everyday(), expression.Plain)
	if len(problems) != 5 {
		t.Errorf("got %v", problems)
	}
}

func TestBuiltinsAreListedInOrder(t *testing.T) {
	names := expression.Builtins()
	for i, name := range names {
		if i > 0 && names[i-1] >= name {
			t.Errorf("%s stands before %s", names[i-1], name)
		}
	}
	for _, name := range []string{"len", "filter", "sum", "count", "html", "secret", "trustedHTML", "uuid", "random", "now"} {
		found := false
		for _, known := range names {
			found = found || known == name
		}
		if !found {
			t.Errorf("%s is missing", name)
		}
	}
}
