package runtime_test

import (
	goruntime "runtime"
	"strings"
	"testing"

	"flowrun/runtime"
)

func TestATemplateThatIsTooLargeIsNotWritten(t *testing.T) {
	program := compile(t, newLimited(t, &recorder{}, runtime.Limits{Value: 1 << 20}), `input x: string; return "`+strings.Repeat("${x}", 2000)+`"`)
	for _, length := range []int{10 << 10, 15 << 10, 20 << 10, 60 << 10} {
		inputs := runtime.Inputs{"x": strings.Repeat("x", length)}
		var before, after goruntime.MemStats
		goruntime.ReadMemStats(&before)
		_, err := program.Run(t.Context(), inputs)
		goruntime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), "the text would be larger than 1 MiB") {
			t.Fatalf("with a text of %d bytes: got %v", length, err)
		}
		if made := after.TotalAlloc - before.TotalAlloc; made > 10<<20 {
			t.Errorf("with a text of %d bytes the run made %d bytes", length, made)
		}
	}
}
