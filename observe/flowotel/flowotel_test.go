package flowotel_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"flowrun/observe/flowotel"
	"flowrun/runtime"
	"flowrun/runtime/virtualtime"
)

// harness runs flows with a component and shows the spans.
type harness struct {
	recorder *tracetest.SpanRecorder
	provider *sdktrace.TracerProvider
	tracing  *flowotel.Tracing
	engine   *runtime.Engine
}

type askSettings struct {
	Token   runtime.Password `flow:"token"`
	To      string           `flow:"to"`
	Fails   bool             `flow:"fails"`
	Waits   bool             `flow:"waits"`
	Sleeps  time.Duration    `flow:"sleeps"`
	Request bool             `flow:"request"`
}

func newHarness(t testing.TB, config flowotel.Config) *harness {
	t.Helper()
	h := &harness{recorder: tracetest.NewSpanRecorder()}
	h.provider = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(h.recorder))
	config.TracerProvider = h.provider
	h.tracing = flowotel.New(config)
	ask := runtime.NewComponent("ask", func(ctx context.Context, call *runtime.Call, s *askSettings) (any, error) {
		switch {
		case s.Request:
			_, span := h.provider.Tracer("http").Start(ctx, "GET")
			span.End()
		case s.Fails:
			call.Tell("calls" + s.To)
			return nil, &runtime.Failure{Kind: "busy", Message: "nobody answers" + s.To}
		case s.Waits:
			return nil, runtime.Suspend("for Ann")
		}
		return nil, call.Sleep(ctx, s.Sleeps)
	})
	var err error
	h.engine, err = runtime.New(runtime.WithComponents(ask),
		runtime.WithSecrets(func(string) (string, error) { return "swordfish", nil }))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *harness) compile(t testing.TB, source string) *runtime.Program {
	t.Helper()
	program, problems := h.engine.Compile("ask.flow", source)
	if program == nil {
		t.Fatal(problems)
	}
	return program
}

func (h *harness) run(t testing.TB, source string, options ...runtime.RunOption) *runtime.Outcome {
	t.Helper()
	outcome, _ := h.tracing.Run(t.Context(), h.compile(t, source), nil, options...)
	return outcome
}

// tree shows the spans that ended, each below its parent in the order of their
// starts, with the attributes of these keys, the status and the events.
func (h *harness) tree(keys ...string) string {
	ended := h.recorder.Ended()
	slices.SortStableFunc(ended, func(a, b sdktrace.ReadOnlySpan) int { return a.StartTime().Compare(b.StartTime()) })
	children := map[trace.SpanID][]sdktrace.ReadOnlySpan{}
	known := map[trace.SpanID]bool{}
	for _, span := range ended {
		known[span.SpanContext().SpanID()] = true
	}
	for _, span := range ended {
		parent := span.Parent().SpanID()
		if !known[parent] {
			parent = trace.SpanID{}
		}
		children[parent] = append(children[parent], span)
	}
	var lines []string
	var show func(span sdktrace.ReadOnlySpan, indent string)
	show = func(span sdktrace.ReadOnlySpan, indent string) {
		line := indent + span.Name()
		for _, a := range span.Attributes() {
			if slices.Contains(keys, string(a.Key)) {
				line += fmt.Sprintf(" %s=%s", a.Key, a.Value.String())
			}
		}
		if status := span.Status(); status.Code == codes.Error {
			line += " ERROR " + status.Description
		}
		lines = append(lines, line)
		for _, event := range span.Events() {
			lines = append(lines, indent+"* "+event.Name)
		}
		for _, child := range children[span.SpanContext().SpanID()] {
			show(child, indent+"  ")
		}
	}
	for _, root := range children[trace.SpanID{}] {
		show(root, "")
	}
	return strings.Join(lines, "\n")
}

func TestARunIsASpanAndEveryStatementOneNestedInItsBlock(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"blocks and functions", `
flow "asks"
function f < > { ask < > }
if true { x = 1 }
f < >
`, `
flow asks
  if code.line.number=4
    assign x code.line.number=4
  call f code.line.number=5 flow.component=f flow.address=1.1
    call ask code.line.number=3 flow.component=ask flow.address=0.1`},
		{"a call with everything", `
ask < to: "ann@example.com", token: secret("TOKEN"), description: "asks Ann" >
`, `
flow ask.flow
  call ask code.line.number=2 flow.component=ask flow.address=0.1 flow.description=asks Ann flow.settings=["to","token"]`},
		{"a failure", `
if true { ask < fails: true > }
`, `
flow ask.flow error.type=busy ERROR ask: nobody answers
  if code.line.number=2 error.type=busy ERROR ask: nobody answers
    call ask code.line.number=2 flow.component=ask flow.address=0.1 flow.settings=["fails"] error.type=busy ERROR ask: nobody answers
    * told`},
		{"a failure that is caught", `
ask < fails: true > catch { x = 1 }
`, `
flow ask.flow
  call ask code.line.number=2 flow.component=ask flow.address=0.1 flow.settings=["fails"] error.type=busy ERROR ask: nobody answers
  * told
  * error caught
    assign x code.line.number=2`},
		{"a failover", `
i = 0
again:
ask < limit: 1 > failover { i = 1 }
if i == 0 { goto again }
`, `
flow ask.flow
  assign i code.line.number=2
  call ask code.line.number=4 flow.component=ask flow.address=0.1
  if code.line.number=5
    goto again code.line.number=5
  call ask code.line.number=4 flow.component=ask flow.address=0.2
  * failover taken
    assign i code.line.number=4
  if code.line.number=5`},
		{"an error that is passed over", `
flow < onError: "continue" >
x = 1 / 0
ask < >
`, `
flow ask.flow error.type=value ERROR division by zero
  assign x code.line.number=3 error.type=value ERROR division by zero
  * error passed over
  call ask code.line.number=4 flow.component=ask flow.address=0.1`},
		{"a component's own span", `
ask < request: true >
`, `
flow ask.flow
  call ask code.line.number=2 flow.component=ask flow.address=0.1 flow.settings=["request"]
    GET`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHarness(t, flowotel.Config{})
			h.run(t, c.source)
			got := h.tree("code.line.number", "flow.component", "flow.address", "flow.description", "flow.settings", "error.type")
			got = strings.ReplaceAll(got, " flow.settings=[]", "")
			if got != strings.TrimSpace(c.want) {
				t.Errorf("got\n%s\nwant%s", got, c.want)
			}
		})
	}
}

func TestASuspendedRunEndsItsSpansAndAResumedOneEntersThemAgain(t *testing.T) {
	h := newHarness(t, flowotel.Config{})
	source := "if true {\n  ask < waits: true >\n  x = 1\n}\n"
	outcome := h.run(t, source)
	want := "flow ask.flow\n* suspended\n  if\n  * suspended\n    call ask\n    * suspended"
	if got := h.tree("flow.entered", "flow.resumed"); got != want {
		t.Errorf("suspended:\n%s\nwant\n%s", got, want)
	}
	h.recorder.Reset()
	if _, err := h.tracing.Resume(t.Context(), h.compile(t, source), outcome.Snapshot, runtime.Reply{}); err != nil {
		t.Fatal(err)
	}
	want = "flow ask.flow flow.resumed=true\n  if flow.entered=true\n    call ask flow.entered=true flow.address=0.1\n    assign x"
	if got := h.tree("flow.entered", "flow.resumed", "flow.address"); got != want {
		t.Errorf("resumed:\n%s\nwant\n%s", got, want)
	}
}

func TestTheSpanOfTheHostIsTheParentOfTheRun(t *testing.T) {
	h := newHarness(t, flowotel.Config{})
	ctx, outer := h.provider.Tracer("host").Start(t.Context(), "request")
	if _, err := h.tracing.Run(ctx, h.compile(t, "ask < >"), nil); err != nil {
		t.Fatal(err)
	}
	outer.End()
	if got, want := h.tree(), "request\n  flow ask.flow\n    call ask"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLoopsMakeNoMoreSpansThanTheBounds(t *testing.T) {
	source := `
for i in 1..20000 {
  x = i
  if i == 15000 { ask < fails: true > catch { } }
}
ask < >
`
	h := newHarness(t, flowotel.Config{SpansPerStatement: 3})
	h.run(t, source)
	want := strings.TrimSuffix(`
flow ask.flow flow.spans.dropped=39994
  for
`+strings.Repeat("    assign x\n    if\n", 3)+`      call ask flow.address=0.1 ERROR ask: nobody answers
      * told
      * error caught
  call ask flow.address=1.1`, "\n")
	// The call in the loop is below the loop, since its own `if` got no span.
	want = strings.Replace(want, "      call ask flow.address=0.1", "    call ask flow.address=0.1", 1)
	want = strings.ReplaceAll(want, "      * ", "    * ")
	if got := h.tree("flow.spans.dropped", "flow.address"); got != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	h = newHarness(t, flowotel.Config{Spans: 5})
	h.run(t, source)
	if n := len(h.recorder.Ended()); n != 6 {
		t.Errorf("%d spans, want 5 and the run's", n)
	}
}

func TestWhatHappensInAStatementWithoutSpanIsToldByTheSpanAroundIt(t *testing.T) {
	h := newHarness(t, flowotel.Config{Only: func(s *runtime.Statement) bool { return s.Kind == runtime.StatementFor }})
	h.run(t, "for i in 1..2 {\n  ask < fails: true > catch { }\n}\n")
	want := "flow ask.flow\n  for" + strings.Repeat("\n  * told\n  * call failed\n  * error caught", 2)
	if got := h.tree("flow.spans.dropped"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, span := range h.recorder.Ended() {
		for _, event := range span.Events() {
			if event.Name == "call failed" && !slices.Contains(event.Attributes, attribute.Int("code.line.number", 2)) {
				t.Errorf("the event does not say where: %v", event.Attributes)
			}
		}
	}
}

func TestSpansHaveTheTimesOfTheMachine(t *testing.T) {
	h := newHarness(t, flowotel.Config{})
	began := time.Now()
	effects := virtualtime.New(time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC), nil)
	outcome := h.run(t, `ask < sleeps: "72h" >`, runtime.WithEffects(effects))
	if len(outcome.Failures) > 0 {
		t.Fatal(outcome.Failures[0])
	}
	for _, span := range h.recorder.Ended() {
		if span.StartTime().Before(began) || span.EndTime().After(time.Now()) {
			t.Errorf("%s from %v to %v", span.Name(), span.StartTime(), span.EndTime())
		}
	}
}

func TestNoSpanHasAValueUnlessAskedForAndNeverASecret(t *testing.T) {
	const source = `ask < to: "ann@example.com", token: "hunter2" >`
	for _, values := range []bool{false, true} {
		h := newHarness(t, flowotel.Config{Values: values})
		h.run(t, source)
		var all strings.Builder
		for _, span := range h.recorder.Ended() {
			fmt.Fprintln(&all, span.Name(), span.Attributes(), span.Events())
		}
		if strings.Contains(all.String(), "hunter2") || strings.Contains(all.String(), "ann@example.com") != values {
			t.Errorf("values %v: %s", values, all.String())
		}
	}
}

func TestNoSpanHasTextsAsLongAsThoseOfAFlow(t *testing.T) {
	h := newHarness(t, flowotel.Config{Values: true})
	h.run(t, "name = repeat(\"x\", 1000000)\nask < to: name, fails: true, description: \""+strings.Repeat("d", 50_000)+"\" > catch { x = 1 }\n"+
		"ask < to: name, fails: true >")
	var all strings.Builder
	for _, span := range h.recorder.Ended() {
		fmt.Fprintln(&all, span.Name(), span.Attributes(), span.Events(), span.Status())
	}
	if all.Len() > 30_000 || !strings.Contains(all.String(), "more bytes)") {
		t.Errorf("the spans have %d bytes: %.300s…", all.Len(), all.String())
	}
}

func TestRunsAtOnceKeepTheirSpansApart(t *testing.T) {
	h := newHarness(t, flowotel.Config{})
	program := h.compile(t, "for i in 1..3 { ask < > }")
	var runs sync.WaitGroup
	for range 8 {
		runs.Go(func() {
			if _, err := h.tracing.Run(t.Context(), program, nil); err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	ended := h.recorder.Ended()
	traces := map[trace.TraceID]int{}
	for _, span := range ended {
		traces[span.SpanContext().TraceID()]++
	}
	for id, spans := range traces {
		if spans != 5 {
			t.Errorf("trace %s has %d spans, want 5", id, spans)
		}
	}
	if len(traces) != 8 {
		t.Errorf("%d traces, want 8", len(traces))
	}
}

// BenchmarkTracing is what the spans of a run cost beside the run, with a processor
// that keeps nothing.
func BenchmarkTracing(b *testing.B) {
	engine, err := runtime.New()
	if err != nil {
		b.Fatal(err)
	}
	program, problems := engine.Compile("loop.flow", "x = 0\nwhile x < 1000 { x = x + 1 }")
	if program == nil {
		b.Fatal(problems)
	}
	tracing := flowotel.New(flowotel.Config{TracerProvider: sdktrace.NewTracerProvider()})
	b.Run("without", func(b *testing.B) {
		for b.Loop() {
			if _, err := program.Run(b.Context(), nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("with", func(b *testing.B) {
		for b.Loop() {
			if _, err := tracing.Run(b.Context(), program, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
