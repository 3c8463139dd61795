package runtime_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	builtinfail "flowrun/builtins/fail"
	"flowrun/runtime"

	"pgregory.net/rapid"
)

// model is what variables hold when every assignment copies deeply.
type model map[string]any

func deepCopy(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = deepCopy(item)
		}
		return list
	case map[string]any:
		m := map[string]any{}
		for key, item := range v {
			m[key] = deepCopy(item)
		}
		return m
	}
	return v
}

// path is a path in a variable, as the flow writes it and as steps.
type path struct {
	text  string
	steps []any
}

// paths lists every path that leads to a value below v, v's own included.
func paths(v any, at path) []path {
	all := []path{at}
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			all = append(all, paths(item, path{fmt.Sprintf("%s[%d]", at.text, i), append(slices.Clone(at.steps), i)})...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, paths(v[key], path{at.text + "." + key, append(slices.Clone(at.steps), key)})...)
		}
	}
	return all
}

func (m model) get(p path) any {
	v := m[p.steps[0].(string)]
	for _, step := range p.steps[1:] {
		if key, ok := step.(string); ok {
			v = v.(map[string]any)[key]
		} else {
			v = v.([]any)[step.(int)]
		}
	}
	return v
}

func (m model) set(p path, v any) {
	steps := p.steps
	if len(steps) == 1 {
		m[steps[0].(string)] = v
		return
	}
	parent := m.get(path{steps: steps[:len(steps)-1]})
	if key, ok := steps[len(steps)-1].(string); ok {
		parent.(map[string]any)[key] = v
	} else {
		parent.([]any)[steps[len(steps)-1].(int)] = v
	}
}

// draw picks a path of the model's variables.
func (m model) draw(t *rapid.T, label string) path {
	var all []path
	for _, name := range slices.Sorted(maps.Keys(m)) {
		all = append(all, paths(m[name], path{name, []any{name}})...)
	}
	return rapid.SampledFrom(all).Draw(t, label)
}

// TestAssigningAlongAPathChangesNoOtherVariable runs random programs of assignments
// that share values and holds them to a model that shares none.
func TestAssigningAlongAPathChangesNoOtherVariable(t *testing.T) {
	engine := newEngine(t, &recorder{})
	rapid.Check(t, func(t *rapid.T) {
		m := model{}
		var flow strings.Builder
		flow.WriteString("input host: map\nfunction keep < v > {\n  v = [v]\n  v[0] = v[0]\n  return v[0]\n}\nhost2 = host\n")
		host := map[string]any{"p": map[string]any{"q": []any{1, 2}}, "r": []any{map[string]any{"s": 0}}}
		m["host"], m["host2"] = deepCopy(host), deepCopy(host)
		for i, name := range []string{"a", "b", "c"} {
			text, v := [...]string{"{x: [1, {y: 2}], z: {w: {}}}", "[[1], {k: [2, 3]}]", "1"}[i],
				[...]any{map[string]any{"x": []any{1, map[string]any{"y": 2}}, "z": map[string]any{"w": map[string]any{}}}, []any{[]any{1}, map[string]any{"k": []any{2, 3}}}, 1}[i]
			fmt.Fprintf(&flow, "%s = %s\n", name, text)
			m[name] = v
		}
		for n := range rapid.IntRange(1, 14).Draw(t, "statements") {
			to, from := m.draw(t, "to"), m.draw(t, "from")
			v := deepCopy(m.get(from))
			switch rapid.IntRange(0, 6).Draw(t, "form") {
			case 0: // a fresh value
				fmt.Fprintf(&flow, "%s = %d\n", to.text, n)
				v = n
			case 1: // through a function
				fmt.Fprintf(&flow, "%s = keep < v: %s >\n", to.text, from.text)
			case 2: // into a list literal
				fmt.Fprintf(&flow, "%s = [%s, %s]\n", to.text, from.text, from.text)
				v = []any{v, deepCopy(v)}
			case 3: // through a loop
				fmt.Fprintf(&flow, "for item in [%s] { %s = item }\n", from.text, to.text)
			case 4: // by builtins that pass on
				fmt.Fprintf(&flow, "%s = first(reverse(concat([%s], [0])[0:1]))\n", to.text, from.text)
			default:
				fmt.Fprintf(&flow, "%s = %s\n", to.text, from.text)
			}
			m.set(to, v)
		}
		program, diagnostics := engine.Compile("test.flow", flow.String())
		if program == nil {
			t.Fatalf("%v\n%s", diagnostics, flow.String())
		}
		given := deepCopy(host)
		outcome, err := program.Run(t.Context(), runtime.Inputs{"host": given})
		if err != nil {
			t.Fatalf("%v\n%s", err, flow.String())
		}
		if !reflect.DeepEqual(given, any(host)) {
			t.Fatalf("the host's map is now %v\n%s", given, flow.String())
		}
		for name, want := range m {
			if got := outcome.Variables()[name]; !reflect.DeepEqual(got, want) {
				t.Fatalf("%s is %v, want %v\n%s", name, got, want, flow.String())
			}
		}
	})
}

// TestNoNamedVariableBringsASecretIn is about the setting that names a variable.
func TestNoNamedVariableBringsASecretIn(t *testing.T) {
	for _, v := range []string{`secret("A")`, `[secret("A")]`, `{k: [secret("A")]}`} {
		_, err := resultOf(t, newEngine(t, &recorder{}), "x = "+v+"\ny = try < ids: x >\nreturn y", nil)
		if err == nil || failure(t, err).Message != "ids cannot hold a secret" {
			t.Errorf("%s: got %v", v, err)
		}
	}
}

// TestWhatIsMissingIsToldOrFilled has missing keys, and `??` over whole paths.
func TestWhatIsMissingIsToldOrFilled(t *testing.T) {
	const declared = "input order: map\nif false { unset = 1 }\n"
	order := map[string]any{"status": "new", "customer": nil, "items": []any{map[string]any{"name": "a"}}, "total": 3}
	for _, c := range []struct{ use, want string }{
		{"order.staus", `the map has no key "staus" (did you mean "status"?)`}, {"order.items[0].nmae", `the map has no key "nmae" (did you mean "name"?)`}, {"order.customer.name", `order.customer is nil, so it has no "name"`}, {"order.items[3]", "index 3 is out of range"}, {"unset", "unset has no value yet"},
		{`order.staus ?? "d"`, "d"}, {`order.customer.name ?? "d"`, "d"}, {`order.a.b.c.d ?? "d"`, "d"}, {`order.items[3].name ?? "d"`, "d"}, {`order.items[0].x.y[2].z ?? "d"`, "d"}, {`unset.a.b ?? "d"`, "d"}, {`unset ?? "d"`, "d"}, {`order.customer.name[0:2] ?? "d"`, "d"}, {`order.x ?? order.y ?? "d"`, "d"}, {`(order.x ?? order.customer) ?? "d"`, "d"},
		{`order.status ?? "d"`, "new"}, {"order?.staus", "<nil>"}, {`order["staus"]`, "<nil>"}, {"order.customer?.name", "<nil>"}, {"order.customer?.a.b[0].c", "<nil>"},
		{`order.total.x ?? "d"`, `an int has no field "x"`}, {`order.items["a"] ?? "d"`, "the index of a list is an int"}, {`order.x + 1 == 1`, `the map has no key "x"`},
	} {
		program := compile(t, newEngine(t, &recorder{}), declared+"return "+c.use)
		outcome, err := program.Run(t.Context(), runtime.Inputs{"order": order})
		got := fmt.Sprint(outcome.Result)
		if err != nil {
			got = failure(t, err).Message
			if hint := failure(t, err).Hint; strings.HasPrefix(hint, "did you mean") {
				got += " (" + hint + ")"
			}
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.use, got, c.want)
		}
	}
}

// TestValuesOfDifferentKindsAreUnequal goes over all pairs of kinds; literals of
// different kinds are found by check.
func TestValuesOfDifferentKindsAreUnequal(t *testing.T) {
	kinds := []struct {
		kind, text string
		literal    bool
	}{
		{"nil", "nil", false}, {"bool", "true", true}, {"number", "1", true}, {"number", "1.0", true}, {"string", `"1"`, true}, {"list", "[1]", true}, {"map", "{a: 1}", true},
		{"time", "now()", false}, {"duration", `duration("1s")`, false}, {"string", `"${1}"`, true}, {"record", "e", false},
	}
	for _, a := range kinds {
		for _, b := range kinds {
			flow := fmt.Sprintf("fail < message: \"m\" > catch e { }\na = %s\nb = %s\nreturn [a == b, a != b, a in [b], first([a]) == b]", a.text, b.text)
			outcome, err := compile(t, newEngineWithFail(t), flow).Run(t.Context(), nil)
			if err != nil {
				t.Fatalf("%s, %s: %v", a.text, b.text, err)
			}
			same := a.kind == b.kind && a.kind != "time"
			if got, want := fmt.Sprint(outcome.Result), fmt.Sprint([]any{same, !same, same, same}); a.kind != "time" && got != want {
				t.Errorf("%s and %s: %s, want %s", a.text, b.text, got, want)
			}
			program, _ := newEngineWithFail(t).Compile("test.flow", fmt.Sprintf("fail < message: \"m\" > catch e { }\nx = %s == %s", a.text, b.text))
			if a.literal && b.literal && a.kind != b.kind && program != nil {
				t.Errorf("%s == %s passes the check", a.text, b.text)
			}
		}
	}
}

func newEngineWithFail(t *testing.T) *runtime.Engine {
	t.Helper()
	engine, err := runtime.New(runtime.WithComponents(builtinfail.New()))
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// TestStringsCountAndSliceByCharacter has characters of one to four bytes, combining ones,
// and bytes that are no UTF-8.
func TestStringsCountAndSliceByCharacter(t *testing.T) {
	for _, c := range []struct {
		text any
		use  string
		want string
	}{
		{"日本😀é", "len(v)", "4"}, {"日本😀é", "v[2]", "😀"}, {"日本😀é", "v[-1]", "é"}, {"日本😀é", "v[1:3]", "本😀"}, {"日本😀é", `indexOf(v, "é")`, "3"}, {"日本😀é", "join(reverse(split(v, \"\")), \"\")", "é😀本日"}, {"e\u0301a", "len(v)", "3"}, {"e\u0301a", "v[0]", "e"}, {"👨\u200d👩", "len(v)", "3"},
		{[]byte("a\xffb"), "len(v)", "3"}, {[]byte("a\xffb"), "v[2]", "b"}, {[]byte("a\xffb"), `toJSON(v[1])`, `"\ufffd"`}, {"", "len(v)", "0"}, {"ab", "v[1:100]", "b"}, {"ab", "v[5:]", ""}, {"ab", "v[2]", "index 2 is out of range: the string has 2 characters"}, {"日", "v[1]", "the string has 1 character"}, {"日", "v[-2]", "index -2 is out of range"},
	} {
		got, err := resultOf(t, newEngine(t, &recorder{}), "input v: string\nreturn "+c.use, runtime.Inputs{"v": c.text})
		text := fmt.Sprint(got)
		if err != nil {
			text = err.Error()
		}
		if text != c.want && (err == nil || !strings.Contains(text, c.want)) {
			t.Errorf("%s of %q: got %s, want %s", c.use, c.text, text, c.want)
		}
	}
}
