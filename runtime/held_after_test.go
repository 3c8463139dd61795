package runtime_test

import (
	"testing"

	"flowrun/runtime"
)

// TestWhatWasComparedIsNotHeldAfterwards makes texts for which there is room once a
// comparison of a large one is over.
func TestWhatWasComparedIsNotHeldAfterwards(t *testing.T) {
	for _, compare := range []string{`ok = "A" < large < "z"`, `ok = "A" < large < [0]`, `ok = any([1], "A" < large < "z")`, `if not ("A" < large < "z") { stop }`} {
		for _, evaluator := range evaluators {
			program := compile(t, newLimited(t, &recorder{}, runtime.Limits{Variables: 50000}, evaluator.options...),
				"flow \"f\" < onError: \"continue\" >\nlarge = repeat(\"a\", 24000)\n"+compare+"\nmade = len(repeat(\"b\", 13000) + repeat(\"c\", 13000))\nreturn made")
			if outcome, err := program.Run(t.Context(), nil); outcome.Result != 26000 {
				t.Errorf("%s, %s: got %v, %v", compare, evaluator.name, outcome.Result, err)
			}
		}
	}
}
