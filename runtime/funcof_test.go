package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"flowrun/runtime"
)

// funcOf makes a function of a flow that must check.
func funcOf[In, Out any](t *testing.T, source string, options ...runtime.Option) func(context.Context, *In) (Out, error) {
	t.Helper()
	call, err := runtime.FuncOf[In, Out](compile(t, newEngine(t, &recorder{}, options...), source))
	if err != nil {
		t.Fatal(err)
	}
	return call
}

type shade string

type address struct{ City string }

type contact struct {
	Email string `flow:"email"`
}

// everyField has a field of each kind that may be an input.
type everyField struct {
	contact
	*address2
	Text    string         `flow:"text"`
	Named   shade          `flow:"named"`
	I8      int8           `flow:"i8"`
	I64     int64          `flow:"i64"`
	U8      uint8          `flow:"u8"`
	U64     uint64         `flow:"u64"`
	Bool    bool           `flow:"bool"`
	F32     float32        `flow:"f32"`
	Float   float64        `flow:"float"`
	Time    time.Time      `flow:"time"`
	Wait    time.Duration  `flow:"wait"`
	Map     map[string]int `flow:"map"`
	List    []string       `flow:"list"`
	Struct  address        `flow:"struct"`
	Pointer *string        `flow:"pointer"`
	Any     any            `flow:"any"`
	Not     string
	not     string
}

type address2 struct {
	Street string `flow:"street"`
}

const everyInput = `
input email: string
input street: string = "none"
input text: string
input named: string
input i8: int
input i64: int
input u8: int
input u64: number
input bool: bool
input f32: number
input float: number
input time: time
input wait: duration
input map: map
input list: list
input struct
input pointer: string = "default"
input any
input left: string = "left out"
return [email, street, text, named, i8, i64, u8, u64, bool, f32, float, time, wait, map, list, struct.City, pointer, any, left]
`

func TestFuncOfReadsEveryKindOfFieldAsRunReadsTheValue(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), everyInput)
	call, err := runtime.FuncOf[everyField, []any](program)
	if err != nil {
		t.Fatal(err)
	}
	given := "given"
	full := everyField{
		contact: contact{"a@example.com"}, address2: &address2{"High St"}, Text: "t", Named: "red", I8: -8, I64: math.MinInt64,
		U8: 255, U64: 7, Bool: true, F32: 0.5, Float: math.MaxFloat64, Time: time.Unix(1, 0).UTC(), Wait: time.Minute,
		Map: map[string]int{"a": 1}, List: []string{"x"}, Struct: address{"Kyiv"}, Pointer: &given, Any: []int{1},
		Not: "not", not: "not",
	}
	bare := full
	bare.address2, bare.Pointer, bare.Any, bare.Float = nil, nil, nil, -0.25
	for _, in := range []everyField{full, bare} {
		inputs := runtime.Inputs{
			"email": in.Email, "text": in.Text, "named": in.Named, "i8": in.I8, "i64": in.I64, "u8": in.U8, "u64": in.U64,
			"bool": in.Bool, "f32": in.F32, "float": in.Float, "time": in.Time, "wait": in.Wait, "map": in.Map, "list": in.List,
			"struct": in.Struct, "any": in.Any,
		}
		if in.Pointer != nil {
			inputs["pointer"], inputs["street"] = *in.Pointer, in.Street
		}
		want, err := program.Run(t.Context(), inputs)
		if err != nil {
			t.Fatal(err)
		}
		got, err := call(t.Context(), &in)
		if err != nil || !reflect.DeepEqual(got, want.Result) {
			t.Errorf("got %v, %v, want %v", got, err, want.Result)
		}
	}
}

// gives tells what a flow without inputs gives as an Out.
func gives[Out any](t *testing.T, source string) string {
	out, err := funcOf[struct{}, Out](t, source)(t.Context(), &struct{}{})
	if err != nil {
		var failure *runtime.Error
		if !errors.As(err, &failure) {
			t.Errorf("%s: %v is no *Error", source, err)
		}
		return fmt.Sprintf("%s: %v", failure.Kind, failure.Message)
	}
	return fmt.Sprintf("%T %v", out, out)
}

func TestFuncOfGivesWhatTheFlowReturns(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{gives[string](t, `return "a"`), "string a"},
		{gives[string](t, `return "${1}"`), "string 1"},
		{gives[bool](t, `return 1 < 2`), "bool true"},
		{gives[int](t, `return 1 + 1`), "int 2"},
		{gives[float64](t, `return 1`), "float64 1"},
		{gives[float64](t, `return 0.5`), "float64 0.5"},
		{gives[time.Duration](t, `return duration("5m")`), "time.Duration 5m0s"},
		{gives[time.Time](t, `return date("2026-01-02T03:04:05Z")`), "time.Time 2026-01-02 03:04:05 +0000 UTC"},
		{gives[[]any](t, `return 1..3`), "[]interface {} [1 2 3]"},
		{gives[map[string]any](t, `return {a: 1}`), "map[string]interface {} map[a:1]"},
		{gives[any](t, `return "a"`), "string a"},
		{gives[any](t, `return nil`), "<nil> <nil>"},
		{gives[any](t, `x = 1`), "<nil> <nil>"},
		{gives[any](t, `return`), "<nil> <nil>"},
		{gives[[]any](t, `return []`), "[]interface {} []"},
		{gives[int](t, "try < fail: \"no\" >\nreturn 1"), "failed: no"},
		{gives[int](t, "flow < onError: \"continue\" >\ntry < fail: \"no\" >\nreturn 1"), "failed: no"},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
}

func TestWhatAFunctionGivesIsACopy(t *testing.T) {
	call := funcOf[struct{}, map[string]any](t, `return shared`, runtime.WithGlobals(map[string]any{"shared": map[string]any{"a": []any{1}}}))
	for range 2 {
		out, err := call(t.Context(), &struct{}{})
		if err != nil || fmt.Sprint(out) != "map[a:[1]]" {
			t.Fatalf("got %v, %v", out, err)
		}
		out["a"].([]any)[0], out["b"] = "spoilt", "spoilt"
	}
}

func TestAFunctionFailsOfACancelledContext(t *testing.T) {
	call := funcOf[struct{}, int](t, `return 1`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := call(ctx, &struct{}{}); !errors.Is(err, &runtime.Error{Kind: runtime.KindCancelled}) {
		t.Errorf("got %v", err)
	}
}

type drawn struct {
	S string  `flow:"s"`
	N int     `flow:"n"`
	B bool    `flow:"b"`
	A uint64  `flow:"a"`
	F float64 `flow:"f"`
}

type quick struct {
	S string `flow:"s"`
	N int    `flow:"n"`
	B bool   `flow:"b"`
}

// TestAFunctionDoesWhatRunDoes draws inputs and limits, among them such that inputs
// do not fit, and the same limits for both.
func TestAFunctionDoesWhatRunDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 400 {
		in := drawn{
			S: strings.Repeat("é", random.IntN(40)*random.IntN(40)), N: random.IntN(20) - 5, B: random.IntN(2) == 0,
			A: []uint64{1, math.MaxInt64, math.MaxUint64}[random.IntN(3)], F: []float64{0.5, math.NaN(), math.Inf(-1)}[random.IntN(3)],
		}
		limits := runtime.Limits{Value: 1 + random.IntN(3000), Variables: 1 + random.IntN(4000), Steps: 1 + random.IntN(60)}
		engine := newEngine(t, &recorder{}, runtime.WithLimits(limits))
		rest := "t = s\nfor i in 1..5 { n = n + i }\nif b { t = t + t }\n"
		program := compile(t, engine, "input s: string\ninput n: int\ninput b: bool\n"+rest+`return "${t} ${n}"`)
		inputs := runtime.Inputs{"s": in.S, "n": in.N, "b": in.B}
		call, err := runtime.FuncOf[quick, any](program)
		if err != nil {
			t.Fatal(err)
		}
		got, failed := call(t.Context(), &quick{in.S, in.N, in.B})
		sameAsRun(t, round, program, inputs, got, failed)

		program = compile(t, engine, "input s: string\ninput n: int\ninput b: bool\ninput a\ninput f: number\n"+rest+`return "${t} ${n} ${a} ${f}"`)
		inputs["a"], inputs["f"] = in.A, in.F
		slow, err := runtime.FuncOf[drawn, any](program)
		if err != nil {
			t.Fatal(err)
		}
		got, failed = slow(t.Context(), &in)
		sameAsRun(t, round, program, inputs, got, failed)
	}
}

func sameAsRun(t *testing.T, round int, program *runtime.Program, inputs runtime.Inputs, got any, failed error) {
	t.Helper()
	outcome, err := program.Run(t.Context(), inputs)
	if fmt.Sprint(failed) != fmt.Sprint(err) || err == nil && got != outcome.Result {
		t.Fatalf("round %d: got  %v, %v\nwant %v, %v", round, got, failed, outcome.Result, err)
	}
}

// TestAFunctionTakesTheStepsThatRunTakes lets texts of a step's size and more in, and
// looks for the limit that is just enough.
func TestAFunctionTakesTheStepsThatRunTakes(t *testing.T) {
	text := strings.Repeat("a", 5000)
	for steps := 1; steps < 120; steps++ {
		engine := newEngine(t, &recorder{}, runtime.WithLimits(runtime.Limits{Steps: steps}))
		program := compile(t, engine, "input s: string\ninput n: int\ninput b: bool\nreturn len(upper(s)) + n")
		call, err := runtime.FuncOf[quick, any](program)
		if err != nil {
			t.Fatal(err)
		}
		got, failed := call(t.Context(), &quick{S: text, N: 1})
		sameAsRun(t, steps, program, runtime.Inputs{"s": text, "n": 1, "b": false}, got, failed)
	}
}

func TestAFunctionMayBeCalledFromSeveralGoroutines(t *testing.T) {
	call := funcOf[quick, string](t, "input s: string\ninput n: int\ninput b: bool\nl = []\nfor i in 1..n { l = concat(l, [s]) }\nreturn join(l, \"\")")
	var calls sync.WaitGroup
	for i := range 8 {
		calls.Go(func() {
			for n := range 50 {
				s := string(rune('a' + i))
				if got, err := call(t.Context(), &quick{S: s, N: n + 1}); err != nil || got != strings.Repeat(s, n+1) {
					t.Errorf("got %q, %v, want %d times %q", got, err, n+1, s)
				}
			}
		})
	}
	calls.Wait()
}

// TestAFunctionLeavesNothingForTheNextCall calls it with inputs that do not fit, or only
// by a limit, between calls that do.
func TestAFunctionLeavesNothingForTheNextCall(t *testing.T) {
	call := funcOf[quick, string](t, "input s: string\ninput n: int\ninput b: bool\nif b { left = s }\nx = [1, 2, 3][n]\nreturn \"${s}${x}\"",
		runtime.WithLimits(runtime.Limits{Value: 1100, Variables: 1200}))
	for _, between := range []quick{{S: strings.Repeat("a", 2000)}, {S: strings.Repeat("a", 1060), B: true}, {S: "a", N: 9, B: true}} {
		if got, err := call(t.Context(), &between); err == nil {
			t.Errorf("got %.20q for %d bytes and %d", got, len(between.S), between.N)
		}
		for range 2 {
			if got, err := call(t.Context(), &quick{S: strings.Repeat("b", 1000), N: 2}); err != nil || got != strings.Repeat("b", 1000)+"3" {
				t.Errorf("got %.20q, %v", got, err)
			}
		}
	}
}
