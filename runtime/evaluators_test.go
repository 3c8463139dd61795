package runtime_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"flowrun/internal/suspendtest"
	"flowrun/runtime"
)

// onVM has the flows of all tests evaluated on expr's VM, and not by closures:
//
//	go test ./runtime -vm
var onVM = flag.Bool("vm", false, "evaluate expressions on expr's VM")

// evaluators are the two ways to evaluate expressions.
var evaluators = []struct {
	name    string
	options []runtime.Option
}{{"closures", nil}, {"VM", []runtime.Option{runtime.OnVM()}}}

// tight are flows whose expressions closures evaluate, each with a limit that one of
// these expressions exceeds.
var tight = []struct {
	name, source, message string
	limits                runtime.Limits
}{
	{"steps in a while", `i = 0; while i < 1_000_000_000 { i = i + 1 }`, "the run took more than 5000 steps", runtime.Limits{Steps: 5000}},
	{"steps in a for", `n = 0; for i in 1..1_000_000_000 { n = (n + i) % 7 }`, "the run took more than 5000 steps", runtime.Limits{Steps: 5000}},
	{"steps of assignments counted in one go", `a = 1; b = 2; for i in 1..1_000_000_000 { a = (a + i) % 7; b = a * 2; if b > 3 { a = 0; b = 1 } }`, "the run took more than 5000 steps", runtime.Limits{Steps: 5000}},
	{"steps of assignments alone in a while", `a = 1; while a >= 0 { a = (a + 1) % 7; b = a - 2.5; c = b > 0 }`, "the run took more than 5000 steps", runtime.Limits{Steps: 5000}},
	{"steps of long expressions", `i = 1; while true { x = i + i + i + i + i + i + i + i + i }`, "the run took more than 5000 steps", runtime.Limits{Steps: 5000}},
	{"steps of work on texts", `s = repeat("a", 5000); while s == "${s}" { }`, "the run took more than 5000 steps", runtime.Limits{Steps: 5000}},
	{"steps of a search in a list", `s = "b"; while s not in ["a", "c", "d", "e", "f", "g", "h", "i"] { }`, "the run took more than 5000 steps", runtime.Limits{Steps: 5000}},
	{"steps of a switch", `s = 5; while true { switch s { case 1, 2, 3, 4, 6, 7, 8, 9 { } } }`, "the run took more than 5000 steps", runtime.Limits{Steps: 5000}},
	{"a value joined by +", `s = "1234567890"; while true { s = s + s }`, "the text would be larger than 1000 bytes", runtime.Limits{Value: 1000}},
	{"a value of a template", `s = "1234567890"; while true { s = "${s}-${s}" }`, "the text would be larger than 1000 bytes", runtime.Limits{Value: 1000}},
	{"a value of a list", `s = [1, 2]; while true { s = [s, s] }`, "the value would be larger than 1000 bytes", runtime.Limits{Value: 1000}},
	{"a number that is too large a value", `x = 1 + 1`, "the value would be larger than 15 bytes", runtime.Limits{Value: 15}},
	{"depth", `s = [1]; while true { s = [s] }`, "the value is nested more than 9 deep", runtime.Limits{Depth: 9}},
	{"variables", `a = "1234567890"; b = a; c = 1; d = a; e = a`, "the run would hold more than 140 bytes in its variables", runtime.Limits{Variables: 140}},
	{"variables and what an expression holds", `s = repeat("a", 700); t = [s + "b", s + "c", s + "d", s + "e", s + "f", s + "g"]`, "the variables and what this expression holds would take more than 4000 bytes", runtime.Limits{Variables: 4000}},
	{"calls", `function f < n > { f < n: n + 1 > }; f < n: 0 >`, "function calls nest deeper than 20", runtime.Limits{CallDepth: 20}},
}

func TestLimitsHoldOnEitherEvaluatorAtTheSameStep(t *testing.T) {
	for _, c := range tight {
		var ended []string
		for _, evaluator := range evaluators {
			program := compile(t, newLimited(t, &recorder{}, c.limits, evaluator.options...), c.source)
			outcome, err := program.Run(t.Context(), nil)
			var failed *runtime.Error
			if !errors.As(err, &failed) || failed.Kind != runtime.KindResource || failed.Message != c.message {
				t.Errorf("%s, %s: got %v, want %s", c.name, evaluator.name, err, c.message)
				continue
			}
			ended = append(ended, fmt.Sprint(err, failed.Hint, failed.Range(), outcome.Steps, outcome.Variables()))
		}
		if len(ended) == 2 && ended[0] != ended[1] {
			t.Errorf("%s: closures %s\nVM %s", c.name, ended[0], ended[1])
		}
	}
}

func TestEdgesOfLimitsAreTheSameOnEitherEvaluator(t *testing.T) {
	for _, edge := range edges {
		for _, limit := range []int{edge.at, edge.at - 1} {
			var ended []string
			for _, evaluator := range evaluators {
				var limits runtime.Limits
				edge.set(&limits, limit)
				program := compile(t, newLimited(t, &recorder{}, limits, evaluator.options...), edge.source)
				outcome, err := program.Run(t.Context(), edge.inputs)
				ended = append(ended, fmt.Sprint(err, outcome.Steps, outcome.Variables()))
			}
			if ended[0] != ended[1] {
				t.Errorf("%s with %d: closures %s\nVM %s", edge.name, limit, ended[0], ended[1])
			}
		}
	}
}

func TestCancellingEndsATightLoopOnEitherEvaluator(t *testing.T) {
	for _, evaluator := range evaluators {
		for _, source := range []string{
			`i = 0; cancel < >; while i >= 0 { i = i + 1 }`,
			`cancel < >; for i in 1..1_000_000_000_000 { x = i % 2 == 0 ? "${i}" : i }`,
			`a = 0; cancel < >; for i in 1..1_000_000_000_000 { a = a + i; a = a % 1000; if a > 500 { a = 1 } }`,
			`s = "b"; cancel < >; while true { switch s { case "a" { } default { s = "b" } } }`,
		} {
			ctx, cancel := context.WithCancel(t.Context())
			type none struct{}
			canceller := runtime.NewComponent("cancel", func(context.Context, *runtime.Call, *none) (any, error) {
				cancel()
				return nil, nil
			})
			limits := runtime.WithLimits(runtime.Limits{Steps: 1 << 50})
			program := compile(t, newEngine(t, &recorder{}, append(evaluator.options, limits, runtime.WithComponents(canceller))...), source)
			outcome, err := program.Run(ctx, nil)
			var failed *runtime.Error
			if !errors.As(err, &failed) || failed.Kind != runtime.KindCancelled || outcome.Steps > 3000 {
				t.Errorf("%s, %s: %v after %d steps", evaluator.name, source, err, outcome.Steps)
			}
			cancel()
		}
	}
}

// TestFlowsRunTheSameOnEitherEvaluator has random flows, every second one
// suspended at each of its calls and resumed: what they do, their outcomes, traces and steps are the same.
func TestFlowsRunTheSameOnEitherEvaluator(t *testing.T) {
	for seed := range uint64(60) {
		flow := suspendtest.Segment{Name: "flow.flow", Source: suspendableFlow(seed), Whole: seed%2 == 0}
		var wholes []*suspendtest.Whole
		for _, evaluator := range evaluators {
			whole, err := suspendtest.Suspended(flow, 400, here(t, evaluator.options...))
			if err != nil {
				t.Fatalf("seed %d, %s: %v", seed, evaluator.name, err)
			}
			wholes = append(wholes, whole)
		}
		if difference := wholes[0].Difference(wholes[1]); difference != "" {
			t.Errorf("seed %d, closures and not VM: %s\n%s", seed, difference, flow.Source)
		}
	}
}

// TestAConstantSwitchChoosesAndCountsAsOneOfVariables has a switch whose cases are
// literals, which are looked up, beside one that compares with variables of the same
// values.
func TestAConstantSwitchChoosesAndCountsAsOneOfVariables(t *testing.T) {
	values := []string{`"a"`, `"b"`, `"cc"`, `"dd"`, `""`, `"a longer text"`, `"another text!"`, "1", "2", "-3", "255", "70000"}
	subjects := append([]string{"1.0", "nil", "true", "[1]", `"zz"`, "99", "2.5"}, values...)
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		from := values[:7]
		switch r.IntN(3) {
		case 0:
			from = values[7:]
		case 1:
			from = values
		}
		var declared, literal, variable strings.Builder
		for i, at := range r.Perm(len(from))[:1+r.IntN(len(from))] {
			fmt.Fprintf(&declared, "v%d = %s\n", i, from[at])
			fmt.Fprintf(&literal, "case %s { chosen = concat(chosen, [%d]) }\n", from[at], i)
			fmt.Fprintf(&variable, "case v%d { chosen = concat(chosen, [%d]) }\n", i, i)
		}
		run := func(cases string) string {
			source := declared.String() + "chosen = []\nfor s in [" + strings.Join(subjects, ", ") + "] {\nfor again in 1..40 {\nswitch s {\n" + cases + "}\n}\n}\nreturn chosen\n"
			outcome, err := compile(t, newEngine(t, &recorder{}), source).Run(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(outcome.Steps, outcome.Result)
		}
		if got, want := run(literal.String()), run(variable.String()); got != want {
			t.Fatalf("seed %d: with literals %s\nwith variables %s\n%s", seed, got, want, literal.String())
		}
	}
}
