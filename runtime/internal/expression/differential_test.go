package expression_test

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// long makes the differential test long: 250,000 generated expressions, each in an
// environment of its own, and not 4,000.
//
//	go test ./runtime/internal/expression -run 'Closures' -long -timeout 30m
var long = flag.Bool("long", false, "hold the closures to expr's VM over 250,000 generated cases")

// exceptions are the expressions that closures and the VM may evaluate differently,
// with the reason. There are none: what section 4 of the language's specification
// changes holds on both.
var exceptions = map[string]string{}

// trial is how a case is evaluated, the same way on both.
type trial struct {
	mode   expression.Mode
	limits expression.Limits
	steps  int // the host's limit; 0: none
	work   int // done before
}

// seen is all that can be seen of an evaluation.
type seen struct {
	value    any
	message  string
	hint     string
	span     lang.Span
	host     error
	steps    int
	work     int
	drawn    uint64
	unboxed  string // by Condition
	problems string // of the check
}

// observe evaluates an expression on the closures or on the VM.
func observe(t testing.TB, source *lang.Source, parsed *lang.Expression, e *environment, how trial, onVM bool) (s seen, closures bool) {
	t.Helper()
	compiler := expression.NewCompiler(how.limits)
	if onVM {
		compiler.OnVM()
	}
	e.steps, e.limit, e.random = 0, how.steps, 0
	compiled, problems := compiler.Compile(source, parsed, e, how.mode)
	for _, d := range problems {
		s.problems += fmt.Sprintln(d.Span, d.Summary, d.Hint)
	}
	m := expression.NewMachine(e, how.limits)
	if err := m.GoOn(how.work); err != nil {
		t.Fatal(err)
	}
	frame := e.frame()
	v, err := m.Eval(compiled, frame)
	s.value, s.steps, s.work, s.drawn = v, e.steps, m.Work(), e.random
	if err != nil {
		problem, ok := err.(*expression.Error)
		if !ok {
			t.Fatalf("%s: the error is a %T", source.Text, err)
		}
		s.value, s.message, s.hint, s.span, s.host = nil, problem.Message, problem.Hint, problem.Span, problem.Err
	}
	// The same Machine goes on, and gives the same as a condition.
	e.random = 0
	holds, err := m.Condition(compiled, frame)
	s.unboxed = fmt.Sprint(holds, err, e.steps, m.Work())
	var other *expression.NotBool
	if errors.As(err, &other) {
		s.unboxed += parts(other.Value)
	}
	scalarsAgree(t, source, compiled, frame, s)
	return s, compiled.Closures()
}

// scalarsAgree holds an expression in the form of Scalars, where it gives something,
// to what was seen of it.
func scalarsAgree(t testing.TB, source *lang.Source, compiled *expression.Compiled, frame *expression.Frame, s seen) {
	t.Helper()
	compute, steps := compiled.Scalars()
	if compute == nil || s.host != nil {
		return
	}
	before := slices.Clone(frame.Own)
	c := expression.Cell{Scalar: compute(frame.Own)}
	if !slices.EqualFunc(before, frame.Own, func(a, b expression.Variable) bool { return a.Scalar == b.Scalar && a.Held == b.Held }) {
		t.Errorf("%s: as scalars it changes its variables", source.Text)
	}
	if !c.IsScalar() {
		return
	}
	if s.message != "" || !reflect.DeepEqual(c.Value(), s.value) || s.steps != steps {
		t.Errorf("%s: as scalars it is %v with %d steps, and not %v with %d (%s)", source.Text, c.Value(), steps, s.value, s.steps, s.message)
	}
}

// TestExpressionsOfNumbersAndTruthsAreScalars has those that need no machine, with their
// values, and those that do.
func TestExpressionsOfNumbersAndTruthsAreScalars(t *testing.T) {
	e := newEnvironment(map[string]any{"n": 7, "m": -3, "x": 2.5, "on": true, "most": math.MaxInt, "least": math.MinInt, "s": "text"}, "unset")
	for _, c := range []struct {
		text string
		want any // nil: it gives nothing
	}{
		{"n", 7}, {"n + 1", 8}, {"n + m", 4}, {"n - m", 10}, {"n - 1", 6}, {"n * m", -21}, {"n / 2", 3.5}, {"n % 4", 3}, {"m % 2", -1},
		{"(n + m) % 3", 1}, {"n + x", 9.5}, {"x * 2", 5.0}, {"-n", -7}, {"-x", -2.5}, {"least % -1", 0},
		{"n > 5", true}, {"n + 1 <= 7", false}, {"7 == n", true}, {"n != m", true}, {"x < 3.5", true}, {"on == true", true}, {"(n + 1) * 2 > m", true},
		{"on and n > 9", false}, {"n > 9 or on", true}, {"not on", false}, {"on ? n : m", 7}, {"n > 9 ? x : -x", -2.5},
		{"most + 1", nil}, {"most + n", nil}, {"least - 1", nil}, {"-least", nil}, {"most * 2", nil}, {"n / 0", nil}, {"n % (n - 7)", nil},
		{"s + s", nil}, {"s == s", nil}, {"n + unset", nil}, {"unset", nil}, {"not n", nil}, {"n and on", nil}, {"n < x", nil}, {"on < on", nil},
	} {
		_, compiled, problems := compile(t, c.text, e, expression.Plain)
		compute, _ := compiled.Scalars()
		if len(problems) > 0 || compute == nil {
			t.Errorf("%s: no scalars (%v)", c.text, problems)
			continue
		}
		got := expression.Cell{Scalar: compute(e.frame().Own)}
		if !got.IsScalar() {
			got = expression.Cell{}
		}
		if got.Value() != c.want {
			t.Errorf("%s: %v, want %v", c.text, got.Value(), c.want)
		}
	}
	for _, text := range []string{`"a"`, `s + "a"`, `s == "a"`, "unset ?? 1", "[n][0]", "len(s)", "1 < n < 9", "nil", "n ** 2", "n in [1]"} {
		_, compiled, _ := compile(t, text, e, expression.Plain)
		if compute, _ := compiled.Scalars(); compute != nil {
			t.Errorf("%s: is scalars", text)
		}
	}
}

// holdToVM evaluates a text both ways, with texts in variables as they are and by address. It reports whether that says anything: that
// the text is an expression, and that closures evaluate it.
func holdToVM(t testing.TB, text string, e *environment, how trial) (compared bool) {
	t.Helper()
	source := lang.NewSource("test.flow", text)
	parsed, problems := lang.ParseExpression(source, lang.Span{End: len(source.Text)})
	if parsed == nil || problems.HasErrors() || exceptions[text] != "" {
		return false
	}
	for _, e.addresses = range []bool{false, true} {
		got, closures := observe(t, source, parsed, e, how, false)
		if !closures {
			return false
		}
		want, _ := observe(t, source, parsed, e, how, true)
		// Which entry of a map fails first changes from time to time.
		for again := 0; again < 50 && !same(got, want) && got.message+want.message != ""; again++ {
			want, _ = observe(t, source, parsed, e, how, true)
		}
		if !same(got, want) {
			t.Errorf("%s (mode %d, limits %+v, %d steps, work %d)\n values %s\n closures %+v\n       VM %+v", text, how.mode, how.limits, how.steps, how.work, valuesOf(e, text), got, want)
		}
	}
	return true
}

// same compares what was seen; a template is what it says.
func same(a, b seen) bool {
	if one, ok := a.host.(*value.LimitError); ok {
		if other, ok := b.host.(*value.LimitError); ok && *one == *other {
			a.host = b.host
		}
	}
	a.value, b.value = parts(a.value), parts(b.value)
	return reflect.DeepEqual(a, b)
}

// valuesOf shows the variables that a text mentions.
func valuesOf(e *environment, text string) string {
	var shown []string
	for name, v := range e.values {
		if strings.Contains(text, name) {
			shown = append(shown, fmt.Sprintf("%s=%T(%.60v)", name, v, v))
		}
	}
	slices.Sort(shown)
	return strings.Join(shown, " ")
}

// sample is a value and, where there is one, the text that stands for it.
type sample struct {
	text string
	v    any
}

// samples are values of every kind.
var samples = []sample{
	{"nil", nil}, {"true", true}, {"false", false},
	{"0", 0}, {"1", 1}, {"-1", -1}, {"7", 7}, {"300", 300},
	{"9223372036854775807", math.MaxInt}, {"-9223372036854775808", math.MinInt}, {"3037000500", 3037000500},
	{"0.0", 0.0}, {"1.0", 1.0}, {"2.5", 2.5}, {"-0.5", -0.5}, {"1e308", 1e308}, {"9223372036854775808.0", 9223372036854775808.0},
	{`"3"`, "3"}, {`""`, ""}, {`"a"`, "a"}, {`"b"`, "b"}, {`"é"`, "é"}, {`"open"`, "open"},
	{`"` + strings.Repeat("x", 200) + `"`, strings.Repeat("x", 200)},
	{"[]", []any{}}, {`[1, 2]`, []any{1, 2}}, {`["a", "b", "open"]`, []any{"a", "b", "open"}},
	{`["a", "b", "c", "d", "e", "f", "g", "h", "xx", "a"]`, []any{"a", "b", "c", "d", "e", "f", "g", "h", "xx", "a"}},
	{`[nil, 2.5, true, "a"]`, []any{nil, 2.5, true, "a"}}, {`[[1], {a: 1}]`, []any{[]any{1}, map[string]any{"a": 1}}},
	{"{}", map[string]any{}}, {`{a: 1, n: nil}`, map[string]any{"a": 1, "n": nil}},
	{`{id: 17, customer: {name: "Ann"}}`, map[string]any{"id": 17, "customer": map[string]any{"name": "Ann"}}},
	{`html("<b>")`, value.TrustedHTML("<b>")}, {`secret("S")`, &value.Secret{Name: "S"}},
	{"", time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}, {`duration("1h")`, time.Hour}, {"", time.Duration(math.MinInt64)},
	{"", &value.Record{Fields: map[string]any{"code": 550, "name": "x"}, Text: "550 no"}},
	{"", customer{Name: "Cy", Age: 3}}, {"", &customer{Name: "Di", Notify: func() {}}}, {"", (*customer)(nil)},
	{"", []any{html("a"), 1}}, {"", []any{&value.Secret{Name: "T"}}},
}

func html(text string) value.HTML { return value.TrustedHTML(text) }

// chosen are all samples, or without -long the first of each kind.
func chosen() []sample {
	if *long {
		return samples
	}
	var first []sample
	for _, s := range samples {
		if !slices.ContainsFunc(first, func(other sample) bool { return value.KindOf(other.v) == value.KindOf(s.v) }) {
			first = append(first, s)
		}
	}
	return first
}

// TestClosuresDoWhatTheVMDoesForEveryPairOfKinds has every operator with every
// pair of them, as variables and as literals.
func TestClosuresDoWhatTheVMDoesForEveryPairOfKinds(t *testing.T) {
	binary, unary := expression.Operators()
	compared := 0
	try := func(text string, e *environment) {
		for _, how := range []trial{{}, {work: 1020}, {steps: 1, work: 1000}} {
			if holdToVM(t, text, e, how) {
				compared++
			}
		}
	}
	for _, a := range chosen() {
		e := newEnvironment(map[string]any{"a": a.v}, "unset")
		for _, operator := range unary {
			try(operator+" a", e)
			try(operator+"(a ?? unset)", e)
		}
		for _, text := range []string{
			"a", `"x${a}y"`, "a.name", "a?.name", "a.name ?? 1", "a?.customer.name", "a.id + 1", `a["a"]`, "a[0]", "a[-1]", "a?.[0]", "a[5] ?? a", "a[1:]",
			"a ?? 1", "(a ?? nil) ?? 2", "a ? 1 : 2", "a ?: 1", "[a, a]", "{k: a}", "{(a): 1}", "len(a)", "upper(a)", "string(a)", "type(a)", "max(a)",
			"a and true", "true and a", "a or false", "a ?? unset", "unset ?? a", "a.Year()", "a?.Name", `a contains "a"`, "1 < a < 3", "a < a <= a",
			`a in ["a", "open", "xx"]`, `a not in ["a", "b", "c", "d", "e", "f", "g", "h", "xx", "a", "long enough to be longer than any"]`, "a in 1..3", "1..a", "a..1", "[a][0]", "{k: a}.k", "int(a) + 1", "first(a) ?? a", `"${a}" + "b"`, `html("<p>${a}</p>")`,
			`toJSON(a)`, "a == nil", "a != nil", "nil == a", "not (a == nil)", `a matches "^a"`, "get(a, 0)", "keys(a)[0]", "a.a.a",
		} {
			try(text, e)
		}
		for _, b := range chosen() {
			e := newEnvironment(map[string]any{"a": a.v, "b": b.v})
			for _, operator := range binary {
				texts := []string{"a " + operator + " b"}
				if b.text != "" {
					texts = append(texts, "a "+operator+" "+b.text, "(a ?? 1) "+operator+" "+b.text)
				}
				if a.text != "" {
					texts = append(texts, a.text+" "+operator+" b")
				}
				for _, text := range texts {
					if holdToVM(t, text, e, trial{work: 512}) {
						compared++
					}
				}
			}
			for _, text := range []string{"a[b]", "a?.[b]", "a[b] ?? 1", "a < b < a", "a == b == true", "[a, b]", `"${a}-${b}"`, "a + [b][0]", "a == [b][0]", "get(a, b)"} {
				if holdToVM(t, text, e, trial{}) {
					compared++
				}
			}
		}
	}
	least := 10_000
	if *long {
		least = 100_000
	}
	if compared < least {
		t.Errorf("%d cases were compared", compared)
	}
}

// TestClosuresCountWhatTheyHoldAsTheVMDoes has operands that are held while others
// are made, within every limit.
func TestClosuresCountWhatTheyHoldAsTheVMDoes(t *testing.T) {
	e := newEnvironment(map[string]any{"s": strings.Repeat("s", 100), "xs": []any{1, strings.Repeat("x", 50)}})
	for _, text := range []string{
		`s + repeat("b", 60)`, `s == s + "b"`, `s < "a" + s < s + "b"`, `[s, s + "b", xs, s + "c"]`, `{a: s + "a", ("b" + s): s + "c"}`,
		`"${s}${s + "b"}${upper(s)}"`, `xs[len(s + "b") - 101]`, `(s + "a" in [s]) or (s in [s + "b", s + "a"])`, `replace(s + "a", "s", upper(s))`,
		`(s + "a" != nil ? s + "b" : s) + (s + "c" ?? s)`, `1 + len(s + "b") * 2`, `s contains s + "b"`, `{k: s}?.k + (s + "b")`,
	} {
		for size := 100; size < 4000; size += 75 {
			if !holdToVM(t, text, e, trial{limits: expression.Limits{Variables: size}, work: size % 1024}) {
				t.Fatalf("%s is not on closures", text)
			}
		}
	}
}

// TestWhatIsNilInGoIsNilOnBoth has values that no conversion gives.
func TestWhatIsNilInGoIsNilOnBoth(t *testing.T) {
	for _, v := range []any{[]any(nil), map[string]any(nil), (*value.Record)(nil)} {
		e := newEnvironment(map[string]any{"n": nil, "other": 1})
		e.values["n"] = v
		for _, text := range []string{"n ?? 1", "(n ?? nil) ?? 2", "other ?? n", "[n ?? n]"} {
			holdToVM(t, text, e, trial{})
		}
	}
}

// sentence writes a random expression that closures may evaluate.
func sentence(r *rand.Rand, depth int) string {
	pick := func(choices ...string) string { return choices[r.IntN(len(choices))] }
	if depth <= 0 {
		if r.IntN(3) == 0 {
			if sample := samples[r.IntN(len(samples))]; sample.text != "" && len(sample.text) < 40 {
				return sample.text
			}
		}
		return pick("x", "y", "b", "none", "name", "xs", "order", "unset", "reply", "hidden", "words", "count", "evil", "random(10)", "order.id", "order.customer", "xs[0]")
	}
	sub := func() string { return sentence(r, depth-1-r.IntN(2)) }
	switch r.IntN(16) {
	case 0, 1, 2:
		return "(" + sub() + " " + pick("+", "-", "*", "/", "%", "**") + " " + sub() + ")"
	case 3, 4:
		return "(" + sub() + " " + pick("==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "startsWith", "matches", "..") + " " + sub() + ")"
	case 5:
		return "(" + sub() + " == " + sub() + " " + pick("and", "or", "&&", "||") + " " + sub() + " != " + sub() + ")"
	case 6:
		return "(" + sub() + " " + pick("<", "<=", ">") + " " + sub() + " " + pick("<", ">=", ">") + " " + sub() + ")"
	case 7:
		return pick("-", "not ", "!", "+") + sub()
	case 8:
		return "(" + sub() + " ? " + sub() + " : " + sub() + ")"
	case 9:
		return "(" + sub() + " ?? " + sub() + ")"
	case 10:
		return sub() + pick(".", "?.") + pick("id", "name", "n", "customer", "zzz") + pick("", ".name", "?.name", "[0]", "[1:]")
	case 11:
		return sub() + pick("[", "?.[") + sub() + "]"
	case 12:
		return pick("["+sub()+", "+sub()+"]", "{a: "+sub()+"}", `{"n": `+sub()+", ("+sub()+"): "+sub()+"}")
	case 13:
		return `"t ${` + sub() + `} é ${` + sub() + `}"`
	case 14:
		names := expression.Builtins()
		name := names[r.IntN(len(names))]
		least, most, ok := expression.Arity(name)
		if !ok {
			return "len(" + sub() + ")"
		}
		arguments := make([]string, least+r.IntN(most-least+1))
		for i := range arguments {
			arguments[i] = sub()
		}
		return name + "(" + strings.Join(arguments, ", ") + ")"
	}
	return sub() + pick(" | len()", " | upper()", " | string()", ".Year()", "?.Hours()", `.Format("2006")`)
}

// surroundings are the everyday variables, or ones of any kind.
func surroundings(r *rand.Rand) *environment {
	e := everyday()
	if r.IntN(2) == 0 {
		return e
	}
	mixed := map[string]any{}
	for name := range e.values {
		mixed[name] = samples[r.IntN(len(samples))].v
	}
	return newEnvironment(mixed, "unset")
}

func randomTrial(r *rand.Rand) trial {
	how := trial{mode: expression.Mode(r.IntN(3)), work: r.IntN(1024)}
	switch r.IntN(4) {
	case 0:
		how.steps = 1 + r.IntN(20)
	case 1:
		how.limits = expression.Limits{Value: 100 + r.IntN(2000), Variables: 200 + r.IntN(4000), Depth: 2 + r.IntN(4)}
	}
	return how
}

func TestClosuresDoWhatTheVMDoes(t *testing.T) {
	cases := 4_000
	if *long {
		cases = 250_000
	}
	compared := 0
	for seed := uint64(0); compared < cases; seed++ {
		r := rand.New(rand.NewPCG(seed, 11))
		if holdToVM(t, sentence(r, 1+r.IntN(4)), surroundings(r), randomTrial(r)) {
			compared++
		}
		if t.Failed() && !*long || seed > uint64(20*cases) {
			t.Fatalf("stopped after %d cases, %d of them compared", seed, compared)
		}
	}
}

// FuzzClosuresDoWhatTheVMDoes takes any text.
func FuzzClosuresDoWhatTheVMDoes(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(sentence(rand.New(rand.NewPCG(seed, 3)), 4), seed)
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		if len(text) < 2000 {
			r := rand.New(rand.NewPCG(seed, 5))
			holdToVM(t, text, surroundings(r), randomTrial(r))
		}
	})
}

// TestEachKindOfNodeHasClosures, so that the tests above compare something.
func TestEachKindOfNodeHasClosures(t *testing.T) {
	for text, want := range map[string]bool{
		"x": true, "x + 1": true, "x < 1 and b": true, "x in [1]": true, "order?.id": true, "xs[0]": true, "b ? 1 : 2": true, "x ?? 1": true,
		`"${x}"`: true, "[x]": true, "{a: x}": true, "1 < x < 3": true, "len(xs)": true, "now().Year()": true, "xs[1:]": true, `html("${x}")`: true,
		"-x": true, "not b": true, `name matches "a"`: true, "xs | len()": true,
		"filter(xs, # > 1)": false, "1 + len(map(xs, #))": false,
	} {
		_, compiled, problems := compile(t, text, everyday(), expression.Plain)
		if len(problems) > 0 || compiled.Closures() != want {
			t.Errorf("%s: on closures: %v (%v)", text, compiled.Closures(), problems)
		}
	}
}
