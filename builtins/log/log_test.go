package log_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"flowrun/builtins/log"
	"flowrun/lang"
	"flowrun/runtime"
)

func run(t *testing.T, sink log.Sink, flow string) error {
	t.Helper()
	engine, err := runtime.New(runtime.WithComponents(log.New(log.Config{Sink: sink})))
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("test.flow", flow)
	if program == nil {
		t.Fatalf("the flow does not check: %v", diagnostics)
	}
	_, err = program.Run(context.Background(), nil)
	return err
}

func TestLogHandsEntriesToItsSink(t *testing.T) {
	var entries []log.Entry
	sink := func(_ context.Context, entry log.Entry) error {
		entries = append(entries, entry)
		return nil
	}
	err := run(t, sink, `flow "Greeting"
log < message: "a ${1 + 1}" >
log < message: [1, "x"], level: "error" >
`)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 {
		t.Fatalf("%d entries, want 2", len(entries))
	}
	first, second := entries[0], entries[1]
	if first.Message != "a 2" || first.Level != slog.LevelInfo || first.Flow != "Greeting" || first.Line != 2 || first.Run == "" || first.Time.IsZero() {
		t.Errorf("first entry %+v", first)
	}
	if second.Message != `[1,"x"]` || second.Level != slog.LevelError {
		t.Errorf("second entry %+v", second)
	}
}

func TestLinesShowControlCharacters(t *testing.T) {
	var out bytes.Buffer
	err := run(t, log.Lines(&out), `log < message: "a\u{1b}[2Jb\nc\u{202e}d", level: "warn" >`)
	if err != nil {
		t.Fatal(err)
	}
	if want := "warn: a\\u{1b}[2Jb\n  c\\u{202e}d\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestStructuredWritesToALogger(t *testing.T) {
	var out bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if err := run(t, log.Structured(logger), `log < message: "hi", level: "debug" >`); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"level=DEBUG", "msg=hi", "flow=test.flow", "line=1", "run="} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %q", want, out.String())
		}
	}
}

func TestASinkThatFailsFailsTheCall(t *testing.T) {
	full := errors.New("the disk is full")
	sink := func(context.Context, log.Entry) error { return full }
	if err := run(t, sink, `log < message: "hi" >`); !errors.Is(err, full) {
		t.Errorf("error %v, want the sink's", err)
	}
}

func TestASinkThatBreaksDownFailsTheCallAtItsPlace(t *testing.T) {
	sink := func(context.Context, log.Entry) error { panic("boom") }
	err := run(t, sink, "\nlog < message: \"hi\" >")
	if err == nil || err.Error() != "test.flow:2:1: log: the component broke down" {
		t.Errorf("error %v", err)
	}
}

func TestUnknownLevelIsFoundByCheck(t *testing.T) {
	engine, err := runtime.New(runtime.WithComponents(log.New(log.Config{})))
	if err != nil {
		t.Fatal(err)
	}
	_, diagnostics := engine.Compile("test.flow", `log < message: "hi", level: "eror" >`)
	if len(diagnostics) != 1 || diagnostics[0].Severity != lang.Error || !strings.Contains(diagnostics[0].Hint, `did you mean "error"?`) {
		t.Errorf("diagnostics %v", diagnostics)
	}
}
