package runtime_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flowrun/lang"
	"flowrun/runtime"
)

// sampleValue draws a value that JSON can have. Keys are from a small stock, so that
// the elements of a list share some of them.
func sampleValue(t *rapid.T, depth int) any {
	kinds := 6
	if depth == 0 {
		kinds = 5
	}
	switch rapid.IntRange(0, kinds+1).Draw(t, "kind") {
	case 0:
		return rapid.IntRange(-3, 9).Draw(t, "int")
	case 1:
		return rapid.SampledFrom([]float64{-1.5, 0, 2, 3.25}).Draw(t, "float")
	case 2, 3:
		return rapid.SampledFrom([]string{"", "7", "Ann", "x y"}).Draw(t, "string")
	case 4:
		return rapid.Bool().Draw(t, "bool")
	case 5:
		return nil
	case 6:
		return sampleList(t, depth-1)
	}
	if depth == 0 {
		return "deep"
	}
	return sampleMap(t, depth-1)
}

var sampleKeys = []string{"name", "total", "items", "customer", "city", "count"}

func sampleMap(t *rapid.T, depth int) map[string]any {
	fields := map[string]any{}
	for _, key := range sampleKeys {
		if rapid.IntRange(0, 2).Draw(t, "there") > 0 {
			fields[key] = sampleValue(t, depth)
		}
	}
	return fields
}

func sampleList(t *rapid.T, depth int) []any {
	list := []any{}
	for range rapid.IntRange(0, 3).Draw(t, "length") {
		list = append(list, sampleValue(t, max(0, depth)))
	}
	return list
}

// strictExpression draws an expression of which every part is evaluated: one that
// CheckInputs finds a mistake in fails.
func strictExpression(t *rapid.T, roots []string, depth int) string {
	operand := func() string { return strictExpression(t, roots, depth-1) }
	if depth == 0 {
		return drawnPath(t, roots)
	}
	switch rapid.IntRange(0, 16).Draw(t, "form") {
	case 0:
		return rapid.SampledFrom([]string{"1", "2.5", `"a"`, "true", "[1, 2]", "{name: 1}", "nil"}).Draw(t, "literal")
	case 1, 2:
		operator := rapid.SampledFrom([]string{"+", "-", "*", "/", "%", "**", "==", "!=", "<", ">=", "in", "contains", "startsWith"}).Draw(t, "operator")
		return "(" + operand() + " " + operator + " " + operand() + ")"
	case 3:
		return "(" + rapid.SampledFrom([]string{"-", "not "}).Draw(t, "unary") + operand() + ")"
	case 4:
		function := rapid.SampledFrom([]string{"len", "upper", "trim", "keys", "values", "first", "last", "sum", "max", "string", "toJSON", "type", "abs", "round", "reverse", "uniq", "int",
			"float", "min", "mean", "median", "sort", "flatten", "toPairs", "fromPairs", "bitnot", "duration", "date", "fromJSON", "fromBase64", "timezone", "count", "trustedHTML"}).Draw(t, "function")
		return function + "(" + operand() + ")"
	case 5:
		return operand() + "." + rapid.SampledFrom(sampleKeys).Draw(t, "key")
	case 6:
		return operand() + "?." + rapid.SampledFrom(sampleKeys).Draw(t, "key")
	case 7:
		return operand() + "[" + rapid.SampledFrom([]string{"0", "1", "-1", `"name"`, `"city"`}).Draw(t, "index") + "]"
	case 8:
		predicate := rapid.SampledFrom([]string{"filter", "map", "all", "any", "find", "count", "sortBy", "groupBy"}).Draw(t, "predicate")
		body := rapid.SampledFrom([]string{"#", ".", "# "}).Draw(t, "element")
		switch body {
		case ".":
			body += rapid.SampledFrom(sampleKeys).Draw(t, "key")
		case "# ":
			body += rapid.SampledFrom([]string{"> 1", `+ "a"`, "== 2"}).Draw(t, "operation")
		}
		list := operand()
		// Of an empty list nothing is evaluated, whatever its elements would be like.
		return fmt.Sprintf("%s((len(%s) > 0 ? %s : [1]), %s)", predicate, list, list, body)
	case 9:
		return `("${` + strings.ReplaceAll(operand(), `"`, `'`) + `}" + "")`
	case 10:
		return "(" + operand() + ` ?? 1)`
	case 11:
		return "[" + operand() + ", " + operand() + "][0]"
	case 13:
		function := rapid.SampledFrom([]string{"concat", "join", "split", "indexOf", "repeat", "take", "get", "hasPrefix", "bitand", "max", "trim", "date", "bitshl"}).Draw(t, "function2")
		return function + "(" + operand() + ", " + operand() + ")"
	case 14:
		return operand() + "[" + rapid.SampledFrom([]string{"1:", ":1", "0:2", "-1:"}).Draw(t, "slice") + "]"
	case 15:
		return operand() + rapid.SampledFrom([]string{".Year()", "?.Hours()"}).Draw(t, "method")
	case 12:
		return "{count: " + operand() + "}.count"
	}
	return drawnPath(t, roots)
}

func drawnPath(t *rapid.T, roots []string) string {
	path := rapid.SampledFrom(roots).Draw(t, "root")
	for range rapid.IntRange(0, 3).Draw(t, "steps") {
		path += rapid.SampledFrom([]string{".", ".", ".", "?."}).Draw(t, "step") + rapid.SampledFrom(sampleKeys).Draw(t, "key")
	}
	return path
}

// TestWhatASampleShowsToBeWrongFails draws samples and flows, and runs every flow
// that CheckInputs finds a mistake in with the same inputs.
func TestWhatASampleShowsToBeWrongFails(t *testing.T) {
	engine := newEngine(t, &recorder{})
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		inputs := runtime.Inputs{"order": sampleMap(t, 3), "list": append(sampleList(t, 2), sampleMap(t, 1)), "it": sampleValue(t, 2)}
		e := func(roots ...string) string { return strictExpression(t, roots, rapid.IntRange(0, 3).Draw(t, "depth")) }
		flow := "input order\ninput list\ninput it\n" + rapid.SampledFrom([]string{
			"return " + e("order", "list", "it"),
			"x = " + drawnPath(t, []string{"order", "it"}) + "\nreturn " + e("x", "order"),
			"order.city = " + e("it") + "\nreturn " + e("order"),
			"if " + rapid.SampledFrom([]string{"true", "false", "it == nil"}).Draw(t, "condition") + " { order = " +
				rapid.SampledFrom([]string{"7", `"a"`, "[1]", "nil", "{name: 1}", "it"}).Draw(t, "anew") + " }\nreturn " + e("order", "it"),
			"if " + e("order", "it") + " { x = 1 }",
			"for item in list { x = " + e("item", "order") + " }",
			"for k, v in order { x = " + e("it", "list") + " }\nfor k, v in order { x = " + e("k", "v") + " }",
			"try < port: " + e("order", "it") + ", level: " + e("order", "it") + " >",
			"show < value: " + e("order", "it") + ", timeout: " + e("it") + " >",
			"function f < > { return " + e("order", "it") + " }\nx = f < >",
		}).Draw(t, "flow")
		program, diagnostics := engine.Compile("test.flow", flow)
		if program == nil {
			t.Skipf("%v", diagnostics)
		}
		problems, err := program.CheckInputs(inputs)
		if err != nil {
			t.Fatal(err)
		}
		if len(problems) == 0 || strings.Contains(flow, "for k, v in order") && len(inputs["order"].(map[string]any)) == 0 {
			return
		}
		outcome, err := program.Run(context.Background(), inputs)
		if err == nil && !slices.ContainsFunc(problems, func(d lang.Diagnostic) bool { return !behindOptional(flow, d.Span) }) {
			return // a chain that ended at nil left the mistake behind it out
		}
		found++
		if err == nil {
			t.Fatalf("%s\nwith %v gives %v, and CheckInputs finds %v", flow, inputs, outcome.Result, problems)
		}
	})
	if found == 0 {
		t.Error("no flow had a mistake")
	}
}

// behindOptional reports whether a mistake may stand behind a `?.` of its line, where a chain
// that ends leaves it out.
func behindOptional(flow string, mistake lang.Span) bool {
	before := flow[:mistake.End]
	return strings.Contains(before[strings.LastIndexByte(before, '\n')+1:], "?.")
}

// TestEveryMisspeltKeyIsFound draws samples, and misspells one key of a chain that
// the sample has.
func TestEveryMisspeltKeyIsFound(t *testing.T) {
	engine := newEngine(t, &recorder{})
	rapid.Check(t, func(t *rapid.T) {
		sample := sampleMap(t, 4)
		var chain []string
		for at := sample; len(at) > 0; {
			key := rapid.SampledFrom(slices.Sorted(maps.Keys(at))).Draw(t, "key")
			chain = append(chain, key)
			at, _ = at[key].(map[string]any)
		}
		if chain == nil {
			t.Skip("an empty sample")
		}
		wrong := rapid.IntRange(0, len(chain)-1).Draw(t, "wrong")
		good := strings.Join(append([]string{"order"}, chain...), ".")
		chain[wrong] += "z"
		bad := strings.Join(append([]string{"order"}, chain...), ".")
		place := rapid.SampledFrom([]string{"x = %s", "show < value: \"${%s}\" >", "return [1, {a: %s}]", "if %s == 1 { stop }", "function f < > { x = %s }"}).Draw(t, "place")
		check := func(path string) int {
			program, diagnostics := engine.Compile("test.flow", "input order\n"+fmt.Sprintf(place, path))
			if program == nil {
				t.Fatal(diagnostics)
			}
			problems, err := program.CheckInputs(runtime.Inputs{"order": sample})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problems {
				if p.Hint != fmt.Sprintf("did you mean %q?", strings.TrimSuffix(chain[wrong], "z")) {
					t.Errorf("%s: %v, hint %q", path, p, p.Hint)
				}
			}
			return len(problems)
		}
		if n := check(bad); n != 1 {
			t.Errorf("%s has %d problems, want 1: %v", bad, n, sample)
		}
		if n := check(good); n != 0 {
			t.Errorf("%s has %d problems, want none: %v", good, n, sample)
		}
	})
}
