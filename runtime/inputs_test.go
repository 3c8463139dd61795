package runtime_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"flowrun/runtime"
)

const inputFlow = `flow < timezone: "Europe/Kyiv" >
input name: string
input count: int = 2
input price: number = count * 1.5
input open: bool = true
input tags: list = []
input order: map = {}
input due: time = nil ?? now()
input wait: duration = duration("1h")
input other
return { name: name, count: count, price: price, open: open, tags: tags, order: order, due: due, wait: wait, other: other }
`

func TestInputsAreCheckedAllAtOnceBeforeTheFirstStatement(t *testing.T) {
	r := &recorder{}
	program := compile(t, newEngine(t, r), "show < value: 1 >\n"+strings.TrimPrefix(inputFlow, "flow < timezone: \"Europe/Kyiv\" >\n"))
	_, err := program.Run(t.Context(), runtime.Inputs{"count": "three", "tags": 5, "nmae": "Ann", "order": func() {}})
	failed := failure(t, err)
	if failed.Kind != runtime.KindInput {
		t.Errorf("kind is %q", failed.Kind)
	}
	var problems *runtime.InputError
	if !errors.As(err, &problems) {
		t.Fatalf("got %v, want an *InputError", err)
	}
	want := []string{
		`input "name" is missing, want a string`,
		`input "count" is the string "three", want an int`,
		`input "tags" is the int 5, want a list`,
		`input "order" cannot be used: a function is not a value of the language`,
		`input "other" is missing, want any value`,
		`unknown input "nmae", did you mean "name"?`,
	}
	if !reflect.DeepEqual(problems.Problems, want) {
		t.Errorf("got %q, want %q", problems.Problems, want)
	}
	if r.shown != nil {
		t.Errorf("statements ran: %v", r.shown)
	}
}

func TestDefaultsFillInputsAndMayUseEarlierOnes(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), inputFlow)
	outcome, err := program.Run(t.Context(), runtime.Inputs{"name": "Ann", "count": 4.0, "other": nil},
		runtime.WithEffects(&instantEffects{}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"name": "Ann", "count": 4, "price": 6.0, "open": true, "tags": []any{}, "order": map[string]any{},
		"due": (&instantEffects{}).Now().In(program.Location()), "wait": time.Hour, "other": nil,
	}
	if !reflect.DeepEqual(outcome.Result, want) {
		t.Errorf("got %v, want %v", outcome.Result, want)
	}
}

func TestADefaultThatDoesNotFitIsAnInputError(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "input a\ninput b: int = a.b\ninput c: int = a.c\nshow < value: b >")
	_, err := program.Run(t.Context(), runtime.Inputs{"a": map[string]any{"b": "x", "c": 1}})
	if failed := failure(t, err); failed.Kind != runtime.KindInput || failed.Message != `the default of input "b" is the string "x", want an int` {
		t.Errorf("got %s: %s", failed.Kind, failed.Message)
	}
}

func TestInputsOfACommandLineAreReadByType(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), inputFlow)
	kyiv := program.Location()
	for _, test := range []struct {
		name, text string
		want       any
	}{
		{"name", "5", "5"},
		{"count", "7", 7},
		{"count", "7.0", 7},
		{"price", "7", 7},
		{"price", "7.5", 7.5},
		{"open", "false", false},
		{"tags", `["a", 1, 2.0]`, []any{"a", 1, 2.0}},
		{"order", `{"id": 12345678901234567}`, map[string]any{"id": 12345678901234567}},
		{"due", "2026-11-23T09:00:00Z", time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)},
		{"due", "2026-11-23", time.Date(2026, 11, 23, 0, 0, 0, 0, kyiv)},
		{"due", "2026-11-23 09:30", time.Date(2026, 11, 23, 9, 30, 0, 0, kyiv)},
		{"due", "2026-11-23 09:30:15", time.Date(2026, 11, 23, 9, 30, 15, 0, kyiv)},
		{"wait", "1d2h30m", 26*time.Hour + 30*time.Minute},
		{"other", `{"a": null}`, map[string]any{"a": nil}},
		{"other", "just text", "just text"},
	} {
		got, err := program.ParseInput(test.name, test.text)
		if err != nil {
			t.Errorf("%s=%s: %v", test.name, test.text, err)
			continue
		}
		if at, ok := got.(time.Time); ok && at.Equal(test.want.(time.Time)) {
			continue
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s=%s: got %#v, want %#v", test.name, test.text, got, test.want)
		}
	}
}

func TestWrongTextOfAnInputNamesWhatIsWanted(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), inputFlow)
	for _, test := range []struct{ name, text, want string }{
		{"count", "x", `input "count" is "x", want a whole number of at most 64 bits`},
		{"count", "1.5", `input "count" is "1.5", want a whole number of at most 64 bits`},
		{"price", "inf", `input "price" is "inf", want a number`},
		{"open", "yes", `input "open" is "yes", want true or false`},
		{"tags", `{}`, `input "tags" is "{}", want a list as JSON`},
		{"order", `[]`, `input "order" is "[]", want a map as JSON`},
		{"due", "tomorrow", `input "due" is "tomorrow", want a time like "2026-11-23T09:00:00Z", "2026-11-23" or "2026-11-23 09:00"`},
		{"wait", "5", `input "wait" is "5", want a duration like "1h30m"`},
		{"nmae", "Ann", `unknown input "nmae", did you mean "name"?`},
	} {
		if _, err := program.ParseInput(test.name, test.text); err == nil || err.Error() != test.want {
			t.Errorf("%s=%s: got %v, want %s", test.name, test.text, err, test.want)
		}
	}
}

func TestInputsFromJSONReadTimesAndDurationsByType(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), inputFlow)
	inputs, err := program.DecodeInputs([]byte(`{"name": "Ann", "due": "2026-11-23T09:00:00Z", "wait": "5m", "count": 3, "other": 1.5}`))
	if err != nil {
		t.Fatal(err)
	}
	want := runtime.Inputs{
		"name": "Ann", "due": time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), "wait": 5 * time.Minute, "count": 3, "other": 1.5,
	}
	if !reflect.DeepEqual(inputs, want) {
		t.Errorf("got %v, want %v", inputs, want)
	}
	if _, err := program.DecodeInputs([]byte(`{"due": "soon", "wait": "long"}`)); err == nil || len(strings.Split(err.Error(), "\n")) != 2 {
		t.Errorf("got %v, want both problems", err)
	}
	for _, document := range []string{`[]`, `{`, `{} {}`} {
		if _, err := program.DecodeInputs([]byte(document)); err == nil {
			t.Errorf("%s is taken for inputs", document)
		}
	}
}

func TestGoValuesEnterAsValuesOfTheFlow(t *testing.T) {
	type money uint8
	program := compile(t, newEngine(t, &recorder{}), "input a\nreturn [a.list[0], a.cents + 1, a.nested.k[1]]")
	outcome, err := program.Run(t.Context(), runtime.Inputs{"a": map[string]any{
		"list": []string{"x"}, "cents": money(7), "nested": map[string][]int{"k": {1, 2}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []any{"x", 8, 2}; !reflect.DeepEqual(outcome.Result, want) {
		t.Errorf("got %#v, want %#v", outcome.Result, want)
	}
}
