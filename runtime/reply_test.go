package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// TestAReplyActsAlikeAfterJSON resumes one call with a reply and with what JSON
// makes of it.
func TestAReplyActsAlikeAfterJSON(t *testing.T) {
	const source = `
function f < > {
  x = ask < > catch e { show < value: [e.kind, e.message, e] > }
  return x
}
y = f < timeout: "1h" > catch e { show < value: e > }
show < value: [y == nil, y] >
`
	for name, reply := range map[string]runtime.Reply{
		"nothing":    {},
		"a record":   {Result: &value.Record{Fields: map[string]any{"code": 250, "took": time.Second}, Text: "250 ok"}},
		"an error":   {Err: errors.New("down")},
		"a failure":  {Err: fmt.Errorf("wrapped: %w", &runtime.Failure{Kind: "odd", Message: "no", Fields: map[string]any{"n": uint8(7)}, Result: 1.5})},
		"a timeout":  {Err: runtime.ErrTimeout},
		"suspension": {Err: runtime.Suspend("again")},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(reply)
			if err != nil {
				t.Fatal(err)
			}
			var read runtime.Reply
			if err := json.Unmarshal(text, &read); err != nil {
				t.Fatal(err)
			}
			var got [2]string
			for i, reply := range []runtime.Reply{reply, read} {
				w := suspend(t, source)
				w.resume(reply)
				got[i] = fmt.Sprint(w.shown, w.err, w.outcome.Steps, w.outcome.Snapshot != nil)
			}
			if got[0] != got[1] {
				t.Errorf("%s became %s by %s", got[0], got[1], text)
			}
		})
	}
}

func TestWhatIsNoReplyIsAnError(t *testing.T) {
	for _, text := range []string{`{}`, `7`, `{"result":{"gadget":1}}`, `{"result":1,"error":{"message":"both"}}`, `{"error":{"failure":true}}`} {
		var reply runtime.Reply
		if err := json.Unmarshal([]byte(text), &reply); err == nil {
			t.Errorf("%s became %v", text, reply)
		}
	}
	if _, err := json.Marshal(runtime.Reply{Result: func() {}}); err == nil {
		t.Error("a function was written")
	}
}

func TestErrTimeoutEndsTheCallWhoseTimeoutPassesFirst(t *testing.T) {
	w := suspend(t, `
function f < > { ask < timeout: "2h" > catch { show < value: "inner" > } }
f < timeout: "1h" > catch e { show < value: e.message > }
`)
	w.resume(runtime.Reply{Err: runtime.ErrTimeout})
	if got := strings.Join(w.shown, " "); got != "did not end within 1h" {
		t.Errorf("showed %s", got)
	}
}

func TestACallsRandomnessIsSafeForConcurrentUse(t *testing.T) {
	draw := runtime.NewComponent("draw", func(_ context.Context, call *runtime.Call, _ *struct{}) (any, error) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { call.Random() })
		}
		all.Wait()
		return nil, nil
	})
	if _, err := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(draw)), "draw < >").Run(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestOneSnapshotMayBeResumedAtOnceByMany(t *testing.T) {
	w := suspend(t, "xs = [1]\nx = ask < >\nxs[0] = x\nreturn xs[0]")
	program := w.program()
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			outcome, err := program.Resume(context.Background(), w.outcome.Snapshot, runtime.Reply{Result: n})
			if err != nil || outcome.Result != n {
				t.Errorf("got %v, %v, want %d", outcome.Result, err, n)
			}
		})
	}
	all.Wait()
}
