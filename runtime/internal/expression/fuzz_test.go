package expression_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// FuzzIntegersNeverWrap holds the arithmetic on ints to that of big.Int: the
// same number, or an error when it does not fit.
func FuzzIntegersNeverWrap(f *testing.F) {
	edges := []int64{0, 1, -1, 2, -2, 3037000499, 3037000500, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1, 1 << 32}
	for _, a := range edges {
		for _, b := range edges {
			f.Add(a, b)
		}
	}
	e := newEnvironment(map[string]any{"a": 0, "b": 0})
	operations := map[string]func(a, b *big.Int) *big.Int{
		"a + b":       func(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) },
		"a - b":       func(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) },
		"a * b":       func(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) },
		"a % b":       func(a, b *big.Int) *big.Int { return new(big.Int).Rem(a, b) },
		"-a":          func(a, _ *big.Int) *big.Int { return new(big.Int).Neg(a) },
		"abs(a)":      func(a, _ *big.Int) *big.Int { return new(big.Int).Abs(a) },
		"sum([a, b])": func(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) },
	}
	compiled := map[string]*expression.Compiled{}
	for text := range operations {
		_, compiled[text], _ = compile(f, text, e, expression.Plain)
	}
	m := expression.NewMachine(e, expression.Limits{})
	f.Fuzz(func(t *testing.T, a, b int64) {
		e.values["a"], e.values["b"] = int(a), int(b)
		for text, operation := range operations {
			v, err := m.Eval(compiled[text], e.frame())
			if text == "a % b" && b == 0 {
				if err == nil || err.Error() != "division by zero" {
					t.Errorf("%d %% 0: got %v, %v", a, v, err)
				}
				continue
			}
			want := operation(big.NewInt(a), big.NewInt(b))
			switch {
			case !want.IsInt64():
				if err == nil || err.Error() != "the result does not fit into 64 bits" {
					t.Errorf("%s with %d, %d: got %v, %v, want an overflow", text, a, b, v, err)
				}
			case err != nil || v != int(want.Int64()):
				t.Errorf("%s with %d, %d: got %v, %v, want %v", text, a, b, v, err, want)
			}
		}
	})
}

// FuzzFloatsStayNumbers holds that no operation gives an infinity or NaN.
func FuzzFloatsStayNumbers(f *testing.F) {
	for _, a := range []float64{0, 1, -1, 0.5, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 1e154} {
		f.Add(a, 2.0)
		f.Add(a, -a)
		f.Add(a, a)
	}
	e := newEnvironment(map[string]any{"a": 0, "b": 0})
	var all []*expression.Compiled
	for _, text := range []string{"a + b", "a - b", "a * b", "a / b", "a ** b", "-a", "sum([a, b])", "mean(a, b)", "median(a, b)", "round(a)", "a ** 3", "string(a) + string(b)"} {
		_, compiled, _ := compile(f, text, e, expression.Plain)
		all = append(all, compiled)
	}
	m := expression.NewMachine(e, expression.Limits{})
	f.Fuzz(func(t *testing.T, a, b float64) {
		if a-a != 0 || b-b != 0 {
			return
		}
		e.values["a"], e.values["b"] = a, b
		for _, compiled := range all {
			v, _ := m.Eval(compiled, e.frame())
			if result, ok := v.(float64); ok && (math.IsInf(result, 0) || math.IsNaN(result)) {
				t.Errorf("%v, %v: got %v", a, b, result)
			}
		}
	})
}

// leaked is wording of Go or of expr that no user may see.
var leaked = regexp.MustCompile(`interface|\[\]any|map\[|\*value|value\.|reflect|runtime error|invalid operation|mismatched|<nil>|%!|int64|float64|time\.|panic|cannot be evaluated|cannot be compiled|cannot fetch|unknown builtin|goroutine|ǃ`)

// words are the words of an expression that a message may cite.
var words = regexp.MustCompile(`[\pL\pN_$]{4,}`)

// checkAnything compiles and evaluates any text and holds what comes out to what
// errors promise.
func checkAnything(t *testing.T, text string) {
	t.Helper()
	source := lang.NewSource("test.flow", text)
	parsed, problems := lang.ParseExpression(source, lang.Span{End: len(source.Text)})
	if parsed == nil || problems.HasErrors() {
		return
	}
	for _, mode := range []expression.Mode{expression.Plain, expression.Templates, expression.Collection} {
		e := everyday()
		e.limit = 10_000
		compiled, diagnostics := expression.NewCompiler(expression.Limits{}).Compile(source, parsed, e, mode)
		for _, d := range diagnostics {
			checkMessage(t, source, d.Summary, d.Hint, d.Span)
		}
		v, err := expression.NewMachine(e, expression.Limits{}).Eval(compiled, e.frame())
		if err == nil {
			checkValue(t, text, v)
			continue
		}
		problem, ok := err.(*expression.Error)
		if !ok {
			t.Fatalf("%q: the error is a %T", text, err)
		}
		if len(diagnostics) == 0 {
			checkMessage(t, source, problem.Message, problem.Hint, problem.Span)
		}
	}
}

func checkMessage(t *testing.T, source *lang.Source, message, hint string, span lang.Span) {
	t.Helper()
	if span.Start < 0 || span.End > len(source.Text) || span.Start > span.End {
		t.Fatalf("%q: %q marks %v", source.Text, message, span)
	}
	// What a message cites of the source may say anything.
	plain := message + " | " + hint
	for _, cited := range words.FindAllString(source.Text, -1) {
		plain = strings.ReplaceAll(plain, cited, "")
	}
	if message == "" || leaked.MatchString(plain) {
		t.Fatalf("%q: the message is %q with the hint %q", source.Text, message, hint)
	}
}

// checkValue fails for what is no value of the language.
func checkValue(t *testing.T, text string, v any) {
	t.Helper()
	switch v := v.(type) {
	case float64:
		if v-v != 0 {
			t.Fatalf("%q gives %v", text, v)
		}
	case []any:
		for _, item := range v {
			checkValue(t, text, item)
		}
	case map[string]any:
		for _, item := range v {
			checkValue(t, text, item)
		}
	default:
		if value.KindOf(v) == "unknown" || value.KindOf(v) == "struct" {
			t.Fatalf("%q gives a %T", text, v)
		}
	}
}

func FuzzNoExpressionPanicsOrShowsGo(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(generate(rand.New(rand.NewPCG(seed, 1)), 4))
	}
	for _, text := range []string{"a?.b[0]?.c ?? 1", "1 < x < y < 3", "{in: 1}.in", "`a` in {a: 1}", "x ?: 1", "::len(xs)", "xs[:]", ".a", "b\"x\"", "1 .. 3", "#"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 2000 {
			checkAnything(t, text)
		}
	})
}

func TestGeneratedExpressionsNeverPanicNorShowGo(t *testing.T) {
	for seed := range 1_500 {
		checkAnything(t, generate(rand.New(rand.NewPCG(uint64(seed), 7)), 4))
	}
}

// generate writes a random expression of some depth.
func generate(r *rand.Rand, depth int) string {
	pick := func(choices ...string) string { return choices[r.IntN(len(choices))] }
	if depth <= 0 {
		return pick("1", "0", "-1", "2.5", "1e300", "9223372036854775807", `"a"`, `"é"`, `'3'`, "true", "false", "nil",
			"x", "y", "b", "none", "name", "xs", "order", "unset", "reply", "hidden", "max_int", "min_int", "words", "count",
			`html("<b>")`, `secret("S")`, "[]", "{}", "now()", `duration("1h")`, "order.items", "order.customer", "#", "#index", "#acc", ".n", "zzz")
	}
	sub := func() string { return generate(r, depth-1-r.IntN(2)) }
	switch r.IntN(14) {
	case 0, 1, 2:
		return "(" + sub() + " " + pick("+", "-", "*", "/", "%", "**", "==", "!=", "<", "<=", ">", ">=", "and", "or", "&&", "||",
			"in", "not in", "contains", "startsWith", "endsWith", "matches", "??", "..") + " " + sub() + ")"
	case 3:
		return pick("-", "not ", "!", "+") + sub()
	case 4:
		return "(" + sub() + " ? " + sub() + " : " + sub() + ")"
	case 5:
		return sub() + pick(".", "?.") + pick("id", "name", "n", "in", "customer", "zzz")
	case 6:
		return sub() + "[" + sub() + "]"
	case 7:
		return sub() + "[" + pick("", sub()) + ":" + pick("", sub()) + "]"
	case 8:
		return "[" + sub() + ", " + sub() + "]"
	case 9:
		return pick("{a: "+sub()+"}", `{"n": `+sub()+", (name): "+sub()+"}", "{("+sub()+"): 1}")
	case 10:
		return `"t ${` + sub() + `} é ${` + sub() + `}"`
	case 11:
		name := pick("filter", "map", "any", "all", "none", "one", "count", "sum", "find", "findIndex", "findLast", "groupBy", "sortBy", "reduce")
		return fmt.Sprintf("%s(%s, %s)", name, sub(), sub())
	case 12:
		names := expression.Builtins()
		arguments := make([]string, r.IntN(4))
		for i := range arguments {
			arguments[i] = sub()
		}
		return names[r.IntN(len(names))] + "(" + strings.Join(arguments, ", ") + ")"
	}
	return sub() + " | " + pick("len()", "upper()", "map(#)", "filter(# > 1)", "first()", "string()", "toJSON()", "join(\",\")", "sort()")
}
