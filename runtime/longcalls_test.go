package runtime_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"flowrun/builtins"
	"flowrun/runtime"
)

// TestCancellingOneLongOperationIsPrompt cancels inside a single operation that
// takes seconds.
func TestCancellingOneLongOperationIsPrompt(t *testing.T) {
	numbers := make([]any, 1_000_000)
	for i := range numbers {
		numbers[i] = rand.Int()
	}
	text := strings.Repeat("a", 8<<20)
	for name, long := range map[string]string{
		"sort":            "x = sort(numbers)",
		"sort descending": `x = sort(numbers, "desc")`,
		"sortBy":          "x = sortBy(numbers, -# % 1000003)",
		"median":          "x = median(numbers)",
		"matches":         "x = text matches '(a|aa|aaa|aaaa)*(a?){200}b$'",
		"matches changed": `x = text matches "(a|aa|aaa|aaaa)*(a?){${200}}b$"`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newStation()
			engine, err := runtime.New(runtime.WithComponents(s.components()...), runtime.WithComponents(builtins.Standard(builtins.Config{})...), runtime.WithLimits(runtime.Limits{Steps: 1 << 50}))
			if err != nil {
				t.Fatal(err)
			}
			program := compile(t, engine, "input n: int\ninput numbers: list\ninput text: string\narrive < n: n >\nif n > 0 {\n  wait < >\n  return n\n}\n"+long+"\nwhile true { }\n")
			inputs := func(n int) runtime.Inputs {
				if n > 0 {
					return runtime.Inputs{"n": n, "numbers": []any{}, "text": ""}
				}
				return runtime.Inputs{"n": n, "numbers": numbers, "text": text}
			}
			took := cancelled(t, s, program, inputs, func() {})
			t.Logf("returned after %s", took)
			if took > promptly {
				t.Errorf("returned after %s", took)
			}
		})
	}
}
