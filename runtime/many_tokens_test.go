package runtime_test

import (
	"strings"
	"testing"

	"flowrun/lang"
	"flowrun/runtime"
)

// TestTheMostTokensThatAHostMayAllowCanBeUsed has the highest limit of tokens, in
// expressions that are wide, deep, and made of templates.
func TestTheMostTokensThatAHostMayAllowCanBeUsed(t *testing.T) {
	engine := newEngine(t, &recorder{}, runtime.WithLimits(runtime.Limits{
		Expression: 1 << 20, ExpressionTokens: lang.MaxExpressionTokens, Brackets: lang.MaxBrackets,
	}))
	for name, source := range map[string]string{
		"sum":         "n = 1\nx = n" + strings.Repeat(" + n", 49_000),
		"comparisons": "n = 1\nx = n" + strings.Repeat(" <= n", 24_000),
		"list":        "n = 1\nx = [n" + strings.Repeat(", n", 49_000) + "]",
		"brackets":    "n = 1\nx = " + strings.Repeat("(", 9_000) + "n" + strings.Repeat(")", 9_000),
		"templates":   "n = 1\nx = \"" + strings.Repeat("${n}", 20_000) + "\"",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := compile(t, engine, source).Run(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
}
