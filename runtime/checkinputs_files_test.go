package runtime_test

import (
	"strings"
	"testing"

	"flowrun/internal/chunkedtest"
	"flowrun/runtime"
)

// TestFlowsThatSucceedHaveNoMistakeForASample runs every chunk of testdata/run
// that succeeds through CheckInputs, but for those that catch what goes wrong.
func TestFlowsThatSucceedHaveNoMistakeForASample(t *testing.T) {
	eachChunk(t, "testdata/run/*.flow", func(t *testing.T, chunk chunkedtest.Chunk) {
		program, _ := newEngine(t, &recorder{}).Compile("run.flow", chunk.Source)
		if program == nil || strings.Contains(chunk.Source, "catch") {
			return
		}
		outcome, err := program.Run(t.Context(), nil, runtime.WithEffects(&instantEffects{}))
		if err != nil || len(outcome.Failures) > 0 {
			return
		}
		problems, err := program.CheckInputs(nil)
		if err != nil || len(problems) > 0 {
			t.Errorf("%s\n%v %v", chunk.Source, err, reported(problems))
		}
	})
}
