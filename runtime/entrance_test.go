package runtime_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// entrances are the ways by which a Go value comes into a flow; each gives what the
// flow makes of it with `v`, or the problem.
var entrances = map[string]func(t *testing.T, v any, use string) (any, error){
	"a host's input": func(t *testing.T, v any, use string) (any, error) {
		return resultOf(t, newEngine(t, &recorder{}), "input v\nreturn "+use, runtime.Inputs{"v": v})
	},
	"a global": func(t *testing.T, v any, use string) (any, error) {
		engine, err := runtime.New(runtime.WithGlobals(map[string]any{"v": v}))
		if err != nil {
			return nil, err
		}
		return resultOf(t, engine, "return "+use, nil)
	},
	"a component's result": func(t *testing.T, v any, use string) (any, error) {
		return resultOf(t, giving(t, v, nil), "v = give < >\nreturn "+use, nil)
	},
	"a failure's result": func(t *testing.T, v any, use string) (any, error) {
		return resultOf(t, giving(t, nil, &runtime.Failure{Message: "m", Result: v}), "v = give < > catch { }\nreturn "+use, nil)
	},
	"a failure's field": func(t *testing.T, v any, use string) (any, error) {
		return resultOf(t, giving(t, nil, &runtime.Failure{Message: "m", Fields: map[string]any{"v": v}}), "give < > catch e { v = e.v }\nreturn "+use, nil)
	},
	"an output variable": func(t *testing.T, v any, use string) (any, error) {
		type settings struct {
			Code runtime.OutputVariable `flow:"code"`
		}
		give := runtime.NewComponent("give", func(context.Context, *runtime.Call, *settings) (any, error) { return nil, fmt.Errorf("no") },
			runtime.OutputsOnFailure(func(*runtime.Error) map[string]any { return map[string]any{"code": v} }))
		engine, err := runtime.New(runtime.WithComponents(give))
		if err != nil {
			t.Fatal(err)
		}
		return resultOf(t, engine, "give < code: v >\nreturn "+use, nil)
	},
}

func giving(t *testing.T, result any, failure error) *runtime.Engine {
	type none struct{}
	engine, err := runtime.New(runtime.WithComponents(runtime.NewComponent("give", func(context.Context, *runtime.Call, *none) (any, error) { return result, failure })))
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func resultOf(t *testing.T, engine *runtime.Engine, flow string, inputs runtime.Inputs) (any, error) {
	t.Helper()
	outcome, err := compile(t, engine, flow).Run(t.Context(), inputs)
	return outcome.Result, err
}

type (
	colour string
	small  uint8
	person struct {
		Name   string
		Age    uint8
		hidden string
		Note   string `expr:"remark"`
		Skip   string `expr:"-"`
	}
	staff struct {
		person
		*Boss
		Tags    []string
		Friends []person
		Parent  *person
		Any     any
	}
	Boss struct{ Room int }
)

func TestWhateverEntersIsConvertedOnce(t *testing.T) {
	for name, enter := range entrances {
		for _, c := range []struct {
			in   any
			use  string
			want string
		}{
			{[]string{"a", "b"}, `"${v} ${type(v)} ${v[1]}"`, `["a","b"] list b`}, {small(7), `"${v + 1} ${type(v)}"`, "8 int"}, {uint64(math.MaxInt64), "v", "9223372036854775807"}, {int64(math.MinInt64), "v", "-9223372036854775808"},
			{colour("red"), `v + "dish"`, "reddish"}, {map[colour]small{"a": 1}, `v.a + 1`, "2"}, {map[string][]uint16{"a": {1, 2}}, "v.a[1]", "2"}, {[]byte("héllo"), `"${len(v)} ${v[1:2]}"`, "5 é"},
			{[]any{nil, true, 1.0, int8(3)}, `"${v} ${type(v[2])}"`, "[null,true,1,3] float"}, {map[int]string{5: "five"}, `v["5"]`, "five"}, {&[]int{1}, "v[0]", "1"}, {[2]bool{true, false}, "v[0]", "true"},
			{person{Name: "Ann", Age: 30}, `"${v.Name} ${v.Age + 1}"`, "Ann 31"}, {&staff{person: person{Name: "Bo", Note: "n"}, Boss: nil, Parent: &person{Name: "Cy"}}, `"${v.Name} ${v.remark} ${v.Parent.Name}"`, "Bo n Cy"},
			{&value.Record{Fields: map[string]any{"code": uint16(550)}, Text: "550 no"}, `"${v} ${v.code + 1} ${type(v)}"`, "550 no 551 map"},
		} {
			got, err := enter(t, c.in, c.use)
			if fmt.Sprint(got) != c.want || err != nil {
				t.Errorf("%s of %T: got %v, %v, want %s", name, c.in, got, err, c.want)
			}
		}
	}
}

// TestWhatIsNoValueDoesNotEnter has at each entrance an error with its place; what a
// failure carries becomes the words of the problem or nil, since the failure itself must
// arrive.
func TestWhatIsNoValueDoesNotEnter(t *testing.T) {
	cycle := map[string]any{}
	cycle["me"] = []any{cycle}
	nested := func(depth int) any {
		var v any = []any{}
		for range depth - 1 {
			v = []any{v}
		}
		return v
	}
	mapped := func(depth int) any {
		var v any = 1
		for range depth {
			v = map[string]any{"k": v}
		}
		return v
	}
	for name, enter := range entrances {
		for _, c := range []struct {
			in   any
			want string
		}{
			{func() {}, "function"}, {map[string]any{"a": make(chan int)}, "channel"}, {cycle, "nested more than"}, {uint64(1 << 63), "does not fit into 64 bits"}, {[]any{math.NaN()}, "NaN"}, {math.Inf(-1), "Inf"}, {complex(1, 1), "complex"},
			{nested(201), "nested more than"}, {mapped(201), "nested more than"},
		} {
			got, err := enter(t, c.in, "v")
			switch {
			case name == "a failure's result" && got == nil && err == nil:
			case name == "a failure's field" && err == nil && strings.Contains(fmt.Sprint(got), c.want):
			case err != nil && strings.Contains(err.Error(), c.want):
			default:
				t.Errorf("%s of %T: got %.100s, %v, want %s", name, c.in, fmt.Sprint(got), err, c.want)
			}
		}
		levels := 200
		if name == "a failure's field" {
			levels = 199 // the error's record is one more
		}
		for _, in := range []any{nested(levels), mapped(levels)} {
			if _, err := enter(t, in, "type(v)"); err != nil {
				t.Errorf("%s refuses %d levels of %T: %v", name, levels, in, err)
			}
		}
	}
}

// TestJSONEntersAsItsValues has the two places where JSON comes in.
func TestJSONEntersAsItsValues(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "input v\nreturn [v, type(v)]")
	read := compile(t, newEngine(t, &recorder{}), "input text: string\nv = fromJSON(text)\nreturn [v, type(v)]")
	for _, c := range []struct{ json, want string }{
		{"1", "[1 int]"}, {"-0", "[0 int]"}, {"9223372036854775807", "[9223372036854775807 int]"}, {"-9223372036854775808", "[-9223372036854775808 int]"}, {"1.0", "[1 float]"}, {"1e2", "[100 float]"}, {"null", "[<nil> nil]"}, {`"a\u00e9"`, "[aé string]"}, {`[1,"a",{}]`, "[[1 a map[]] list]"},
		{strings.Repeat("[", 199) + strings.Repeat("]", 199), "list]"},
		{"9223372036854775808", "does not fit into 64 bits"}, {"[-9223372036854775809]", "does not fit into 64 bits"}, {"1e400", "too large"}, {strings.Repeat("[", 201) + strings.Repeat("]", 201), "nested more than 200 deep"}, {"{", "JSON"}, {"", "JSON"}, {"1 2", "JSON"}, {"NaN", "JSON"},
	} {
		for name, run := range map[string]func() (*runtime.Outcome, error){
			"an input": func() (*runtime.Outcome, error) {
				inputs, err := program.DecodeInputs([]byte(`{"v":` + c.json + "}"))
				if err != nil {
					return nil, err
				}
				return program.Run(t.Context(), inputs)
			},
			"fromJSON": func() (*runtime.Outcome, error) { return read.Run(t.Context(), runtime.Inputs{"text": c.json}) },
		} {
			outcome, err := run()
			got := fmt.Sprint(err)
			if err == nil {
				got = fmt.Sprint(outcome.Result)
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("%s of %.40s: got %.200s, want %s", name, c.json, got, c.want)
			}
		}
	}
}

// TestHostStructsAreReadInPlace follows the fields of structs, and refuses to change them.
func TestHostStructsAreReadInPlace(t *testing.T) {
	host := &staff{person: person{Name: "Ann", Age: 3, hidden: "h", Note: "n", Skip: "s"}, Tags: []string{"x"}, Friends: []person{{Name: "Bo"}}, Any: map[string]int{"k": 1}}
	for use, want := range map[string]string{
		"v.Name": "Ann", "v.Tags[0]": "x", "v.Friends[0].Name": "Bo", "v.Any.k": "1", "v.remark": "n", "v.Parent": "<nil>", "v.Parent?.Name": "<nil>", `v.Parent.Name ?? "none"`: "none", "v.Room": "<nil>", `v["Name"]`: "Ann", `"Name" in v`: "true", `"hidden" in v`: "false", "type(v.Friends)": "list",
		"v.hidden": `the struct has no field "hidden"`, "v.Skip": "the struct has no field", "v.Nmae": `the struct has no field "Nmae"`, "v.Note": "the struct has no field", "v.Parent.Name": `v.Parent is nil, so it has no "Name"`, "v.Name()": "check",
	} {
		program, diagnostics := newEngine(t, &recorder{}).Compile("test.flow", "input v\nreturn "+use)
		got := "check: " + fmt.Sprint(diagnostics)
		if program != nil {
			outcome, err := program.Run(t.Context(), runtime.Inputs{"v": host})
			if got = fmt.Sprint(outcome.Result); err != nil {
				got = err.Error()
			}
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", use, got, want)
		}
	}
	for _, target := range []string{"v.Name", "v.Friends[0].Name", "v.Tags[0]", `v["Name"]`, "m.v.Name"} {
		_, err := resultOf(t, newEngine(t, &recorder{}), "input v\nm = {v: v}\n"+target+" = \"new\"", runtime.Inputs{"v": host})
		if err == nil || !strings.Contains(err.Error(), "a struct of the host, which a flow cannot change") {
			t.Errorf("%s: got %v", target, err)
		}
	}
	if host.Name != "Ann" || host.Tags[0] != "x" || host.Friends[0].Name != "Bo" {
		t.Errorf("the host's struct is now %+v", host)
	}
}

// TestWhatOverflowsIsAnErrorInEveryStatement puts an overflow where statements evaluate.
func TestWhatOverflowsIsAnErrorInEveryStatement(t *testing.T) {
	for _, form := range []string{
		"x = @", "if (@) > 1 { }", "while (@) > 1 { }", "switch @ { case 1 { } }", "switch 1 { case @ { } }", "for i in [@] { }", "for i in 1..int(@) { }", "x = [1]\nx[int(@)] = 1", "x = {a: 1}\nx[string(@)] = 1", "x = {}\nx.a = @", "return @", `return "${@}"`, "return {a: [@]}",
		"show < value: @ >", `show < value: "${@}" >`, "show < value: { k: @ } >", "try < port: int(@) >", "show < value: 1, limit: int(@) >", "show < value: 1, break: (@) == 1 >", "function f < a > { }\nf < a: @ >", "function f < a = @ > { }\nf < >", "function f < > { return @ }\nx = f < >", "input v = @", "input v: number = @",
		"x = all([1], all([1], (@) == 1))", "x = [1, 2, 3][int(@):]",
	} {
		for _, number := range []string{"1 / 0", "int(1e300)", "9223372036854775807 + 1", "1e308 * 10", "sum([9223372036854775807, 1])", "10 ** 400"} {
			flow := strings.ReplaceAll(form, "@", number)
			program, _ := newEngine(t, &recorder{}).Compile("test.flow", flow)
			if program == nil {
				continue // found even before the run
			}
			if _, err := program.Run(t.Context(), nil); err == nil {
				t.Errorf("no error of\n%s", flow)
			} else if kind := failure(t, err).Kind; kind != runtime.KindValue && kind != runtime.KindInput {
				t.Errorf("kind %s of\n%s", kind, flow)
			}
		}
	}
}

// BenchmarkMembersOfASliceOfStructs measures that a slice of host structs is converted
// at each access.
func BenchmarkMembersOfASliceOfStructs(b *testing.B) {
	for _, size := range []int{1, 100, 10_000} {
		host := &staff{Friends: make([]person, size)}
		for use, flow := range map[string]string{
			"at each access": "input v\nfor i in 1..100 { x = v.Friends[0].Name }",
			"taken out once": "input v\nall = v.Friends\nfor i in 1..100 { x = all[0].Name }",
		} {
			b.Run(fmt.Sprintf("%s of %d", use, size), func(b *testing.B) {
				program := compile(b, newEngine(b, &recorder{}), flow)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := program.Run(b.Context(), runtime.Inputs{"v": host}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
