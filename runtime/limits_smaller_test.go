package runtime_test

import (
	"testing"

	"flowrun/runtime"
)

// TestOfTwoLimitsTheSmallerHolds has limits of which one lets through what the other
// does not, in both orders.
func TestOfTwoLimitsTheSmallerHolds(t *testing.T) {
	const nested = `x = [[[[1]]]]`
	for _, c := range []struct {
		source string
		limits runtime.Limits
		want   string // problem, or error of the run
	}{
		{`x = repeat("a", 500)`, runtime.Limits{Value: 1000, Variables: 100}, "the run would hold more than 100 bytes in its variables"},
		{`x = repeat("a", 500)`, runtime.Limits{Value: 100, Variables: 1000}, "the text would be larger than 100 bytes"},
		{`x = 11111 + 22222`, runtime.Limits{Expression: 1000, Source: 10}, "the source has more than 10 bytes"},
		{`x = 11111 + 22222`, runtime.Limits{Expression: 10, Source: 1000}, "the expression has more than 10 bytes"},
		{`x = 11111 + 22222`, runtime.Limits{Expression: 1000, ExpressionTokens: 2}, "the expression has more than 2 tokens"},
		{`x = 11111 + 22222`, runtime.Limits{Expression: 10, ExpressionTokens: 1000}, "the expression has more than 10 bytes"},
		{nested, runtime.Limits{Brackets: 10, Depth: 3}, "the value is nested more than 3 deep"},
		{nested, runtime.Limits{Brackets: 3, Depth: 10}, "the expression is nested deeper than 3 brackets"},
		{`p = "[a-z]bcdefgh"; x = "" matches p`, runtime.Limits{Pattern: 1000, Value: 40}, "the value would be larger than 40 bytes"},
		{`p = "[a-z]bcdefgh"; x = "" matches p`, runtime.Limits{Pattern: 4, Value: 1000}, "the regular expression has 12 bytes, more than 4 bytes"},
		{`function f < > { f < > }; f < >`, runtime.Limits{CallDepth: 1000, Steps: 100}, "the run took more than 100 steps"},
		{`function f < > { f < > }; f < >`, runtime.Limits{CallDepth: 3, Steps: 100}, "function calls nest deeper than 3"},
	} {
		program, problems := newEngine(t, &recorder{}, runtime.WithLimits(c.limits)).Compile("x.flow", c.source)
		var got string
		if problems.HasErrors() {
			got = problems[0].Summary
		} else {
			_, err := program.Run(t.Context(), nil)
			got = failure(t, err).Message
		}
		if got != c.want {
			t.Errorf("%s with %+v: got %q, want %q", c.source, c.limits, got, c.want)
		}
	}
}
