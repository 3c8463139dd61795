package runtime_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowrun/internal/chunkedtest"
	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// The components that the flows in testdata call.

type showSettings struct {
	Value any `flow:"value,required" doc:"What to show."`
}

// recorder keeps what a flow shows, in order.
type recorder struct {
	shown []string
}

func (r *recorder) show(_ context.Context, _ *runtime.Call, s *showSettings) (any, error) {
	text, err := value.Text(s.Value)
	if err != nil {
		text = value.KindOf(s.Value)
	}
	r.shown = append(r.shown, text)
	return s.Value, nil
}

type trySettings struct {
	Returns any                    `flow:"returns" doc:"What the call gives."`
	Fail    string                 `flow:"fail" doc:"Fails with this message."`
	Kind    string                 `flow:"kind" doc:"The kind of the failure."`
	Code    runtime.OutputVariable `flow:"code" doc:"Gets the failure."`
	Ids     runtime.InputVariable  `flow:"ids" doc:"Names a variable."`
	Level   string                 `flow:"level" enum:"low,high" doc:"A choice."`
	Port    int                    `flow:"port" min:"1" max:"65535" alias:"tcp" doc:"A bounded number."`
	Wait    time.Duration          `flow:"wait" doc:"Sleeps before anything else."`
	Login   *login                 `flow:"login" doc:"A map with known keys."`
	Never   bool                   `flow:"never" doc:"Waits until the context ends."`
}

type login struct {
	User     string           `flow:"user,required"`
	Password runtime.Password `flow:"password"`
}

func try(ctx context.Context, call *runtime.Call, s *trySettings) (any, error) {
	if s.Wait > 0 {
		if err := call.Sleep(ctx, s.Wait); err != nil {
			return nil, err
		}
	}
	if s.Never {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if s.Fail != "" {
		return nil, &runtime.Failure{
			Kind:    runtime.Kind(s.Kind),
			Message: s.Fail,
			Fields:  map[string]any{"address": call.Address},
			Result:  &value.Record{Fields: map[string]any{"state": "failed"}, Text: "failed: " + s.Fail},
		}
	}
	if call.Has("ids") {
		return s.Ids.Value, nil
	}
	return s.Returns, nil
}

func components(r *recorder) []*runtime.Component {
	type none struct{}
	return []*runtime.Component{
		runtime.NewComponent("show", r.show),
		runtime.NewComponent("try", try),
		runtime.NewComponent("crm.addNote", r.show),
		runtime.NewComponent("speak", func(context.Context, *runtime.Call, *none) (any, error) { return nil, nil }, runtime.In(runtime.Voice)),
		runtime.NewComponent("panics", func(context.Context, *runtime.Call, *none) (any, error) { panic("boom") }),
	}
}

func newEngine(t testing.TB, r *recorder, options ...runtime.Option) *runtime.Engine {
	t.Helper()
	if *onVM {
		options = append(options, runtime.OnVM())
	}
	engine, err := runtime.New(append([]runtime.Option{runtime.WithComponents(components(r)...)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// compile gives the program of a source that must check.
func compile(t testing.TB, engine *runtime.Engine, source string) *runtime.Program {
	t.Helper()
	program, diagnostics := engine.Compile("test.flow", source)
	if program == nil {
		var b strings.Builder
		_ = diagnostics.Render(&b, lang.RenderOptions{})
		t.Fatalf("does not check:\n%s", b.String())
	}
	return program
}

func reported(diagnostics lang.Diagnostics) []chunkedtest.Diagnostic {
	var all []chunkedtest.Diagnostic
	for _, d := range diagnostics {
		at := d.Range().Start
		all = append(all, chunkedtest.Diagnostic{
			Line: at.Line, Column: at.Column, Severity: d.Severity.String(), Summary: d.Summary, Hint: d.Hint,
		})
	}
	return all
}

// TestCheckFiles compiles every chunk of testdata/check and compares what is
// reported with the markers.
func TestCheckFiles(t *testing.T) {
	eachChunk(t, "testdata/check/*.flow", func(t *testing.T, chunk chunkedtest.Chunk) {
		_, diagnostics := newEngine(t, &recorder{}).Compile("check.flow", chunk.Source)
		chunk.Compare(t, reported(diagnostics))
	})
}

// TestRunFiles runs every chunk of testdata/run: what `show` is given must be
// the texts of the `//>` lines, in order, and the failures of the outcome must
// be the markers.
func TestRunFiles(t *testing.T) {
	eachChunk(t, "testdata/run/*.flow", func(t *testing.T, chunk chunkedtest.Chunk) {
		r := &recorder{}
		program, diagnostics := newEngine(t, r).Compile("run.flow", chunk.Source)
		if program == nil {
			t.Fatalf("does not check: %v", reported(diagnostics))
		}
		outcome, err := program.Run(t.Context(), nil, runtime.WithEffects(&instantEffects{}))
		var failures lang.Diagnostics
		for _, failure := range outcome.Failures {
			failures = append(failures, lang.Diagnostic{Source: failure.Source, Span: failure.Span, Summary: failure.Summary(), Hint: failure.Hint})
		}
		chunk.Compare(t, reported(failures))
		if (err != nil) != (len(failures) > 0) {
			t.Errorf("error %v with %d failures", err, len(failures))
		}
		var wanted []string
		for line := range strings.Lines(chunk.Source) {
			if _, text, ok := strings.Cut(line, "//> "); ok {
				wanted = append(wanted, strings.TrimSuffix(text, "\n"))
			}
		}
		if got, want := strings.Join(r.shown, "\n"), strings.Join(wanted, "\n"); got != want {
			t.Errorf("showed:\n%s\nwant:\n%s", got, want)
		}
	})
}

func eachChunk(t *testing.T, pattern string, test func(*testing.T, chunkedtest.Chunk)) {
	files, err := filepath.Glob(pattern)
	if err != nil || files == nil {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".flow"), func(t *testing.T) {
			for _, chunk := range chunkedtest.Read(t, file) {
				t.Run(chunk.Name, func(t *testing.T) { test(t, chunk) })
			}
		})
	}
}

// instantEffects lets the time of a run pass at once.
type instantEffects struct {
	runtime.Direct
	slept time.Duration
}

func (e *instantEffects) Now() time.Time {
	return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).Add(e.slept)
}

func (e *instantEffects) Sleep(ctx context.Context, d time.Duration) error {
	e.slept += max(0, d)
	return context.Cause(ctx)
}

// failure gives the *runtime.Error of a run that must fail.
func failure(t testing.TB, err error) *runtime.Error {
	t.Helper()
	var failed *runtime.Error
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want a *runtime.Error", err)
	}
	return failed
}
