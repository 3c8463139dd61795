package runtime_test

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowrun/internal/suspendtest"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

func TestMain(m *testing.M) {
	suspendtest.ServeIfWorker(func(suspendtest.Segment) (suspendtest.Host, error) { return suspendableHost() })
	os.Exit(m.Run())
}

// hostStruct is a host's struct, read in place.
type hostStruct struct {
	Name  string
	Inner *hostStruct
	When  time.Time
	List  []string
	Tag   string `expr:"label"`
	Work  func()
}

func (h hostStruct) String() string { return "host " + h.Name }

// suspendableHost has what the generated flows call.
func suspendableHost(options ...runtime.Option) (suspendtest.Host, error) {
	r := &recorder{}
	type none struct{}
	draw := runtime.NewComponent("draw", func(_ context.Context, call *runtime.Call, _ *none) (any, error) {
		return []any{int(call.Random() >> 1), int(call.Random() >> 1)}, nil
	})
	engine, err := runtime.New(append(options,
		runtime.WithComponents(append(components(r), draw)...),
		runtime.WithGlobals(map[string]any{
			"given": &value.Record{Fields: map[string]any{"deep": map[string]any{"er": []any{1, "two"}}, "list": []any{1, "b", nil}}, Text: "given"},
		}),
		runtime.WithSecrets(func(string) (string, error) { return "hunter2", nil }),
		runtime.WithLimits(runtime.Limits{Steps: 3000}),
	)...)
	host := &hostStruct{
		Name: "outer", Inner: &hostStruct{Name: "inner", Tag: "t"}, List: []string{"a", "\xff"},
		When: time.Date(2026, 7, 1, 12, 0, 0, 5, time.FixedZone("EST", -5*3600)),
	}
	return suspendtest.Host{Engine: engine, Inputs: runtime.Inputs{"host": host}, Done: r.quoted}, err
}

// here runs a segment in this process, with an engine and a program of its own.
func here(t *testing.T, options ...runtime.Option) func(int, suspendtest.Segment) suspendtest.Ended {
	return func(_ int, s suspendtest.Segment) suspendtest.Ended {
		host, err := suspendableHost(options...)
		if err != nil {
			t.Fatal(err)
		}
		return s.Run(t.Context(), host)
	}
}

func TestFlowsThatAreSuspendedAtEveryCallEndAsThoseLeftAlone(t *testing.T) {
	t.Parallel()
	var snapshots []string
	for seed := range uint64(100) {
		flow := suspendtest.Segment{Name: "generated.flow", Source: suspendableFlow(seed)}
		snapshots = append(snapshots, compareSuspended(t, seed, flow, here(t))...)
	}
	all := strings.Join(snapshots, "\n")
	for _, part := range []string{
		`"place":"failover"`, `"place":"catch"`, `"place":"function"`, `"place":"component"`, `"timeout":`, `"break":true`,
		`"collection":[`, `"collection":{"map"`, `"collection":{"range"`, `"failures":[`, `{"index":1},{"index":1},{"index":1},`,
		`"secret":`, `"html":`, `"time":[`, `"duration":`, `"record":`, `"struct":`, `"bytes":`, `:-0.0`, `9223372036854775807`,
	} {
		if !strings.Contains(all, part) {
			t.Errorf("no snapshot has %s", part)
		}
	}
	if len(snapshots) < 1300 {
		t.Errorf("suspended only %d times", len(snapshots))
	}
}

func TestFlowsAreResumedInOtherProcesses(t *testing.T) {
	t.Parallel()
	var workers [2]*suspendtest.Worker
	for i := range workers {
		worker, err := suspendtest.StartWorker()
		if err != nil {
			t.Fatal(err)
		}
		workers[i] = worker
		t.Cleanup(func() {
			if err := worker.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	for seed := range uint64(30) {
		flow := suspendtest.Segment{Name: "generated.flow", Source: suspendableFlow(seed)}
		compareSuspended(t, seed, flow, func(number int, s suspendtest.Segment) suspendtest.Ended {
			return workers[number%2].Run(s)
		})
	}
}

// compareSuspended runs a flow whole and in segments, and gives the snapshots.
func compareSuspended(t *testing.T, seed uint64, flow suspendtest.Segment, perform func(int, suspendtest.Segment) suspendtest.Ended) []string {
	t.Helper()
	flow.Whole = true
	whole, err := suspendtest.Suspended(flow, 1, here(t))
	if err != nil {
		t.Fatalf("seed %d: %v\n%s", seed, err, flow.Source)
	}
	flow.Whole = false
	got, err := suspendtest.Suspended(flow, 1000, perform)
	if err != nil {
		t.Fatalf("seed %d: %v\n%s", seed, err, flow.Source)
	}
	if difference := got.Difference(whole); difference != "" {
		t.Fatalf("seed %d: %s\n%s", seed, difference, flow.Source)
	}
	return got.Snapshots
}

// quoted is what was shown, in a form that JSON keeps.
func (r *recorder) quoted() []string {
	lines := make([]string, len(r.shown))
	for i, text := range r.shown {
		lines[i] = strconv.QuoteToASCII(text)
	}
	return lines
}
