package expression_test

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// environment is the scope, the frame and the host of the tests.
type environment struct {
	names  []string
	values map[string]any // a name without a value here is unset
	steps  int
	limit  int // 0: none
	random uint64
	// addresses has variables with texts hold their addresses, as those of FuncOf do.
	addresses bool
}

func newEnvironment(values map[string]any, unset ...string) *environment {
	e := &environment{values: map[string]any{}}
	for name, v := range values {
		converted, err := value.From(v)
		if err != nil {
			panic(err)
		}
		e.values[name] = converted
		e.names = append(e.names, name)
	}
	e.names = append(e.names, unset...)
	sort.Strings(e.names)
	return e
}

func (e *environment) Lookup(name string) (expression.Slot, bool) {
	at := sort.SearchStrings(e.names, name)
	return expression.Slot(at), at < len(e.names) && e.names[at] == name
}

func (e *environment) Names() []string { return e.names }

func (e *environment) Undeclared(name string) string {
	if name == "gone" {
		return `the loop variable "gone" ended with its loop`
	}
	return ""
}

// frame is what an expression reads.
func (e *environment) frame() *expression.Frame {
	f := &expression.Frame{Own: make([]expression.Variable, len(e.names)), Explain: e}
	for slot, name := range e.names {
		v, set := e.values[name]
		if text, ok := v.(string); ok && e.addresses {
			f.Own[slot].Put(expression.TextAt(&text), 0)
		} else if set {
			f.Own[slot].Put(expression.CellOf(v), 0)
		}
	}
	return f
}

func (e *environment) Unset(_ expression.Slot, name string) (message, hint string) {
	return name + " has no value yet", ""
}

func (e *environment) Now() time.Time {
	return time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC)
}

func (e *environment) Random() uint64 {
	e.random += 0x9e3779b97f4a7c15
	return e.random
}

func (e *environment) Location() *time.Location { return kyiv }

func (e *environment) Held() int { return 0 }

var errSteps = errors.New("the run has taken more steps than it may")

func (e *environment) Counter() *expression.Counter { return nil }

func (e *environment) Steps(n int) error {
	e.steps += n
	if e.limit > 0 && e.steps > e.limit {
		return errSteps
	}
	return nil
}

var kyiv = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		panic(err)
	}
	return zone
}()

// compile compiles the text of one expression.
func compile(t testing.TB, text string, e *environment, mode expression.Mode) (*lang.Source, *expression.Compiled, lang.Diagnostics) {
	t.Helper()
	source := lang.NewSource("test.flow", text)
	parsed, diagnostics := lang.ParseExpression(source, lang.Span{End: len(source.Text)})
	if diagnostics.HasErrors() {
		t.Fatalf("%s: lang: %v", text, diagnostics)
	}
	compiled, problems := expression.NewCompiler(expression.Limits{}).Compile(source, parsed, e, mode)
	return source, compiled, problems
}

// evaluate gives the value of an expression, or its error as
// `message | marked text | hint`.
func evaluate(t testing.TB, text string, e *environment, mode expression.Mode) (any, string) {
	t.Helper()
	source, compiled, problems := compile(t, text, e, mode)
	if len(problems) > 0 {
		return nil, "check: " + described(source, problems[0].Summary, problems[0].Span, problems[0].Hint)
	}
	v, err := expression.NewMachine(e, expression.Limits{}).Eval(compiled, e.frame())
	if err == nil {
		return v, ""
	}
	var problem *expression.Error
	if !errors.As(err, &problem) {
		t.Fatalf("%s: the error is a %T", text, err)
	}
	return nil, described(source, problem.Message, problem.Span, problem.Hint)
}

func described(source *lang.Source, message string, span lang.Span, hint string) string {
	text := fmt.Sprintf("%s | %s", message, source.Slice(span))
	if hint != "" {
		text += " | " + hint
	}
	return text
}

// shown writes a value with its kind where JSON does not tell it.
func shown(t testing.TB, v any) string {
	switch v := v.(type) {
	case value.HTML:
		return "html " + v.Markup()
	case *value.Secret:
		return "secret " + v.Name
	case float64:
		text, _ := value.Text(v)
		return "float " + text
	case time.Time, time.Duration:
		text, _ := value.Text(v)
		return value.KindOf(v) + " " + text
	case value.Range:
		return fmt.Sprintf("range %d..%d", v.From, v.To)
	}
	text, err := value.JSON(v)
	if err == nil {
		return text
	}
	list, ok := v.([]any)
	if !ok {
		t.Fatalf("%v: %v", v, err)
	}
	items := make([]string, len(list))
	for i, item := range list {
		items[i] = shown(t, item)
	}
	return "[" + strings.Join(items, ", ") + "]"
}
