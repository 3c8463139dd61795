package expression_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// canary is what no error and no other value may show of an opaque one.
const canary = "Canary"

// opaques are two values of each opaque kind, of different content.
var opaques = map[string][2]any{
	"secret": {&value.Secret{Name: canary + "A"}, &value.Secret{Name: canary + "LongerB"}},
	"html":   {value.TrustedHTML("<b>" + canary + "A</b>"), value.TrustedHTML("<i>" + canary + "LongerB</i>")},
}

// wrappings hold an opaque value at several depths.
var wrappings = map[string]func(v any) any{
	"itself":            func(v any) any { return v },
	"a list":            func(v any) any { return []any{v} },
	"a map":             func(v any) any { return map[string]any{"k": v} },
	"a record":          func(v any) any { return &value.Record{Fields: map[string]any{"k": v}, Text: "record"} },
	"two in a list":     func(v any) any { return []any{v, v} },
	"a list of maps":    func(v any) any { return []any{map[string]any{"k": []any{v}}} },
	"a map of lists":    func(v any) any { return map[string]any{"k": []any{map[string]any{"k": v}}} },
	"a list of pairs":   func(v any) any { return []any{[]any{"k", v}} },
	"the key of a pair": func(v any) any { return []any{[]any{v, 1}} },
}

// variants are the values of which x is one when an operation is tried with
// plain values: an operation that takes none of them escapes this test.
var variants = []string{
	`"text"`, `"Europe/Kyiv"`, `"asc"`, `"10"`, `"2026-11-23"`, `"1h"`, `"{}"`, `"aGk="`, `2`, `1.5`, `true`, `nil`, `[1, 2]`, `["a"]`, `[true]`, `[["k", 1]]`, `{k: 1}`, `now()`, `duration("1h")`,
}

// opaqueProbe evaluates one expression of x with opaque values in it.
type opaqueProbe struct {
	t    *testing.T
	kind string
	text string
}

// outcome evaluates with an x; opaque values in the result become the kind's
// name, so that two outcomes of different content are equal.
func (p opaqueProbe) outcome(x any) (result any, problem string) {
	p.t.Helper()
	e := newEnvironment(map[string]any{"x": x})
	e.limit = 10_000
	v, problem := evaluate(p.t, p.text, e, expression.Plain)
	if strings.Contains(problem, canary) {
		p.t.Errorf("%s: the error shows the %s: %s", p.text, p.kind, problem)
	}
	return p.covered(v), problem
}

func (p opaqueProbe) covered(v any) any {
	switch v := v.(type) {
	case *value.Secret, value.HTML:
		return "<" + value.KindOf(v) + ">"
	case string:
		if strings.Contains(v, canary) {
			p.t.Errorf("%s: a string shows the %s: %q", p.text, p.kind, v)
		}
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = p.covered(item)
		}
		return list
	case map[string]any:
		m := map[string]any{}
		for key, item := range v {
			p.covered(key)
			m[key] = p.covered(item)
		}
		return m
	case *value.Record:
		return []any{"record", v.Text, p.covered(v.Fields)}
	}
	return v
}

// try evaluates with both values of the kind, wrapped alike, and holds that the
// outcome does not depend on what they contain.
func (p opaqueProbe) try(wrap func(any) any) (result any, problem string) {
	p.t.Helper()
	both := opaques[p.kind]
	result, problem = p.outcome(wrap(both[0]))
	otherResult, otherProblem := p.outcome(wrap(both[1]))
	if problem != otherProblem || !reflect.DeepEqual(result, otherResult) {
		p.t.Errorf("%s: the outcome depends on the %s: %v %q, %v %q", p.text, p.kind, result, problem, otherResult, otherProblem)
	}
	return result, problem
}

// refuses holds that the operation takes no opaque value by itself, and that its
// error names the kind.
func (p opaqueProbe) refuses() {
	p.t.Helper()
	if result, problem := p.try(wrappings["itself"]); problem == "" {
		p.t.Errorf("%s: %s is taken and gives %v", p.text, p.kind, result)
	} else if !strings.Contains(problem, p.kind) {
		p.t.Errorf("%s: the error does not name the kind %s: %s", p.text, p.kind, problem)
	}
}

// passesOn are the arguments at which a function takes any value to pass it on
// or to name its kind, by function and argument, and at which html joins html.
var passesOn = map[string][]string{
	"type": {"0"}, "join": {"1 html"},
}

func mayPass(name string, argument int, kind string) bool {
	at := fmt.Sprint(argument)
	return slices.Contains(passesOn[name], at) || slices.Contains(passesOn[name], at+" "+kind)
}

// TestNoFunctionLooksIntoAnOpaqueValue goes over every function and every argument: an
// opaque value stands where a plain one is taken.
func TestNoFunctionLooksIntoAnOpaqueValue(t *testing.T) {
	for _, name := range expression.Builtins() {
		least, most, plain := expression.Arity(name)
		if !plain {
			if !slices.Contains(expression.Predicates(), name) && name != "html" && name != "secret" {
				t.Errorf("%s is in no table of this test", name)
			}
			continue
		}
		for count := max(least, 1); count <= most; count++ {
			calls := callsThatSucceed(t, name, count)
			if len(calls) == 0 {
				t.Errorf("no variant makes %s with %d arguments succeed", name, count)
			}
			for _, arguments := range calls {
				for at := range arguments {
					probed := slices.Clone(arguments)
					probed[at] = "x"
					text := name + "(" + strings.Join(probed, ", ") + ")"
					for kind := range opaques {
						p := opaqueProbe{t, kind, text}
						if !mayPass(name, at, kind) {
							p.refuses()
						}
						for _, wrap := range wrappings {
							p.try(wrap)
						}
					}
				}
			}
		}
	}
}

// callsThatSucceed gives arguments that a function takes, a few for each.
func callsThatSucceed(t *testing.T, name string, count int) [][]string {
	var calls [][]string
	arguments := make([]string, count)
	var fill func(at int)
	fill = func(at int) {
		if at < count {
			for _, variant := range variants {
				if arguments[at] = variant; len(calls) < 6 {
					fill(at + 1)
				}
			}
			return
		}
		text := name + "(" + strings.Join(arguments, ", ") + ")"
		e := newEnvironment(nil)
		e.limit = 10_000
		if _, problem := evaluate(t, text, e, expression.Plain); problem == "" {
			calls = append(calls, slices.Clone(arguments))
		}
	}
	fill(0)
	return calls
}

// TestNoOperatorLooksIntoAnOpaqueValue goes over every operator, both sides, with
// plain values of every kind on the other side.
func TestNoOperatorLooksIntoAnOpaqueValue(t *testing.T) {
	binary, unary := expression.Operators()
	others := append([]string{"x", "[x]", "{k: x}"}, variants...)
	for kind := range opaques {
		for _, operator := range unary {
			opaqueProbe{t, kind, operator + "x"}.refuses()
		}
		for _, operator := range binary {
			for _, other := range others {
				for _, text := range []string{"x " + operator + " (" + other + ")", "(" + other + ") " + operator + " x"} {
					p := opaqueProbe{t, kind, text}
					for _, wrap := range wrappings {
						p.try(wrap)
					}
					if !operatorPasses(operator, text, kind) {
						if result, problem := p.try(wrappings["itself"]); problem == "" {
							t.Errorf("%s: %s is taken and gives %v", text, kind, result)
						}
					}
				}
			}
			if !strings.Contains(operator, "??") {
				if text := "x " + operator + " " + fitting(operator); !operatorPasses(operator, text, kind) {
					opaqueProbe{t, kind, text}.refuses()
				}
			}
		}
	}
}

// fitting is a right side that suits what the operator takes on its left.
func fitting(operator string) string {
	switch strings.TrimPrefix(operator, "not ") {
	case "in":
		return "[1]"
	case "contains", "startsWith", "endsWith", "matches":
		return `"a"`
	case "and", "&&", "or", "||":
		return "true"
	}
	return "2"
}

// operatorPasses tells where the language lets an opaque value through.
func operatorPasses(operator, text, kind string) bool {
	left, right := strings.HasPrefix(text, "x "), strings.HasSuffix(text, " x")
	switch operator {
	case "??":
		return true
	case "+": // html and a string, or html
		return kind == "html" && (strings.Contains(text, `"`) || strings.Count(text, "x") == 2 && !strings.ContainsAny(text, "[{"))
	case "in", "not in": // in nothing there is nothing to compare with
		return left && strings.Contains(text, "[]")
	case "and", "&&": // the right side does not matter
		return right && strings.Contains(text, "false")
	case "or", "||":
		return right && strings.Contains(text, "true")
	}
	return false
}

// TestNoPlaceOfAnExpressionLooksIntoAnOpaqueValue covers what is neither operator
// nor function.
func TestNoPlaceOfAnExpressionLooksIntoAnOpaqueValue(t *testing.T) {
	refused := []string{
		"x ? 1 : 2", "x ?: 1", "x.k", `x["k"]`, "x[0]", "x?.k.m", "x[0:1]", "[1, 2][x]", "[1, 2][x:]", "[1, 2][:x]", `"text"[x]`, `{k: 1}[x]`,
		`"${x}"`, `"a ${x} b"`, `"${[x]}"`, `"${{k: x}}"`, `'a' + "${x}"`, "{(x): 1}", "1..x", "x..3", "3 in x..5", "3 in 1..x", "x in 1..3",
		"not x", "x and true", "1 < x < 3", "x < 1 < 3", "x | upper()", "[x] | sum()", "[x, x] | sort()", "[x, x] | uniq()", "string([x])", "toJSON({k: [x]})",
		"sum([x])", "max([[x]])", "mean([x])", "count([x])", "fromPairs([[x, 1]])", `html("<script>let a = ${[x]};</script>")`, `html("<p>${{k: x}}</p>")`, "trustedHTML(x)",
		`x == nil`, `nil == x`, `[x] == [x]`, `{k: x} == {k: x}`, `{k: x, a: 1} == {k: x, a: 2}`, "x in [x]", "1 in [x]", `x in {k: 1}`, "x()", "x.k()",
		`"2006" matches x`, "x matches 'a'", `join([1 == 1 ? x : x, 1], "")`,
	}
	for method, arguments := range expression.Methods() {
		refused = append(refused, "x."+method+"("+strings.Repeat(`"UTC"`, arguments)+")")
		if arguments > 0 {
			refused = append(refused, "now()."+method+"(x)")
		}
	}
	for kind := range opaques {
		for _, text := range refused {
			p := opaqueProbe{t, kind, text}
			if result, problem := p.try(wrappings["itself"]); problem == "" {
				t.Errorf("%s: %s is taken and gives %v", text, kind, result)
			}
			for _, wrap := range wrappings {
				p.try(wrap)
			}
		}
	}
}

func TestNoPredicateLooksIntoAnOpaqueValue(t *testing.T) {
	for _, name := range expression.Predicates() {
		for kind := range opaques {
			opaqueProbe{t, kind, name + "(x, true)"}.refuses()
			switch name {
			case "map", "reduce", "sortBy": // pass on what their expression gives
			default:
				opaqueProbe{t, kind, name + "([1, 2], x)"}.refuses()
			}
			for _, body := range []string{"#", "x", "# == 1", "# == x", "# == #", ".k", "true", "#index", "1", `"k"`, `"${#}"`, "# ?? 1", "# ?: 1", "len(#)", "type(#)", "[#]", "{k: #}"} {
				for _, form := range []string{"%s([x, x], %s)", "%s(x, %s)", "%s([[x]], %s)", "%s([1, 2], [x] | map(%[2]s))"} {
					p := opaqueProbe{t, kind, fmt.Sprintf(form, name, body)}
					for _, wrap := range wrappings {
						p.try(wrap)
					}
				}
			}
		}
	}
	for kind := range opaques {
		for _, text := range []string{"sortBy([1, 2], x)", `sortBy([1, 2], #, x)`, "reduce([1], #acc + #, x)", "reduce([x, 1], #acc + #)", "filter([x], # == 1)", "filter([x], #)", "sum([x], #)", "groupBy([x], #)", "map([x], upper(#))"} {
			opaqueProbe{t, kind, text}.refuses()
		}
	}
}

// TestOpaqueValuesPassOn lists what may be done with them.
func TestOpaqueValuesPassOn(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"x", "<>"}, {"[x]", "[<>]"}, {"{k: x}", `{k <>}`}, {"x ?? 1", "<>"}, {"nil ?? x", "<>"}, {"true ? x : 1", "<>"}, {"[x][0]", "<>"}, {"{k: x}.k", "<>"}, {"[1, x][1:]", "[<>]"},
		{"type(x)", "="}, {"len([x])", "1"}, {"first([x])", "<>"}, {"last([x])", "<>"}, {"map([1], x)", "[<>]"}, {"filter([x], true)", "[<>]"}, {"find([x], true)", "<>"}, {"reduce([1], x, 1)", "<>"},
		{"concat([x], [x])", "[<> <>]"}, {"reverse([x])", "[<>]"}, {"flatten([[x]])", "[<>]"}, {"values({k: x})", "[<>]"}, {"toPairs({k: x})", "[[k <>]]"}, {`fromPairs([["k", x]])`, "{k <>}"}, {"get([x], 0)", "<>"},
		{`"k" in {k: x}`, "true"}, {"keys({k: x})", "[k]"}, {`groupBy([x], "k")`, "{k [<>]}"}, {`sortBy([x, x], 1)`, "[<> <>]"}, {"[x] == [x, x]", "false"},
	} {
		for kind := range opaques {
			result, problem := opaqueProbe{t, kind, c.text}.try(wrappings["itself"])
			got := strings.NewReplacer("map[", "{", "]", "]", "<"+kind+">", "<>").Replace(fmt.Sprint(result))
			got = strings.ReplaceAll(got, ":", " ")
			if strings.HasPrefix(got, "{") {
				got = strings.TrimSuffix(got, "]") + "}"
			}
			want := strings.Replace(c.want, "=", kind, 1)
			if problem != "" || got != want {
				t.Errorf("%s of %s: got %s %s, want %s", c.text, kind, got, problem, want)
			}
		}
	}
}

// TestASecretJoinsNoHTML has both kinds in one operation.
func TestASecretJoinsNoHTML(t *testing.T) {
	e := newEnvironment(map[string]any{"s": opaques["secret"][0], "h": opaques["html"][0]})
	for _, text := range []string{
		"h + s", "s + h", "join([h, s])", `join(["a", h], s)`, `join(["a", s], h)`, `html("<p>${s}</p>")`, `html("<p>${h}${[s]}</p>")`, `html("<p title=\"${s}\">${h}</p>")`, `html("<script>f(${s})</script>")`, `html("<a href=\"${s}\">")`,
		"h == s", "s in [h]", "h in [s]", "{k: h} == {k: s}", "[s, h] == [h, s]", `h + "${s}"`, `"${h}${s}"`, "s < h", "sort([h, s])", "uniq([h, s])", "max(h, s)", "toJSON([h, s])", "string({a: h, b: s})",
	} {
		v, problem := evaluate(t, text, e, expression.Plain)
		if problem == "" || strings.Contains(problem, canary) || !strings.Contains(problem, "secret") && !strings.Contains(problem, "html") {
			t.Errorf("%s: got %v %s", text, v, problem)
		}
	}
}

// TestOpaqueLiteralsAreAsOpaqueAsVariables holds the same for literals, whose
// operations expr or we might fold.
func TestOpaqueLiteralsAreAsOpaqueAsVariables(t *testing.T) {
	for _, literal := range []string{`secret("Canary")`, `html("<b>Canary</b>")`, `html("<b>${1}Canary</b>")`, `[secret("Canary")]`, `{k: html("Canary")}`} {
		kind := "secret"
		if strings.Contains(literal, "html") {
			kind = "html"
		}
		for _, form := range []string{
			"%s == %[1]s", "%s != 1", "%s < 1", "-%s", "%s + 1", "%s * 2", `%s contains "a"`, "%s in [1]", "1 in [%s]", "not %s", "%s ? 1 : 2", `"${%s}"`, `"${[%s]}"`, "{(%s): 1}", "[1][%s]", "upper(%s)", "string(%s)", "toJSON(%s)",
			"%s.k.k", "len(%s[0])", "%s matches 'a'", `"a" matches %s`, "filter([1], %s)", "sum([%s])", "%s == nil", "1..%s", "trustedHTML(%s)", "%s and true", "join([1, %s])",
		} {
			text := fmt.Sprintf(form, literal)
			v, problem := evaluate(t, text, newEnvironment(nil), expression.Plain)
			message, _, _ := strings.Cut(problem, " | ")                            // then the marked source follows
			if strings.Contains(strings.ReplaceAll(message, literal, ""), canary) { // but ${…} is shown as written
				t.Errorf("%s: the error shows the value: %s", text, message)
			}
			if problem == "" {
				if literal[0] == '[' || literal[0] == '{' {
					opaqueProbe{t, kind, text}.covered(v)
					continue
				}
				t.Errorf("%s: it is taken and gives %v", text, v)
			}
		}
	}
}
