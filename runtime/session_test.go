package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// told is everything that an entry tells: its diagnostics, failures and value, each
// on a line.
func told(t testing.TB, s *runtime.Session, text string, options ...runtime.RunOption) string {
	t.Helper()
	var lines []string
	evaluation, diagnostics, err := s.Eval(t.Context(), "entry", text, options...)
	for _, d := range diagnostics {
		line := fmt.Sprintf("%s %s %d: %s", d.Severity, d.Source.Name, d.Range().Start.Column, d.Summary)
		if d.Hint != "" {
			line += " | " + d.Hint
		}
		lines = append(lines, line)
	}
	if (evaluation == nil) != diagnostics.HasErrors() {
		t.Errorf("%s: evaluation %v with %v", text, evaluation, diagnostics)
	}
	if evaluation == nil {
		return strings.Join(lines, "\n")
	}
	if (err != nil) != (len(evaluation.Failures) > 0) {
		t.Errorf("%s: error %v with %d failures", text, err, len(evaluation.Failures))
	}
	for _, failure := range evaluation.Failures {
		lines = append(lines, fmt.Sprintf("%s: %s", failure.Kind, failure.Summary()))
	}
	if evaluation.Given {
		shown, err := value.JSON(evaluation.Value)
		if err != nil {
			shown = value.KindOf(evaluation.Value)
		}
		lines = append(lines, shown)
	}
	return strings.Join(lines, "\n")
}

// exchange is an entry with what it tells.
type exchange struct{ entry, told string }

func play(t *testing.T, s *runtime.Session, exchanges []exchange) {
	t.Helper()
	for _, e := range exchanges {
		if got := told(t, s, e.entry); got != e.told {
			t.Errorf("%s\ntells\n%s\nwant\n%s", e.entry, got, e.told)
		}
	}
}

func TestVariablesOfASessionLiveOnBetweenEntries(t *testing.T) {
	for name, exchanges := range map[string][]exchange{
		"values": {
			{"x = 2", ""}, {"x * 21", "42"}, {"x = x + 1; y = [x]", ""}, {"y[0] = y[0] * 2", ""}, {"y", "[6]"}, {"x", "3"}, {"nil", "null"},
		},
		"only what was assigned before an error": {
			{"a = 1; b = a / 0; c = 3", "value: division by zero"},
			{"a", "1"},
			{"b", "value: b has no value yet"},
			{"c ?? 5", "5"},
			{"c = 2; c", "2"},
			{"c = 3; c +* 2", "error entry 8: this is no statement | assign the value: result = …"},
			{"function f < > { return c }\nd = f < >\nd + 1 // why", "3"},
		},
		"unknown names": {
			{"order = 1", ""}, {"ordr", `error entry 1: ordr is not declared | did you mean "order"?`},
			{"sum = total + 1", `error entry 7: total is not declared`}, {"sum", "error entry 1: sum is not declared | sum is a function: write sum(…)"},
		},
		"loop variables end": {
			{"for i in 1..3 { last = i }", ""}, {"last", "3"}, {"i", `error entry 1: i is not declared`},
		},
		"comparisons of names": {{"a = 1; b = 2", ""}, {"a < b", "true"}, {"a<b and b < 3", "true"}, {"a <= b", "true"}},
		"maps":                 {{`{a: 1, "b": [2]}`, `{"a":1,"b":[2]}`}, {"{}", "{}"}},
		"nothing":              {{"", ""}, {"  // why\n", ""}, {"/* a */", ""}},
		"faults": {
			{"1 +* 2", "error entry 4: a value is missing between `+` and `*`"},
			{"x = ", "error entry 3: `x =` has no value | write the value on this line"},
			{`show value: 1`, "error entry 1: this is no statement | settings stand in < >: show < key: value >"},
			{"show", `error entry 1: show is a component and no value | to call it write show < >`},
			{"break", "error entry 1: `break` stands outside a loop | to end the flow write stop"},
		},
		"labels are those of one entry": {
			{"n = 0\nagain: n = n + 1\nif n < 3 { goto again }", ""}, {"n", "3"}, {"goto again", `error entry 6: there is no label "again" | write again: in front of the statement to go to`},
		},
		"secrets": {{`s = secret("A")`, ""}, {"s", "secret"}, {`"${s}"`, "value: ${s} is a secret, which cannot become part of a string"}},
	} {
		t.Run(name, func(t *testing.T) { play(t, newEngine(t, &recorder{}).NewSession(), exchanges) })
	}
}

func TestACallThatEndsAnEntryGivesItsResult(t *testing.T) {
	play(t, newEngine(t, &recorder{}).NewSession(), []exchange{
		{"show < value: 1 >", "1"},
		{"x = show < value: [2] >", "[2]"},
		{"x", "[2]"},
		{"show < value: 1 >; y = 1", ""},
		{"show < value: nil >", ""},
		{"if true { show < value: 1 > }", ""},
		{"return x", "[2]"},
		{"stop", ""},
		{`try < fail: "no", code: c >`, ""},
		{"c.message", `"no"`},
		{`show < value: 7, break: true >`, "7"},
		{`try < fail: "no" > catch failure { z = 1 }`, ""},
		{"z", "1"},
		{"function f < > { return 5 }", ""},
		{"f < >", "5"},
		{"panics < >", "failed: panics: the component broke down"},
		{"x", "[2]"},
	})
}

func TestFunctionsOfASessionLiveOn(t *testing.T) {
	for name, exchanges := range map[string][]exchange{
		"redefined": {
			{"function f < a: int, b = 2 > { return a + b }", ""},
			{"f < a: 1 >", "3"},
			{"f < >", `error entry 1: function f needs the setting "a"`},
			{"f < a: 1, c: 2 >", `error entry 11: unknown setting "c" of function f`},
			{"function f < > { return 9 }", ""},
			{"f < >", "9"},
		},
		"calls one that comes later": {
			{"function f < > {\n  x = g < >\n  return x\n}", `warning entry 7: unknown component "g"`},
			{"f < >", `value: f: it cannot run: unknown component "g" (entry:2:7)`},
			{"function g < > { return 4 }", ""},
			{"f < >", "4"},
			{"function g < a > { return 4 }", `warning entry 7: function g needs the setting "a"`},
			{"1 + 1", "2"},
			{"f < >", `value: f: it cannot run: function g needs the setting "a" (entry:2:7)`},
			{"function g < > { return 3 }; f < >", "3"},
		},
		"recursion":                {{"function f < n > {\n  if n == 0 { return 0 }\n  m = f < n: n - 1 >\n  return m + 1\n}", ""}, {"f < n: 20 >", "20"}},
		"reads and writes":         {{"x = 1", ""}, {"function f < > { global x = x + 1 }", ""}, {"f < >", ""}, {"f < >", ""}, {"x", "3"}},
		"declares by global":       {{"function f < > { global y = 1 }", ""}, {"y", "value: y has no value yet"}, {"f < >", ""}, {"y", "1"}},
		"not with an error":        {{"function f < > { return zz }", `error entry 25: zz is not declared`}, {"f < >", `error entry 1: unknown component "f"`}},
		"kept when its run fails":  {{"function f < > { return 1 }; x = 1 / 0", "value: division by zero"}, {"f < >", "1"}},
		"not named as a component": {{"function show < > { }", `error entry 10: "show" is a component already | give the function another name`}},
		"no value":                 {{"function f < > { }", ""}, {"f", "error entry 1: f is a function and no value | to call it write f < >"}},
	} {
		t.Run(name, func(t *testing.T) { play(t, newEngine(t, &recorder{}).NewSession(), exchanges) })
	}
}

func TestAnErrorInAFunctionShowsTheEntryThatDefinedIt(t *testing.T) {
	s := newEngine(t, &recorder{}).NewSession()
	for name, text := range map[string]string{"first": "\n\nfunction f < a > {\n  return 1 / a\n}"} {
		if _, diagnostics, err := s.Eval(t.Context(), name, text); err != nil || diagnostics != nil {
			t.Fatal(diagnostics, err)
		}
	}
	_, _, err := s.Eval(t.Context(), "second", "x = 1\ny = f < a: 0 >")
	var shown strings.Builder
	failed := failure(t, err)
	if problem := failed.Render(&shown, lang.RenderOptions{}); problem != nil {
		t.Fatal(problem)
	}
	want := `first:4:10: error: division by zero
    4 |   return 1 / a
      |          ^^^^^
  in f, called at second:2:5
`
	if shown.String() != want {
		t.Errorf("got\n%s\nwant\n%s", shown.String(), want)
	}
}

func TestLimitsCountPerEntry(t *testing.T) {
	engine := newEngine(t, &recorder{}, runtime.WithLimits(runtime.Limits{Steps: 2000, Variables: 1 << 16}))
	play(t, engine.NewSession(), []exchange{
		{"function f < > { show < value: 1, limit: 1 > }", ""},
		{"f < >", ""}, {"f < >", ""},
		{"f < >; f < >", "limit: show: passed its limit of 1"},
		{"i = 0; while true { i = i + 1 }", "resource: the run took more than 2000 steps"},
		{"i > 100", "true"},
		{`a = repeat("x", 40000)`, ""},
		{`b = repeat("x", 40000)`, "resource: the run would hold more than 64 KiB in its variables"},
		{"len(a)", "40000"},
		{"b", "value: b has no value yet"},
		{`a = ""; b = repeat("x", 40000)`, ""},
		{"len(b)", "40000"},
	})
}

func TestACancelledEntryKeepsWhatItAssigned(t *testing.T) {
	s := newEngine(t, &recorder{}).NewSession()
	ctx, cancel := context.WithCancel(t.Context())
	observe := runtime.WithObserver(func(e runtime.Event) {
		if e.Kind == runtime.CallStarted && e.Call.Component == "try" {
			cancel()
		}
	})
	_, _, err := s.Eval(ctx, "entry", "x = 1\ntry < never: true >\nx = 2", observe)
	if !errors.Is(err, &runtime.Error{Kind: runtime.KindCancelled}) {
		t.Errorf("got %v", err)
	}
	play(t, s, []exchange{{"x", "1"}})
}

func TestAHeaderHoldsForTheEntriesThatFollow(t *testing.T) {
	s := newEngine(t, &recorder{}).NewSession()
	play(t, s, []exchange{
		{`flow chat "Desk" < timezone: "Asia/Tokyo", onError: "continue" >`, ""},
		{"speak < >", `error entry 1: speak cannot stand in a chat flow, only in "voice"`},
		{"x = 1 / 0; y = 2", "value: division by zero"},
		{"y", "2"},
	})
	if got := told(t, s, "string(now())", runtime.WithEffects(&instantEffects{})); !strings.Contains(got, "18:00:00") {
		t.Errorf("the time in Tokyo is %s", got)
	}
	s.Reset()
	play(t, s, []exchange{{"speak < >", ""}, {"y", `error entry 1: y is not declared`}})
}

func TestInputsOfAnEntryBecomeVariables(t *testing.T) {
	s := newEngine(t, &recorder{}).NewSession()
	entry, diagnostics := s.Compile("entry", "input n: int\ninput m = n + 1")
	if entry == nil {
		t.Fatal(diagnostics)
	}
	if _, err := entry.Run(t.Context(), nil); !errors.Is(err, &runtime.Error{Kind: runtime.KindInput}) {
		t.Errorf("without inputs: %v", err)
	}
	play(t, s, []exchange{{"m", `error entry 1: m is not declared`}})
	if _, err := entry.Run(t.Context(), runtime.Inputs{"n": 4}); err != nil {
		t.Error(err)
	}
	play(t, s, []exchange{{"n + m", "9"}, {"input k = 3", ""}, {"k", "3"}})
}

func TestGlobalsAreThoseOfTheHostUntilAnEntryAssignsThem(t *testing.T) {
	engine := newEngine(t, &recorder{}, runtime.WithGlobals(map[string]any{"company": map[string]any{"name": "Acme"}}))
	s := engine.NewSession()
	play(t, s, []exchange{{"company.name", `"Acme"`}, {`company.name = "Other"`, ""}, {"company.name", `"Other"`}})
	play(t, engine.NewSession(), []exchange{{"company.name", `"Acme"`}})
	s.Reset()
	play(t, s, []exchange{{"company.name", `"Acme"`}})
}

func TestAnEntryCannotBeSuspended(t *testing.T) {
	wait := runtime.NewComponent("wait", func(context.Context, *runtime.Call, *struct{}) (any, error) {
		return nil, runtime.Suspend("later")
	})
	engine := newEngine(t, &recorder{}, runtime.WithComponents(wait))
	play(t, engine.NewSession(), []exchange{
		{"x = 1; wait < >", "failed: wait: it suspends its run, and an entry of a session cannot be resumed"},
		{"x", "1"},
	})
}

func TestASessionDescribesWhatItHas(t *testing.T) {
	s := newEngine(t, &recorder{}, runtime.WithGlobals(map[string]any{"company": "Acme"})).NewSession()
	play(t, s, []exchange{{"x = 1", ""}, {"y = 1 / 0", "value: division by zero"}, {`function f < a: int, b = "c" > { }`, ""}})
	if got := strings.Join(s.Names(), " "); got != "company x y" {
		t.Errorf("names are %s", got)
	}
	for name, want := range map[string]runtime.SessionVariable{
		"company": {Name: "company", Value: "Acme", HasValue: true, Global: true},
		"x":       {Name: "x", Value: 1, HasValue: true},
		"y":       {Name: "y"},
	} {
		if got, known := s.Variable(name); got != want || !known {
			t.Errorf("%s is %+v", name, got)
		}
	}
	if _, known := s.Variable("z"); known {
		t.Error("z is known")
	}
	got := fmt.Sprintf("%+v", s.Functions())
	for _, want := range []string{"Name:f", "Key:a ", "Type:int Required:true", "Key:b ", `Type:any Required:false Default:"c"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
}

func TestAWaitOfAnEntryIsThatOfItsEffects(t *testing.T) {
	effects := &instantEffects{}
	s := newEngine(t, &recorder{}).NewSession()
	told(t, s, `try < wait: "1h" >`, runtime.WithEffects(effects))
	if effects.slept != time.Hour {
		t.Errorf("slept %v", effects.slept)
	}
}
