package runtime_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"flowrun/runtime"
)

// TestNobodyChangesAProgramThroughWhatItHandsOut has components and hosts that
// change the lists and maps they get; with the race detector, also at once.
func TestNobodyChangesAProgramThroughWhatItHandsOut(t *testing.T) {
	type settings struct {
		List []any                 `flow:"list"`
		Map  map[string]any        `flow:"map"`
		Any  any                   `flow:"any"`
		Ids  runtime.InputVariable `flow:"ids"`
	}
	spoil := runtime.NewComponent("spoil", func(_ context.Context, _ *runtime.Call, s *settings) (any, error) {
		s.List[0], s.Map["a"], s.Map["new"] = "spoilt", "spoilt", "spoilt"
		s.Any.([]any)[0].([]any)[0] = "spoilt"
		s.Ids.Value.([]any)[0] = "spoilt"
		return nil, nil
	})
	engine := newEngine(t, &recorder{}, runtime.WithComponents(spoil), runtime.WithGlobals(map[string]any{"shared": []any{1, 2}}))
	program := compile(t, engine, `ids = [1]
l = [1, 2]
spoil < list: l, map: {a: 1}, any: [[1]], ids: ids >
spoil < list: shared, map: {a: 1}, any: [[1]], ids: ids >
return [l, shared, ids, {a: 1}]
`)
	var runs sync.WaitGroup
	for range 20 {
		runs.Go(func() {
			outcome, err := program.Run(t.Context(), nil)
			if got := fmt.Sprint(outcome.Result); err != nil || got != "[[1 2] [1 2] [1] map[a:1]]" {
				t.Errorf("got %s, %v", got, err)
				return
			}
			result := outcome.Result.([]any)
			result[0].([]any)[0], result[3].(map[string]any)["a"] = "spoilt", "spoilt"
			outcome.Variables()["shared"].([]any)[0] = "spoilt"
		})
	}
	runs.Wait()
}
