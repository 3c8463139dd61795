package expression_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
)

// TestThePredicateBodyCountsSteps has the rounds of the predicates. What else an
// evaluation counts is for its work on the data.
func TestThePredicateBodyCountsSteps(t *testing.T) {
	for text, want := range map[string]int{
		`filter(1..100, # > 50)`:               100,
		`any(1..100, # == 10)`:                 10,
		`map(1..10, sum(1..10, #))`:            110,
		`sortBy(1..20, -#)`:                    20,
		`groupBy(1..20, # % 2)`:                20,
		`reduce(1..20, #acc + #, 0)`:           20,
		`xs | map(# * 2) | filter(# > 0)`:      6,
		`len(map(xs, "${map(xs, # + 1)}"))`:    12,
		`x + 1`:                                0,
		`len(uniq(map(1..5, [#])))`:            20,
		`findLast(1..10, # < 5)`:               7,
		`count([true, false]) + sum([1, 2.5])`: 0,
	} {
		e := everyday()
		if _, problem := evaluate(t, text, e, expression.Plain); problem != "" || e.steps < want || e.steps > 6*want {
			t.Errorf("%s: %d steps (%s), want %d, and no more than 6 times that", text, e.steps, problem, want)
		}
	}
}

func TestTheHostStopsAnExpressionInItsMiddle(t *testing.T) {
	for _, text := range []string{
		`map(1..1_000_000, # + 1)`,
		`map(1..1000, map(1..1000, #))`,
		`filter(1..1_000_000, true) ?? []`,
		`"${map(1..1_000_000, #)}"`,
		`sum(1..1_000_000, 1) > 0 or true`,
	} {
		e := everyday()
		e.limit = 1000
		_, compiled, _ := compile(t, text, e, expression.Plain)
		_, err := expression.NewMachine(e, expression.Limits{}).Eval(compiled, e.frame())
		var problem *expression.Error
		if !errors.As(err, &problem) || !errors.Is(err, errSteps) || problem.Err != errSteps {
			t.Errorf("%s: got %v", text, err)
		}
		// the range is built in one go, and counts 4 steps for each KiB
		if e.steps > 1_000+64_000 {
			t.Errorf("%s went on for %d steps", text, e.steps)
		}
	}
}

// TestNestedPredicatesFreeWhatTheyTake would take about a gigabyte if each inner
// list kept its place on expr's VM until the end.
func TestNestedPredicatesFreeWhatTheyTake(t *testing.T) {
	e := everyday()
	_, compiled, _ := compile(t, `sum(1..50_000, len(filter([1, 2], # > 1)))`, e, expression.Plain)
	m := expression.NewMachine(e, expression.Limits{})
	perRun := testing.AllocsPerRun(1, func() {
		if v, err := m.Eval(compiled, e.frame()); err != nil || v != 50_000 {
			t.Fatal(v, err)
		}
	})
	if perRun > 1_500_000 {
		t.Errorf("%v allocations", perRun)
	}
}

func TestAnExpressionSharesItsMachineWithOthers(t *testing.T) {
	e := everyday()
	m := expression.NewMachine(e, expression.Limits{})
	_, good, _ := compile(t, `map(xs, map(xs, # + x))`, e, expression.Plain)
	_, bad, _ := compile(t, `map(xs, map(xs, # / 0))`, e, expression.Plain)
	for range 3 {
		if _, err := m.Eval(bad, e.frame()); err == nil {
			t.Fatal("no error")
		}
		v, err := m.Eval(good, e.frame())
		if err != nil || fmt.Sprint(v) != "[[4 5 6] [4 5 6] [4 5 6]]" {
			t.Fatal(v, err)
		}
	}
}

func TestACompiledExpressionServesManyMachinesAtOnce(t *testing.T) {
	e := everyday()
	for _, text := range []string{
		`"${order.customer.name} ${map(xs, "${# + x}")}"`,
		`name matches pattern and x in 1..5`,
		`html("<p>${name}</p>") + evil`,
		`map(xs, reduce(xs, #acc + #, #))`,
	} {
		_, compiled, _ := compile(t, text, e, expression.Plain)
		want, problem := evaluate(t, text, everyday(), expression.Plain)
		if problem != "" {
			t.Fatal(problem)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				own := everyday()
				m := expression.NewMachine(own, expression.Limits{})
				for range 50 {
					if v, err := m.Eval(compiled, own.frame()); err != nil || fmt.Sprint(v) != fmt.Sprint(want) {
						t.Errorf("%s: %v, %v", text, v, err)
						return
					}
				}
			})
		}
		all.Wait()
	}
}

func TestErrorsPointAtTheExactCharacters(t *testing.T) {
	for _, text := range []string{
		"«zzz»",
		"1 + «zzz» * 2",
		"/* é */ «zzz»",
		"1 + // ü\n  «zzz»",
		`"日本" + «zzz»`,
		`"日本 ${«zzz»} ü"`,
		`"é ${"ü ${«zzz»}"}"`,
		"\"\"\"\n  é ${x}\n    ü ${«zzz»}\n  \"\"\"",
		`[1, {"é": «zzz»}]`,
		`map(xs, «zzz» + #)`,
		`xs | map("é ${«zzz»}")`,
		`order.«zzz»`,
		`order.customer?.name + order.«zzz»`,
		`"ü${order.«zzz»}"`,
		`«(x + 1) / (x - 3)»`,
		`x + («(x + 1) / (x - 3)»)`,
		`"é" + string(«xs[7]»)`,
		`upper( («x») )`,
		`upper(«x + 1»)`,
		`«x» and b`,
		`b and «(x)» or b`,
	} {
		before, rest, _ := strings.Cut(text, "«")
		marked, after, _ := strings.Cut(rest, "»")
		source, compiled, problems := compile(t, before+marked+after, everyday(), expression.Plain)
		var span lang.Span
		if len(problems) > 0 {
			span = problems[0].Span
		} else {
			e := everyday()
			_, err := expression.NewMachine(e, expression.Limits{}).Eval(compiled, e.frame())
			var problem *expression.Error
			if !errors.As(err, &problem) {
				t.Errorf("%s: no error", text)
				continue
			}
			span = problem.Span
		}
		if want := (lang.Span{Start: len(before), End: len(before) + len(marked)}); span != want {
			t.Errorf("%s: marks %q", text, source.Slice(span))
		}
	}
}

// customer is a struct of a host.
type customer struct {
	Name   string
	Tags   []string
	Age    uint8
	Since  time.Time
	Friend *customer
	Wait   time.Duration
	Prices map[string]float32
	hidden string
	Hidden string `expr:"-"`
	Mail   string `expr:"email"`
	Notify func()
}

func (c customer) Greeting() string { return "Dear " + c.Name }

func TestHostStructsAreReadInPlaceByFieldName(t *testing.T) {
	e := newEnvironment(map[string]any{
		"c": &customer{
			Name: "Ann", Tags: []string{"a", "b"}, Age: 42, Friend: &customer{Name: "Bo"}, hidden: "h",
			Hidden: "h", Mail: "ann@example.com", Wait: time.Minute, Prices: map[string]float32{"x": 1.5},
			Since: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC),
		},
		"byValue": customer{Name: "Cy"},
		"xs":      []customer{{Name: "Di"}, {Name: "Ed"}},
	})
	for _, c := range []struct{ text, want string }{
		{`c.Name`, `"Ann"`},
		{`c.Tags`, `["a","b"]`},
		{`c.Age + 1`, `43`},
		{`c.Friend.Name`, `"Bo"`},
		{`c.Friend.Friend`, `null`},
		{`c.Friend.Friend?.Name`, `null`},
		{`c.Friend.Friend.Name ?? "nobody"`, `"nobody"`},
		{`c.Since.Year()`, `2020`},
		{`c.Wait`, `duration 1m`},
		{`c.Prices.x`, `float 1.5`},
		{`c.email`, `"ann@example.com"`},
		{`c["Name"]`, `"Ann"`},
		{`c["Nope"]`, `null`},
		{`c?.Nope`, `null`},
		{`c.Nope ?? 1`, `1`},
		{`"Name" in c`, `true`},
		{`"hidden" in c`, `false`},
		{`byValue.Name`, `"Cy"`},
		{`map(xs, .Name)`, `["Di","Ed"]`},
		{`"${map(xs, .Name)}"`, `"[\"Di\",\"Ed\"]"`},
		{`type(c)`, `"struct"`},
		{`c == c`, `true`},
		{`c == byValue`, `false`},
		{`c.Nmae`, `the struct has no field "Nmae" | Nmae | did you mean "Name"?`},
		{`c.hidden`, `the struct has no field "hidden" | hidden | ?.hidden gives nil when it is missing`},
		{`c.Hidden`, `the struct has no field "Hidden" | Hidden | ?.Hidden gives nil when it is missing`},
		{`c.Notify`, `null`},
		{`c.Greeting()`, `check: there is no method "Greeting" | Greeting | only times and durations have methods, such as now().Year()`},
		{`c.Greeting`, `the struct has no field "Greeting" | Greeting | ?.Greeting gives nil when it is missing`},
	} {
		v, problem := evaluate(t, c.text, e, expression.Plain)
		if problem == "" {
			problem = shown(t, v)
		}
		if problem != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, problem, c.want)
		}
	}
}

func TestWhatAFieldCannotGiveIsAnError(t *testing.T) {
	e := newEnvironment(map[string]any{"c": &customer{Notify: func() {}}})
	_, problem := evaluate(t, `c.Notify`, e, expression.Plain)
	if want := "Notify: a function is not a value of the language | Notify"; problem != want {
		t.Errorf("got %q", problem)
	}
}
