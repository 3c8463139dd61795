package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"flowrun/runtime"
)

// hurried are flows in which the steps of several statements may be counted in one
// go, each with something that keeps some of them from it.
var hurried = []struct{ name, source string }{
	{"assignments", "a = 1\nb = 2\na = b + 1\nb = a * b\na = a - b\nb = a % 7\nreturn [a, b]"},
	{"a loop over a range", "t = 0\nabove = 0\nfor i in 1..40 {\n t = (t + i) % 17\n if t > 8 { above = above + 1 }\n}\nreturn [t, above]"},
	{"a loop of assignments alone", "a = 0\nb = 1.5\nfor i in 1..40 {\n a = a + i\n b = b * 1.01\n}\nreturn [a, b]"},
	{"a while", "i = 0\nj = 100\nwhile i < 40 and j > 0 {\n i = i + 1\n j = j - i % 3\n}\nreturn [i, j]"},
	{"a while with a long condition and another kind of value on the way", "i = 0\nj = 1\nwhile i < 30 and (j != 5 or i + j + i + j > 3) {\n i = i + 1\n if i % 7 == 3 { j = \"text\" } else { j = i }\n if i % 5 == 0 { i = i + 1 }\n}\nreturn [i, j]"},
	{"more than are counted together", "a = 0\nfor i in 1..3 {\n" + repeated("a = a + i\n", 150) + "}\nreturn a"},
	{"expressions that count steps", "a = 1\nb = 2\nfor i in 1..20 {\n a = (a + b + i + a + b + i + 1) % 1000\n b = a + 1\n if a + b + a + b + a + b > 100 { b = 0 } else if a + a + a + a + a > 50 { a = 1 }\n}\nreturn [a, b]"},
	{"truths", "on = true\nn = 0\nfor i in 1..20 {\n on = not on\n n = on ? n + i : -n\n on = on or n > 5 and not (n == i)\n}\nreturn [on, n]"},
	{"another kind of value on the way", "a = 1\nb = 2\nfor i in 1..12 {\n a = a + 1\n b = a % 4 == 0 ? \"text\" : i\n c = b\n a = a + 2\n b = i\n}\nreturn [a, b, c]"},
	{"a sum that is too large", "a = 9223372036854775800\nb = 0\nfor i in 1..12 {\n b = b + 1\n a = a + 1\n b = b + 1\n}"},
	{"an error that is passed over", "flow \"f\" < onError: \"continue\" >\na = 1\nb = 0\nfor i in 1..12 {\n b = b + 1\n a = 10 % (i % 3)\n b = b + a\n if a / 0 > i { b = 0 }\n b = b + 1\n}\nreturn b"},
	{"a variable without a value", "b = 0\nif b > 0 { a = 1 }\nb = 1\nb = 2\nb = a + 1\nb = 3"},
	{"the variable of the loop", "b = 0\nfor i in 1..12 {\n i = i + 1\n b = b + i\n i = i * 2\n b = b + i\n}\nreturn b"},
	{"break and continue", "b = 0\nfor i in 1..30 {\n b = b + 1\n if b % 3 == 0 { continue }\n b = b + 1\n if b > 20 { break }\n b = b + 2\n}\nreturn b"},
	{"jumps", "b = 0\nagain:\nb = b + 1\nb = b + 1\nif b < 20 {\n b = b + 3\n goto again\n}\nb = b + 1\nreturn b"},
	{"ifs in ifs", "a = 0\nb = 0\nfor i in 1..30 {\n a = (a * 7 + i) % 11\n if a > 5 {\n  b = b + 1\n  if a > 8 { b = b + 2 } else { if b > 9 { b = 0 } }\n  a = a + 1\n } else { if a == 3 { } else { b = b - 1 } }\n b = b + 1\n}\nreturn [a, b]"},
	{"no number in an if of an if", "a = 0\nb = 0\nc = 0\nfor i in 1..20 {\n b = i % 4 == 0 ? \"text\" : i\n if i % 2 == 0 {\n  a = a + 1\n  if i % 3 == 0 {\n   c = b\n   a = a + 1\n  }\n  a = a + 2\n }\n a = a + 3\n if c == i { a = 0 }\n a = a + 4\n}\nreturn [a, b, c]"},
	{"a mistake in an if of an if", "flow \"f\" < onError: \"continue\" >\na = 1\nfor i in 1..9 {\n if i > 3 {\n  if i > 5 { a = a % (i - 7) } else { a = a + 1 }\n  a = a + 1\n }\n a = a + 1\n}\nreturn a"},
	{"texts", "a = \"\"\nb = 0\nfor i in 1..20 {\n if i % 3 == 0 { a = \"fizz\" } else { a = \"\" }\n b = b + i\n c = \"some longer text to measure\"\n if b > 50 {\n  d = \"other\"\n  b = 0\n }\n}\nreturn [a, b, c]"},
	{"ifs deeper than any that are run together", "a = 0\nb = 0\nfor i in 1..40 {\n if i > 1 { if i > 2 { if i > 3 { if i > 4 { if i % 2 == 0 { a = a + 1 } else { b = b + 1 } }\n a = a + 1 } } }\n b = b + 1\n}\nreturn [a, b]"},
	{"ifs between others", "a = 0\nfor i in 1..9 {\n a = a + 1\n if a % 2 == 0 { a = a + 1 }\n l = [a]\n if a % 3 == 0 { a = a + l[0] } else { a = a - 1 }\n a = a + 1\n b = \"${a}\"\n if a > 3 { a = a - 2 }\n}\nreturn a"},
	{"a function", "function f < n > {\n a = n + 1\n b = a * 2\n if b > 8 { b = b - 1 }\n return b\n}\nt = 0\nfor i in 1..8 {\n x = f < n: i >\n t = t + x\n t = t + 1\n}\nreturn t"},
}

func repeated(text string, times int) string {
	all := ""
	for range times {
		all += text
	}
	return all
}

// oneByOne has the run count each statement by itself, since it is told of each.
type oneByOne struct{}

func (oneByOne) StatementStarted(ctx context.Context, _ *runtime.Statement) context.Context {
	return ctx
}

func (oneByOne) StatementEnded(context.Context, *runtime.Statement, runtime.StatementEnd, *runtime.Error) {
}

func TestStepsCountedInOneGoAreThoseCountedOneByOneAtEveryLimit(t *testing.T) {
	for _, flow := range hurried {
		for limit := 1; ; limit++ {
			limits := runtime.Limits{Steps: limit}
			got, err := ended(compile(t, newLimited(t, &recorder{}, limits), flow.source), t.Context())
			want, _ := ended(compile(t, newLimited(t, &recorder{}, limits, runtime.OnVM()), flow.source), t.Context(), runtime.WithStatementObserver(oneByOne{}))
			if got != want {
				t.Fatalf("%s, at most %d steps: in one go %s\none by one %s", flow.name, limit, got, want)
			}
			if !errors.Is(err, &runtime.Error{Kind: runtime.KindResource}) {
				break
			}
		}
	}
}

// ended tells all of how a run ended.
func ended(program *runtime.Program, ctx context.Context, options ...runtime.RunOption) (string, error) {
	outcome, err := program.Run(ctx, nil, options...)
	place := ""
	var failed *runtime.Error
	if errors.As(err, &failed) {
		place = fmt.Sprint(failed.Kind, failed.Range(), failed.Hint)
	}
	return fmt.Sprint(err, place, outcome.Steps, outcome.Result, outcome.Variables(), outcome.Failures), err
}

func TestStepsCountedInOneGoLeaveLimitsOfValuesAlone(t *testing.T) {
	for _, flow := range hurried {
		for _, limits := range []runtime.Limits{{Value: 15}, {Variables: 16}, {Variables: 40}, {Variables: 100}} {
			got, _ := ended(compile(t, newLimited(t, &recorder{}, limits), flow.source), t.Context())
			want, _ := ended(compile(t, newLimited(t, &recorder{}, limits, runtime.OnVM()), flow.source), t.Context(), runtime.WithStatementObserver(oneByOne{}))
			if got != want {
				t.Errorf("%s, %+v: in one go %s\none by one %s", flow.name, limits, got, want)
			}
		}
	}
}

// cancelsLater is a context that ends when its channel is closed.
type cancelsLater struct {
	context.Context
	ended chan struct{}
}

func (c cancelsLater) Done() <-chan struct{} { return c.ended }

func (c cancelsLater) Err() error {
	select {
	case <-c.ended:
		return context.Canceled
	default:
		return nil
	}
}

// TestCancellingEndsStepsCountedInOneGoWhereItEndsThoseCountedOneByOne cancels from a
// component, after which the run goes on until it looks again.
func TestCancellingEndsStepsCountedInOneGoWhereItEndsThoseCountedOneByOne(t *testing.T) {
	for before := range 40 {
		source := "a = 0\n" + repeated("a = a + 1\n", before) + "cancel < >\na = 2\na = 3\nfor i in 1..1_000_000 {\n a = a + i\n a = a % 1000\n if a > 500 { a = a - 1 }\n}"
		run := func(options []runtime.Option, observed ...runtime.RunOption) string {
			ctx := cancelsLater{Context: t.Context(), ended: make(chan struct{})}
			type none struct{}
			canceller := runtime.NewComponent("cancel", func(context.Context, *runtime.Call, *none) (any, error) {
				close(ctx.ended)
				return nil, nil
			})
			options = append(options, runtime.WithComponents(canceller))
			got, err := ended(compile(t, newEngine(t, &recorder{}, options...), source), ctx, observed...)
			var failed *runtime.Error
			if !errors.As(err, &failed) || failed.Kind != runtime.KindCancelled {
				t.Fatalf("%d assignments before: %v", before, err)
			}
			return got
		}
		got, want := run(nil), run([]runtime.Option{runtime.OnVM()}, runtime.WithStatementObserver(oneByOne{}))
		if got != want {
			t.Errorf("%d assignments before: in one go %s\none by one %s", before, got, want)
		}
	}
}

// still has neither time nor chance.
type still struct{ runtime.Direct }

func (still) Now() time.Time { return time.Unix(0, 0) }
func (still) Random() uint64 { return 1 }

func TestARunSuspendedAmongStepsCountedInOneGoGoesOnAsOneCountedOneByOne(t *testing.T) {
	type none struct{}
	ask := runtime.NewComponent("ask", func(context.Context, *runtime.Call, *none) (any, error) {
		return nil, runtime.Suspend("asks")
	})
	for before := range 6 {
		source := "a = 1\nb = 2\nfor i in 1..10 {\n" + repeated("a = a + b\n", before) + "if i % 2 == 0 {\n b = b + 1\n ask < >\n b = b + 2\n a = a % 100\n}\n b = b + a\n a = a + 1\n}\nreturn [a, b]"
		run := func(options []runtime.Option, observed ...runtime.RunOption) (told []string) {
			program := compile(t, newEngine(t, &recorder{}, append(options, runtime.WithComponents(ask))...), source)
			observed = append(observed, runtime.WithEffects(still{}))
			outcome, err := program.Run(t.Context(), nil, observed...)
			for err == nil && outcome.Snapshot != nil {
				snapshot, problem := json.Marshal(outcome.Snapshot)
				if problem != nil {
					t.Fatal(problem)
				}
				told = append(told, fmt.Sprint(outcome.Steps, string(snapshot)))
				outcome, err = program.Resume(t.Context(), outcome.Snapshot, runtime.Reply{}, observed...)
			}
			return append(told, fmt.Sprint(err, outcome.Steps, outcome.Result))
		}
		got, want := run(nil), run([]runtime.Option{runtime.OnVM()}, runtime.WithStatementObserver(oneByOne{}))
		if len(got) != 6 || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%d assignments before: in one go %q\none by one %q", before, got, want)
		}
	}
}

// TestAContextThatEndsWithinALoopEndsIt has loops that nothing else ends before they have
// taken their steps: no call in them sees that the context has ended.
func TestAContextThatEndsWithinALoopEndsIt(t *testing.T) {
	for _, loop := range []string{
		"for i in 1..1_000_000_000 { }",
		"for i in 1..1_000_000_000 { a = (a + i) % 7 }",
		"for i in 1..1_000_000_000 {\n a = (a + i) % 1000\n if a > 500 { a = 1 } else { b = \"text\" }\n}",
		"for i in 1..1_000_000_000 {\n a = i\n l = [a]\n}",
		"for i in 1..1_000_000 { for j in 1..1000 { a = j } }",
		"for i in 1..1_000_000_000 {\n" + repeated("if a > 0 { a = a + 1 } else { a = a - 1 }\n", 500) + "}",
		"while true { }",
		"while a >= 0 { a = (a + 1) % 7 }",
		"again:\na = (a + 1) % 7\ngoto again",
	} {
		engine := newLimited(t, &recorder{}, runtime.Limits{Steps: 100_000_000})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		if _, err := compile(t, engine, "a = 0\n"+loop).Run(ctx, nil); !errors.Is(err, &runtime.Error{Kind: runtime.KindCancelled}) {
			t.Errorf("%s: %v", loop, err)
		}
		cancel()
		function := "function spin < > {\na = 0\n" + loop + "\n}\nspin < timeout: \"5ms\" > catch problem { return problem.kind }"
		if outcome, err := compile(t, engine, function).Run(t.Context(), nil); err != nil || outcome.Result != "timeout" {
			t.Errorf("%s in a function with a timeout: %v, %v", loop, outcome.Result, err)
		}
	}
}
