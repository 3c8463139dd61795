package runtime_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"flowrun/runtime"
)

// refusal gives what FuncOf says about a flow.
func refusal[In, Out any](t *testing.T, source string) string {
	t.Helper()
	_, err := runtime.FuncOf[In, Out](compile(t, newEngine(t, &recorder{}), source))
	if err == nil {
		t.Errorf("FuncOf took\n%s", source)
		return ""
	}
	return err.Error()
}

func TestFuncOfReportsEveryFieldThatCannotBeAnInput(t *testing.T) {
	type wrong struct {
		Nmae   string `flow:"nmae"`
		Age    string `flow:"age"`
		hidden bool   `flow:"flag"`
		Again  int    `flow:"count"`
		Other  int    `flow:"count"`
		None   int    `flow:""`
		Len    int    `flow:"len,required"`
		Size   string `flow:"size,"`
	}
	_ = wrong{}.hidden
	program := compile(t, newEngine(t, &recorder{}), "flow \"greet\"\ninput name: string\ninput age: int\ninput flag: bool\ninput count = 1\ninput len: int\ninput wait: duration\nreturn name")
	_, err := runtime.FuncOf[wrong, string](program)
	want := []string{
		`field Nmae: unknown input "nmae", did you mean "name"?`,
		`field Age: it is a string, and input "age" wants an int`,
		`field hidden: it is not exported: give it a name that begins with a capital`,
		`field Other: input "count" has another field already: take one of the two tags away`,
		`field None: the tag flow:"" names no input: write the name of one, or leave the tag out`,
		`field Len: the tag flow:"len,required" has "required" behind the name of an input: write flow:"len"; the flow says which inputs are required`,
		`field Size: the tag flow:"size," has "" behind the name of an input: write flow:"size"; the flow says which inputs are required`,
		`input "name" has no field: give one that holds a string the tag flow:"name"`,
		`input "wait" has no field: give one that holds a duration like "1h30m" the tag flow:"wait"`,
	}
	var problems *runtime.InputError
	if !errors.As(err, &problems) || strings.Join(problems.Problems, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%v\nwant\n%s", err, strings.Join(want, "\n"))
	}
	if heading, _, _ := strings.Cut(err.Error(), "\n"); heading != `runtime: FuncOf cannot read the inputs of the flow "greet" from runtime_test.wrong:` {
		t.Errorf("got %q", heading)
	}
}

func TestFuncOfSaysWhatItCannotServe(t *testing.T) {
	type small struct {
		N bool `flow:"n"`
	}
	const outs = ", only as string, bool, int, float64, time.Time, time.Duration, []any, map[string]any and any"
	for _, c := range []struct{ got, want string }{
		{refusal[small, int](t, "input n: int\nreturn n"),
			`runtime: FuncOf cannot read the inputs of the flow "test.flow" from runtime_test.small: field N: it is a bool, and input "n" wants an int`},
		{refusal[int, int](t, "return 1"),
			`runtime: FuncOf takes the inputs of the flow "test.flow" from a struct with a field for each, and int is no struct; struct{} is for none`},
		{refusal[*small, int](t, "return 1"),
			`runtime: FuncOf for the flow "test.flow": name the struct runtime_test.small itself, without the *; the function takes a pointer to it`},
		{refusal[struct{}, []string](t, "return 1"), `runtime: FuncOf cannot give what the flow "test.flow" returns as a value of type []string` + outs},
		{refusal[struct{}, int64](t, "return 1"), `runtime: FuncOf cannot give what the flow "test.flow" returns as a value of type int64` + outs},
		{refusal[struct{}, int](t, "function f < > { return 1 }\nx = f < >"),
			`runtime: FuncOf is to give an int, and the flow "test.flow" returns nothing: write a return in it, outside of its functions, or have FuncOf give any, which is nil then`},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
	if _, err := runtime.FuncOf[struct{}, int](nil); err == nil || !strings.Contains(err.Error(), "FuncOf was given no program") {
		t.Errorf("for a nil program: got %v", err)
	}
}

func TestFuncOfFindsTheReturnInsideOfOtherStatements(t *testing.T) {
	call := funcOf[struct{}, int](t, "for i in 1..3 {\n  if i == 2 { return i }\n}")
	if got, err := call(t.Context(), &struct{}{}); got != 2 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
}

func TestAnErrorAboutAResultNamesTheReturnThatGaveIt(t *testing.T) {
	type which struct {
		N int `flow:"n"`
	}
	call := funcOf[which, int](t, `flow "pricing"
input n: int
function f < > { return "of the function" }
if n == 1 { return 2.5 }
if n == 2 {
  return
}
x = f < >
if n == 4 { return x }
`)
	const orAny = "return an int here, or have FuncOf give any, which takes everything"
	for n, want := range map[int]struct {
		line, column  int
		message, hint string
	}{
		1: {4, 20, `the flow "pricing" returned a float, want an int`, "return an int here, or have FuncOf give float64, which takes every number"},
		2: {6, 3, `the flow "pricing" returned nil, want an int`, orAny},
		4: {9, 20, `the flow "pricing" returned the string "of the function", want an int`, orAny},
		5: {0, 0, `the flow "pricing" ended without a return, want an int`, "write a return on every way to its end, or have FuncOf give any, which is nil then"},
	} {
		got, err := call(t.Context(), &which{n})
		var failure *runtime.Error
		if !errors.As(err, &failure) || got != 0 {
			t.Errorf("%d: got %d, %v", n, got, err)
			continue
		}
		at := failure.Range().Start
		if failure.Kind != runtime.KindValue || at.Line != want.line || at.Column != want.column || failure.Message != want.message || failure.Hint != want.hint {
			t.Errorf("%d: got %v of kind %s, %s", n, failure, failure.Kind, failure.Hint)
		}
	}
}

func TestAFunctionWithoutAStructSaysSo(t *testing.T) {
	call := funcOf[quick, int](t, "input s: string\ninput n: int\ninput b: bool\nreturn n")
	_, err := call(t.Context(), nil)
	var problems *runtime.InputError
	if !errors.As(err, &problems) || !errors.Is(err, &runtime.Error{Kind: runtime.KindInput}) ||
		err.Error() != `the inputs of the flow "test.flow" are missing: a nil *runtime_test.quick was given, want one with its fields set` {
		t.Errorf("got %v", err)
	}
}

func TestAFunctionRefusesToBeSuspended(t *testing.T) {
	for reason, want := range map[string]string{
		"for a word": "it suspends its run (for a word), which a function made by FuncOf cannot resume",
		"":           "it suspends its run, which a function made by FuncOf cannot resume",
	} {
		wait := runtime.NewComponentFunc("await", func(context.Context, struct{}) (int, error) { return 0, runtime.Suspend(reason) })
		call := funcOf[struct{}, int](t, "\nx = await < > catch { x = 1 }\nreturn 1", runtime.WithComponents(wait))
		for range 2 {
			got, err := call(t.Context(), &struct{}{})
			var failure *runtime.Error
			if !errors.As(err, &failure) || got != 0 {
				t.Fatalf("got %d, %v", got, err)
			}
			if failure.Kind != runtime.KindHost || failure.Range().Start.Line != 2 || failure.Component != "await" || failure.Message != want ||
				failure.Hint != "call the flow by Program.Run, which gives a Snapshot for Program.Resume" {
				t.Errorf("got %v of kind %s, %s", failure, failure.Kind, failure.Hint)
			}
			if _, suspended := runtime.Suspended(err); suspended {
				t.Error("the error would suspend a run whose component returns it")
			}
		}
	}
}
