package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"flowrun/runtime"
)

// edges are the limits of a run: with at everything fits exactly, with one less
// it does not.
var edges = []struct {
	name    string
	source  string
	inputs  runtime.Inputs
	at      int
	set     func(*runtime.Limits, int)
	message string // with the limit one less
}{
	{
		name: "Value, a text", source: `x = repeat("a", 968)`, at: 1000, set: setValue,
		message: "the text would be larger than 999 bytes",
	}, {
		name: "Value, a list", source: `n = 1; x = [n, n, n]`, at: 48 + 3*16, set: setValue,
		message: "the value would be larger than 95 bytes",
	}, {
		name: "Value, a map", source: `n = 1; x = { ab: n }`, at: 256 + 32 + 2 + 16, set: setValue,
		message: "the value would be larger than 305 bytes",
	}, {
		name: "Value, joined lists", source: `x = concat(1..40, 1..60)`, at: 48 + 100*16, set: setValue,
		message: "the list would be larger than 1647 bytes",
	}, {
		name: "Value, a template", source: `s = "12345678"; x = "${s}${s}"`, at: 48, set: setValue,
		message: "the text would be larger than 47 bytes",
	}, {
		name: "Value, an assignment along a path", source: `x = { a: [1, 2] }; x.a[1] = "12345678"`,
		at: 256 + 32 + 1 + 48 + 16 + 40, set: setValue,
		message: "the value would be larger than 392 bytes",
	}, {
		name: "Value, JSON", source: `x = fromJSON('["12345678"]')`, at: 48 + 40, set: setValue,
		message: "what the JSON says would be larger than 87 bytes",
	}, {
		name: "Value, an input", source: `input x`, inputs: runtime.Inputs{"x": []string{"12345678"}},
		at: 48 + 40, set: setValue,
		message: `input "x" cannot be used: it would be larger than 87 bytes`,
	}, {
		name: "Value, a component's result", source: `x = many < count: 10 >`, at: 48 + 10*16, set: setValue,
		message: "its result cannot be used: the list would be larger than 207 bytes",
	}, {
		name: "Depth, a list", source: `x = 1; for i in 1..7 { x = [x] }`, at: 7, set: setDepth,
		message: "the value is nested more than 6 deep",
	}, {
		name: "Depth, an assignment along a path", source: `x = { a: { b: 1 } }; x.a.b = [[[1]]]`, at: 5, set: setDepth,
		message: "the value is nested more than 4 deep",
	}, {
		name: "Depth, JSON", source: `x = fromJSON("[[[]]]")`, at: 3, set: setDepth,
		message: "the JSON is nested more than 2 deep",
	}, {
		name: "Depth, an input", source: `input x`, inputs: runtime.Inputs{"x": []any{[]any{[]any{}}}}, at: 3, set: setDepth,
		message: `input "x" cannot be used: [0][0]: it contains itself, or is nested more than 2 deep`,
	}, {
		name: "Pattern", source: `p = "abcdefgh"; x = "" matches p`, at: 8, set: func(l *runtime.Limits, n int) { l.Pattern = n },
		message: "the regular expression has 8 bytes, more than 7 bytes",
	}, {
		name: "Variables", source: `a = "12345678"; b = "12345678"`, at: 80, set: setVariables,
		message: "the run would hold more than 79 bytes in its variables",
	}, {
		name: "Variables, let go when they change", source: `a = "12345678"; a = "87654321"; a = 1; b = "123456"; b = 2; c = "12345678"`, at: 72, set: setVariables,
		message: "the run would hold more than 71 bytes in its variables",
	}, {
		name: "Variables of a function", source: `function f < a, b > { c = 1 }; f < a: 1, b: 2 >; f < a: 1, b: 2 >`, at: 3 * (16 + 24), set: setVariables,
		message: "the run would hold more than 119 bytes in its variables",
	}, {
		name: "Variables, the collection of a loop", source: `for x in [1, 2, 3] { }; for x in [1, 2, 3] { }`, at: 96, set: setVariables,
		message: "the run would hold more than 95 bytes in its variables",
	}, {
		name: "Variables, a loop variable that is assigned", source: `for x in [1, 2] { x = "12345678" }`, at: 48 + 32 + 40, set: setVariables,
		message: "the run would hold more than 119 bytes in its variables",
	}, {
		name: "Variables, settings", source: `show < value: "12345678" >; show < value: "12345678" >`, at: 40, set: setVariables,
		message: "the run would hold more than 39 bytes in its variables",
	}, {
		name: "CallDepth", source: `function f < n > { if n > 1 { f < n: n - 1 > } }; f < n: 5 >`, at: 5,
		set:     func(l *runtime.Limits, n int) { l.CallDepth = n },
		message: "function calls nest deeper than 4",
	}, {
		name: "Steps", source: `x = 1; y = 2; z = 3`, at: 3, set: func(l *runtime.Limits, n int) { l.Steps = n },
		message: "the run took more than 2 steps",
	},
}

// newLimited makes an engine with limits and with `many`, whose result is a list
// of count numbers.
func newLimited(t *testing.T, r *recorder, limits runtime.Limits, options ...runtime.Option) *runtime.Engine {
	type settings struct {
		Count int `flow:"count"`
	}
	many := runtime.NewComponent("many", func(_ context.Context, _ *runtime.Call, s *settings) (any, error) {
		return make([]int, s.Count), nil
	})
	return newEngine(t, r, append(options, runtime.WithLimits(limits), runtime.WithComponents(many))...)
}

func setValue(l *runtime.Limits, n int)     { l.Value = n }
func setDepth(l *runtime.Limits, n int)     { l.Depth = n }
func setVariables(l *runtime.Limits, n int) { l.Variables = n }

func TestEachLimitOfARunHoldsAtItsEdge(t *testing.T) {
	for _, edge := range edges {
		t.Run(edge.name, func(t *testing.T) {
			run := func(limit int) error {
				var limits runtime.Limits
				edge.set(&limits, limit)
				program := compile(t, newLimited(t, &recorder{}, limits), edge.source)
				_, err := program.Run(t.Context(), edge.inputs)
				return err
			}
			if err := run(edge.at); err != nil {
				t.Errorf("with %d: %v", edge.at, err)
			}
			err := run(edge.at - 1)
			var failed *runtime.Error
			if !errors.As(err, &failed) {
				t.Fatalf("with %d: %v", edge.at-1, err)
			}
			option, _, _ := strings.Cut(edge.name, ",")
			option, _, _ = strings.Cut(option, " ")
			if failed.Kind != runtime.KindResource || failed.Message != edge.message || failed.Hint != "only a program in Go can set this limit, with Limits."+option {
				t.Errorf("got %s: %s | %s\nwant resource: %s | …Limits.%s", failed.Kind, failed.Message, failed.Hint, edge.message, option)
			}
			if edge.inputs == nil && failed.Source == nil {
				t.Error("the error has no place")
			}
		})
	}
}

func TestNothingTakesAnErrorOfALimit(t *testing.T) {
	for _, edge := range edges {
		if edge.inputs != nil || strings.Contains(edge.source, "function") {
			continue
		}
		t.Run(edge.name, func(t *testing.T) {
			var limits runtime.Limits
			edge.set(&limits, edge.at-1)
			source := "flow < onError: \"continue\" >\nfunction risky < > {\n" + edge.source +
				"\n}\nrisky < > catch { show < value: \"caught\" > }\nshow < value: \"went on\" >\n"
			r := &recorder{}
			program := compile(t, newLimited(t, r, limits), source)
			_, err := program.Run(t.Context(), nil)
			var failed *runtime.Error
			if !errors.As(err, &failed) || failed.Kind != runtime.KindResource {
				t.Errorf("got %v", err)
			}
			for _, text := range r.shown {
				if text == "caught" || text == "went on" {
					t.Errorf("the flow %s", text)
				}
			}
		})
	}
}

func TestLimitsThatCannotHoldAreRefused(t *testing.T) {
	for _, c := range []struct {
		limits runtime.Limits
		want   string
	}{
		{runtime.Limits{Steps: -1}, "runtime: the limit Steps is -1, want 1 or more, or 0 for the default"},
		{runtime.Limits{Depth: 1 << 20}, "runtime: the limit Depth is 1048576, want at most 2000"},
		{runtime.Limits{CallDepth: 1 << 20}, "runtime: the limit CallDepth is 1048576, want at most 2000"},
		{runtime.Limits{CallDepth: 1000, Blocks: 401}, "runtime: the limits Blocks and CallDepth are 401 and 1000, want a product of at most 400000"},
	} {
		_, err := runtime.New(runtime.WithLimits(c.limits))
		if fmt.Sprint(err) != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestTheDeepestCallsInTheDeepestBlocksFitOnTheStack would end the process.
func TestTheDeepestCallsInTheDeepestBlocksFitOnTheStack(t *testing.T) {
	for name, limits := range map[string]runtime.Limits{
		"many calls":  {CallDepth: 2000, Blocks: 200},
		"deep blocks": {CallDepth: 400, Blocks: 1000},
	} {
		t.Run(name, func(t *testing.T) {
			deep := limits.Blocks - 2
			source := "function f < > {\n" + strings.Repeat("for i in 1..1 {\n", deep) + "f < >\n" + strings.Repeat("}\n", deep) + "}\nf < >\n"
			_, err := compile(t, newLimited(t, &recorder{}, limits), source).Run(t.Context(), nil)
			if failed := failure(t, err); failed.Kind != runtime.KindResource || !strings.Contains(failed.Message, "nest deeper") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWhatWasMeantIsLookedForWithinTheStepsOfARun has misspelt keys of large maps: the
// search is part of the run's work, and of long names there is none.
func TestWhatWasMeantIsLookedForWithinTheStepsOfARun(t *testing.T) {
	long, name := strings.Repeat("a", 1_000_000), strings.Repeat("b", 60)
	many := map[string]any{}
	for i := range 900 {
		many[fmt.Sprintf("%s%03d", strings.Repeat("c", 57), i)] = 1
	}
	for _, c := range []struct {
		name, source string
		m            map[string]any
		least, most  int // steps
		message      string
	}{
		{"a short one among many", "x = m." + name, many, 2_000, 10_000, "the map has no key"},
		{"a short one among many, assigned to", "m." + name + ".c = 1", many, 2_000, 10_000, "cannot be assigned: there is no"},
		{"a short one among few", "x = m.kex", map[string]any{"key": 1}, 1, 5, `the map has no key "kex"`},
		{"a long one", "x = m." + strings.Repeat("b", 60_000), map[string]any{long: 1}, 1, 4_000, "the map has no key"},
		{"a long one, assigned to", "m." + strings.Repeat("b", 60_000) + ".c = 1", map[string]any{long: 1}, 1, 20_000, "cannot be assigned: there is no"},
		{"a long key, assigned to", "k = repeat(\"a\", 1000000)\nm[k].c = 1", map[string]any{"k": 1}, 1, 20_000, "cannot be assigned: there is no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			program := compile(t, newEngine(t, &recorder{}), "input m\n"+c.source)
			outcome, err := program.Run(t.Context(), runtime.Inputs{"m": c.m})
			failed := failure(t, err)
			if !strings.Contains(failed.Message, c.message) || len(failed.Message) > 500 || len(failed.Hint) > 500 {
				t.Errorf("got %.600q, hint %.600q", failed.Message, failed.Hint)
			}
			if outcome.Steps < c.least || outcome.Steps > c.most {
				t.Errorf("it took %d steps, want %d to %d", outcome.Steps, c.least, c.most)
			}
		})
	}
}

func TestLongNamesOfUnknownInputsAreShortened(t *testing.T) {
	_, err := compile(t, newEngine(t, &recorder{}), "input name = 1").Run(t.Context(), runtime.Inputs{strings.Repeat("x", 1_000_000): 1})
	if message := failure(t, err).Message; len(message) > 500 || !strings.HasPrefix(message, `unknown input "xxxx`) {
		t.Errorf("got %.600q", message)
	}
}

// TestACompilationLooksForWhatWasMeantWithinBounds has many misspelt names among many.
func TestACompilationLooksForWhatWasMeantWithinBounds(t *testing.T) {
	var source strings.Builder
	for i := range 999 {
		fmt.Fprintf(&source, "%s%03d = 1\n", strings.Repeat("c", 57), i)
	}
	for range 20 {
		fmt.Fprintf(&source, "x = %sa001\n", strings.Repeat("c", 56))
	}
	_, problems := newEngine(t, &recorder{}).Compile("test.flow", source.String())
	if len(problems) != 20 || problems[0].Hint == "" || problems[19].Hint != "" {
		t.Errorf("got %d problems, the first with the hint %q, the last with %q", len(problems), problems[0].Hint, problems[len(problems)-1].Hint)
	}
}
