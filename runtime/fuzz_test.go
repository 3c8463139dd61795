package runtime_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/internal/chunkedtest"
	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// The fuzz targets of this package. They start from testdata/fuzz, the chunks of
// testdata, the examples and random words; for longer than a test, one at a time:
//
//	go test ./lang -fuzz=FuzzLex -fuzztime=1h
//	go test ./lang -fuzz=FuzzParse -fuzztime=1h
//	go test ./lang -fuzz=FuzzTree -fuzztime=1h
//	go test ./runtime -fuzz=FuzzCheck -fuzztime=1h
//	go test ./runtime -fuzz=FuzzRun -fuzztime=1h
//	go test ./runtime -fuzz=FuzzResume -fuzztime=1h
//	go test ./runtime -fuzz=FuzzSession -fuzztime=1h
//	go test ./runtime/internal/expression -fuzz=FuzzNoExpressionPanicsOrShowsGo -fuzztime=1h
//	go test ./runtime/internal/expression -fuzz=FuzzClosuresDoWhatTheVMDoes -fuzztime=1h
//
// -parallel=1 leaves processors to others, and -fuzzminimizetime=2s spends the time
// on new inputs. What fails is left in testdata/fuzz: mend it and keep the file as a
// test, or, for a message that may be said, add its pattern to
// testdata/allowed_errors.txt.

// largestFuzzed is the size of the sources that are tried, in bytes.
const largestFuzzed = 4 << 10

// FuzzCheck compiles any text: it never panics, its problems stand inside of the
// source, in order, and say what may be said, and a second compilation gives them
// again. The same goes for what a sample of inputs shows.
func FuzzCheck(f *testing.F) {
	addSources(f)
	allowed := allowedErrors(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > largestFuzzed {
			return
		}
		engine := newEngine(t, &recorder{})
		program, diagnostics := engine.Compile("fuzzed.flow", text)
		if (program == nil) != diagnostics.HasErrors() {
			t.Errorf("program %v with the problems %v", program != nil, diagnostics)
		}
		if len(diagnostics) > lang.MaxDiagnostics {
			t.Errorf("%d problems", len(diagnostics))
		}
		last := 0
		for _, d := range diagnostics {
			if d.Span.Start < last {
				t.Errorf("%v stands behind a later one", d)
			}
			last = d.Span.Start
			allowed.check(t, text, d.Source, d.Span, d.Summary, d.Hint)
		}
		if _, again := engine.Compile("fuzzed.flow", text); shownProblems(again) != shownProblems(diagnostics) {
			t.Errorf("compiled again it gives\n%sand not\n%s", shownProblems(again), shownProblems(diagnostics))
		}
		if program == nil {
			return
		}
		found, _ := program.CheckInputs(runtime.Inputs{"order": map[string]any{"id": 7, "name": "Ann", "items": []any{map[string]any{"n": 1}}}})
		for _, d := range found {
			if strings.Contains(d.Summary, "cannot be compiled") {
				t.Errorf("with a sample: %v", d)
			}
			allowed.check(t, text, d.Source, d.Span, d.Summary, d.Hint)
		}
	})
}

func shownProblems(diagnostics lang.Diagnostics) string {
	var b strings.Builder
	for _, d := range diagnostics {
		fmt.Fprintf(&b, "%v %v %s | %s\n", d.Severity, d.Span, d.Summary, d.Hint)
	}
	return b.String()
}

// fuzzedLimits keep a run short.
var fuzzedLimits = runtime.Limits{Steps: 2000, CallDepth: 20}

// FuzzRun runs any text that checks: it never panics, takes no more steps than it
// may, fails with an error of a known kind that stands in the source and says what
// may be said, and does the same again when time and chance are the same.
func FuzzRun(f *testing.F) {
	addSources(f)
	allowed := allowedErrors(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > largestFuzzed {
			return
		}
		first, done := fuzzedRun(t, text, allowed)
		if !done {
			return
		}
		if second, done := fuzzedRun(t, text, allowed); done && second != first {
			t.Errorf("run again it gives\n%sand not\n%s", second, first)
		}
	})
}

// mostAtOnce is how many steps the costliest operation counts at once: reading
// 16 MiB of JSON.
const mostAtOnce = 10_000_000

// fuzzedRun runs a source and gives all that came of it. done is false when it did
// not check, or did not end in time.
func fuzzedRun(t *testing.T, text string, allowed allowedMessages) (shown string, done bool) {
	r := &recorder{}
	program, _ := newEngine(t, r, runtime.WithLimits(fuzzedLimits)).Compile("fuzzed.flow", text)
	if program == nil {
		return "", false
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	outcome, err := program.Run(ctx, nil, runtime.WithEffects(newSameEffects()))
	if ctx.Err() != nil {
		return "", false
	}
	if outcome.Steps > fuzzedLimits.Steps+mostAtOnce {
		t.Errorf("it took %d steps", outcome.Steps)
	}
	if (err != nil) != (len(outcome.Failures) > 0) {
		t.Errorf("the error %v with %d failures", err, len(outcome.Failures))
	}
	var b strings.Builder
	for _, failure := range outcome.Failures {
		fmt.Fprintf(&b, "%s %v %s | %s\n", failure.Kind, failure.Span, failure.Message, failure.Hint)
		switch failure.Kind {
		case runtime.KindInput:
		case runtime.KindValue, runtime.KindLimit, runtime.KindTimeout, runtime.KindResource:
			allowed.check(t, text, failure.Source, failure.Span, failure.Message, failure.Hint)
		case runtime.KindCancelled:
			t.Error("nobody cancelled it")
		default: // the flow's own
			allowed.checkPlace(t, failure.Source, failure.Span)
		}
	}
	fmt.Fprintf(&b, "%d steps, %s, %v\n", outcome.Steps, asJSON(outcome.Result), r.shown)
	for _, name := range slices.Sorted(maps.Keys(outcome.Variables())) {
		fmt.Fprintf(&b, "%s = %s\n", name, asJSON(outcome.Variables()[name]))
	}
	return b.String(), true
}

// asJSON is a value as JSON, or its kind when it has none.
func asJSON(v any) string {
	text, err := value.JSON(v)
	if err != nil {
		return value.KindOf(v)
	}
	return text
}

// sameEffects is time and chance that are the same in every run.
type sameEffects struct {
	instantEffects
	random *rand.Rand
}

func newSameEffects() *sameEffects {
	return &sameEffects{random: rand.New(rand.NewPCG(1, 2))}
}

func (e *sameEffects) Random() uint64 { return e.random.Uint64() }

// Invoke fails instead of a component that waits for ever.
func (e *sameEffects) Invoke(ctx context.Context, call *runtime.Call, run func(context.Context) (any, error)) (any, error) {
	if call.Has("never") {
		return nil, &runtime.Failure{Message: "not in this test"}
	}
	return run(ctx)
}

// allowedMessages are the patterns of testdata/allowed_errors.txt.
type allowedMessages struct{ pattern *regexp.Regexp }

func allowedErrors(t testing.TB) allowedMessages {
	t.Helper()
	list, err := os.ReadFile("testdata/allowed_errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for line := range strings.Lines(string(list)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "// ") || line == "" {
			continue
		}
		if _, err := regexp.Compile(line); err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, line)
	}
	return allowedMessages{regexp.MustCompile(`(?s)^(.*: )?(` + strings.Join(patterns, "|") + `)$`)}
}

// leaked is wording of Go or of expr that no user may see.
var leaked = regexp.MustCompile(`interface \{|\[\]any|map\[string|\*value|value\.[A-Z]|reflect|runtime error|invalid operation|mismatched types|<nil>|%!|\bint64\b|float64|time\.[A-Z]|panic:|cannot be evaluated|cannot be compiled|cannot fetch|unknown builtin|goroutine|ǃ`)

// cited are the words of a source that a message may cite.
var cited = regexp.MustCompile(`[\pL\pN_$%!]{4,}|%!|ǃ`)

// check demands that a message stands inside of the source and says what may be
// said.
func (a allowedMessages) check(t *testing.T, text string, source *lang.Source, span lang.Span, message, hint string) {
	t.Helper()
	a.checkPlace(t, source, span)
	plain := message + " | " + hint
	for _, word := range cited.FindAllString(text, -1) {
		plain = strings.ReplaceAll(plain, word, "")
	}
	if found := leaked.FindString(plain); found != "" {
		t.Errorf("%q with the hint %q says %q", message, hint, found)
	}
	for _, line := range strings.Split(message, "\n") {
		if !a.pattern.MatchString(line) {
			t.Errorf("nothing allows the message %q", line)
		}
	}
}

func (a allowedMessages) checkPlace(t *testing.T, source *lang.Source, span lang.Span) {
	t.Helper()
	if source == nil || span.Start < 0 || span.Start > span.End || span.End > len(source.Text) {
		t.Errorf("%v is not inside of the source", span)
	}
}

// dictionary are the words that random sources are made of.
var dictionary = strings.Fields(`flow service voice "name" input order: map string int = == != < <= > >= { } ( ) [ ] , ; : . ?. ?? ? .. ... | || && !
	x xs m s n y again: f g if else switch case default while for in break continue function return goto stop failover catch failure global true false nil
	and or not matches contains startsWith endsWith let 0 1 2 -1 2.5 9223372036854775807 1e300 "a" 'b' "${x}" """ ${ } \n // /* */ # #index #acc .id
	show try value: returns: fail: kind: code: ids: wait: "1h" break: limit: timeout: description: crm.addNote html("<b>${x}</b>") secret("S") now() uuid() random()
	len( filter( map( all( any( sum( reduce( groupBy( sortBy( sort( keys( toPairs( fromJSON( toJSON( string( int( float( duration( date( split( join( replace(
	repeat( concat( flatten( uniq( first( last( take( trim( upper( indexOf( median( abs( round( type( get( ] ) + - * / % ** ^ & ¤ é 世`)

// addSources adds the sources that fuzzing starts from: the chunks of testdata, the
// examples, and random words, one statement or several.
func addSources(f *testing.F) {
	f.Helper()
	for _, pattern := range []string{"testdata/*/*.flow", "../lang/testdata/*.flow", "../examples/*.flow"} {
		files, err := filepath.Glob(pattern)
		if err != nil || files == nil {
			f.Fatalf("no files match %s: %v", pattern, err)
		}
		for _, file := range files {
			for _, chunk := range chunkedtest.Read(f, file) {
				f.Add(chunk.Source)
			}
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		words := []string{"x = 1; xs = [3, 1, 2]; m = {a: {b: 1}}; s = \"aé\"\ny ="}
		for range 1 + random.IntN(12) {
			words = append(words, dictionary[random.IntN(len(dictionary))])
		}
		f.Add(strings.ReplaceAll(strings.Join(words, " "), `\n`, "\n"))
	}
}
