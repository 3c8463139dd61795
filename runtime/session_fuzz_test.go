package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"flowrun/internal/chunkedtest"
	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// FuzzSession enters any text line by line, and then as a whole: nothing panics,
// problems and failures stand in the entries they tell of, an entry that does not
// check changes nothing, and what the session then has fits its limits. It is run as
// the targets of fuzz_test.go are.
func FuzzSession(f *testing.F) {
	addSources(f)
	allowed := allowedErrors(f)
	limits := fuzzedLimits
	limits.Variables = 1 << 20
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > largestFuzzed {
			return
		}
		s := newEngine(t, &recorder{}, runtime.WithLimits(limits)).NewSession()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		for i, entry := range append(lineByLine(text), text) {
			before := strings.Join(s.Names(), " ")
			evaluation, diagnostics, err := s.Eval(ctx, fmt.Sprintf("entry %d", i), entry, runtime.WithEffects(newSameEffects()))
			if ctx.Err() != nil {
				return
			}
			for _, d := range diagnostics {
				allowed.checkPlace(t, d.Source, d.Span)
			}
			if (evaluation == nil) != diagnostics.HasErrors() {
				t.Errorf("%q: evaluated %v with %v", entry, evaluation != nil, diagnostics)
			}
			if evaluation == nil {
				if after := strings.Join(s.Names(), " "); after != before {
					t.Errorf("%q did not check and made %q of %q", entry, after, before)
				}
				continue
			}
			if (err != nil) != (len(evaluation.Failures) > 0) {
				t.Errorf("%q: error %v with %d failures", entry, err, len(evaluation.Failures))
			}
			for _, failure := range evaluation.Failures {
				if failure.Source != nil {
					allowed.checkPlace(t, failure.Source, failure.Span)
				}
			}
		}
		held := 0
		for _, name := range s.Names() {
			if v, _ := s.Variable(name); v.HasValue {
				size, err := (&value.Budget{}).Size(v.Value)
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				held += size
			}
		}
		if held > limits.Variables {
			t.Errorf("the session holds %d bytes, more than %d", held, limits.Variables)
		}
	})
}

// lineByLine cuts a text into entries as a prompt does.
func lineByLine(text string) []string {
	var entries []string
	entry := ""
	for line := range strings.Lines(text) {
		if entry += line; !lang.Incomplete(entry) {
			entries, entry = append(entries, entry), ""
		}
	}
	return append(entries, entry)
}

// TestHostileEntriesLeaveTheSessionUsable enters what should end in an error.
func TestHostileEntriesLeaveTheSessionUsable(t *testing.T) {
	s := newEngine(t, &recorder{}, runtime.WithLimits(runtime.Limits{Steps: 100_000, Variables: 1 << 20})).NewSession()
	play(t, s, []exchange{{"kept = 7", ""}, {"function f < n > { f < n: n + 1 > }", ""}})
	for name, entry := range map[string]string{
		"endless loop":         "while true { }",
		"endless goto":         "again: goto again",
		"endless recursion":    "f < n: 1 >",
		"huge text":            `x = repeat("a", 100000000)`,
		"doubled":              "x = [1]\nwhile true { x = concat(x, x) }",
		"nested value":         "x = []\nwhile true { x = [x] }",
		"nested brackets":      strings.Repeat("(", 100_000),
		"nested maps":          strings.Repeat(`{"a":`, 100_000),
		"nested templates":     strings.Repeat(`"${`, 100_000),
		"nested blocks":        strings.Repeat("if true {\n", 100_000),
		"prefixes":             strings.Repeat("-", 100_000) + "1",
		"too large":            strings.Repeat("x = 1\n", 1<<20),
		"long expression":      strings.Repeat("1 + ", 100_000) + "1",
		"NUL":                  "x = \x00",
		"no UTF-8":             "x = \xff\xfe",
		"open text":            `x = """`,
		"costly pattern":       `"a" matches "(a{1000}){1000}"`,
		"a component breaks":   "panics < >",
		"no number":            "9223372036854775807 + 1",
		"unknown":              "nothing.at.all[0]",
		"a failure that stays": "x = 1\ny = 1 / 0",
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			evaluation, diagnostics, err := s.Eval(ctx, "hostile", entry)
			if err == nil && !diagnostics.HasErrors() {
				t.Errorf("gave %v", evaluation)
			}
			if errors.Is(err, context.DeadlineExceeded) {
				t.Error("it did not end by itself")
			}
			play(t, s, []exchange{{"kept", "7"}})
		})
	}
}

// TestStatementsOneByOneGiveWhatTheFileGives enters the statements of each flow of
// testdata/run by themselves: what they show and how they fail must be as in a run of
// the whole.
func TestStatementsOneByOneGiveWhatTheFileGives(t *testing.T) {
	compared := 0
	eachChunk(t, "testdata/run/*.flow", func(t *testing.T, chunk chunkedtest.Chunk) {
		file, _ := lang.Parse("whole.flow", chunk.Source)
		whole := &recorder{}
		program, _ := newEngine(t, whole).Compile("whole.flow", chunk.Source)
		outcome, _ := program.Run(t.Context(), nil, runtime.WithEffects(&instantEffects{}))
		if !separable(file) || len(outcome.Failures) > 0 {
			return
		}
		parts := &recorder{}
		s := newEngine(t, parts).NewSession()
		var failures []string
		for _, statement := range file.Body.Statements {
			evaluation, diagnostics, _ := s.Eval(t.Context(), "part", file.Source.Slice(statement.Place()), runtime.WithEffects(&instantEffects{}))
			if evaluation == nil {
				if declaredLater(diagnostics) {
					return
				}
				t.Fatalf("%s\ndoes not check: %v", file.Source.Slice(statement.Place()), diagnostics)
			}
			for _, failure := range evaluation.Failures {
				failures = append(failures, failure.Summary())
			}
		}
		compared++
		if got, want := strings.Join(parts.shown, "\n"), strings.Join(whole.shown, "\n"); got != want || len(failures) > 0 {
			t.Errorf("the parts show\n%s\nand fail with %v, the whole shows\n%s", got, failures, want)
		}
	})
	if compared < 25 {
		t.Errorf("only %d flows were compared", compared)
	}
}

// separable reports whether the statements of a file mean the same by themselves:
// nothing jumps, ends the flow, counts over several of them, or tells their lines.
func separable(file *lang.File) bool {
	for _, statement := range file.Body.Statements {
		switch statement.(type) {
		case *lang.Label, *lang.Goto, *lang.Input:
			return false
		}
	}
	for _, word := range []string{"limit:", "stop", "break: true", "return", ".line", ".stack"} {
		if strings.Contains(file.Source.Text, word) {
			return false
		}
	}
	return file.Header == nil
}

// declaredLater reports whether an entry uses what only a later one declares.
func declaredLater(diagnostics lang.Diagnostics) bool {
	for _, d := range diagnostics {
		if strings.Contains(d.Summary, "is not declared") || strings.Contains(d.Summary, "unknown component") {
			return true
		}
	}
	return false
}
