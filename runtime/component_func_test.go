package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"flowrun/runtime"
)

// partSettings have settings that a pass may leave out.
type partSettings struct {
	N    int      `flow:"n"`
	Text string   `flow:"text"`
	Fail string   `flow:"fail"`
	Part optional `flow:"part"`
	List []string `flow:"list"`
}

type optional struct {
	A int `flow:"a"`
	B int `flow:"b"`
}

func part(_ context.Context, s partSettings) (any, error) {
	switch s.Fail {
	case "":
		return fmt.Sprint(s), nil
	case "panic":
		panic("broken")
	case "kind":
		return nil, &runtime.Failure{Kind: "own", Message: "of its own kind", Fields: map[string]any{"n": s.N}, Result: 7}
	}
	return nil, errors.New(s.Fail)
}

// bothWays are the same function as a component that needs no Call and as one that
// gets it.
func bothWays(options ...runtime.ComponentOption) []*runtime.Component {
	return []*runtime.Component{
		runtime.NewComponentFunc("part", part, options...),
		runtime.NewComponent("part", func(ctx context.Context, _ *runtime.Call, s *partSettings) (any, error) {
			return part(ctx, *s)
		}, options...),
	}
}

type ownEffects struct{ runtime.Direct }

// TestAComponentFuncDoesWhatAComponentDoes draws flows and runs them with both kinds
// of component, twice each, also observed and with Effects of the host's.
func TestAComponentFuncDoesWhatAComponentDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	for range 150 {
		var source strings.Builder
		source.WriteString("out = []\nfunction f < n > {\n  x = part < n: n, part: (n > 1) ? {a: n} : {b: n} >\n  if n > 0 { f < n: n - 1 > }\n  return x\n}\n")
		for range 3 {
			settings := pick("n: i", `text: "t${i}"`, `list: ["a"]`, "part: (i > 1) ? {a: i} : {b: i}", `n: (i > 1) ? "no" : 1`) +
				pick("", `, fail: "no"`, `, fail: "kind"`, `, fail: "panic"`, `, fail: (i > 2) ? "late" : ""`) +
				pick("", ", limit: 2", ", break: (i > 2)", ", timeout: \"1m\"")
			after := ""
			if strings.Contains(settings, "limit") {
				after = pick("", ` failover { out = concat(out, ["over"]) }`)
			}
			after += pick("", ` catch e { out = concat(out, ["${e.kind} ${e.message}"]) }`)
			fmt.Fprintf(&source, "for i in 1..4 {\n  x = part < %s >%s\n  out = concat(out, [x])\n}\n", settings, after)
		}
		source.WriteString("y = f < n: 3 >\nreturn concat(out, [y])\n")
		for _, options := range [][]runtime.RunOption{
			nil, {runtime.WithObserver(func(runtime.Event) {})}, {runtime.WithEffects(ownEffects{})},
		} {
			var seen []string
			for _, component := range bothWays() {
				engine, err := runtime.New(runtime.WithComponents(component))
				if err != nil {
					t.Fatal(err)
				}
				program := compile(t, engine, source.String())
				for range 2 {
					outcome, err := program.Run(t.Context(), nil, options...)
					variables := outcome.Variables()
					seen = append(seen, fmt.Sprintf("%v, %v, %v, %v, %d steps", outcome.Result, err, variables["out"], variables["x"], outcome.Steps))
				}
			}
			for _, other := range seen[1:] {
				if other != seen[0] {
					t.Fatalf("%s\ngives %s\nand   %s", source.String(), seen[0], other)
				}
			}
		}
	}
}

// TestSettingsOfAComponentFuncAreThoseOfThePass leaves parts of settings out in the
// next pass, and in the next run after one that ended between two settings.
func TestSettingsOfAComponentFuncAreThoseOfThePass(t *testing.T) {
	engine, err := runtime.New(runtime.WithComponents(bothWays()[0]), runtime.WithLimits(runtime.Limits{Value: 2000}))
	if err != nil {
		t.Fatal(err)
	}
	program := compile(t, engine, `
input first: map
input size: int
out = []
for m in [first, {b: 2}] {
  x = part < part: m, text: repeat("a", size) >
  out = concat(out, [x])
}
return out
`)
	run := func(first map[string]any, size int) string {
		outcome, err := program.Run(t.Context(), runtime.Inputs{"first": first, "size": size})
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(outcome.Result)
	}
	for range 2 {
		if got := run(map[string]any{"a": 1}, 1); got != "[{0 a  {1 0} []} {0 a  {0 2} []}]" {
			t.Errorf("got %s", got)
		}
		if got := run(map[string]any{"a": 1}, 5000); !strings.Contains(got, "larger than 2000 bytes") {
			t.Errorf("got %s", got)
		}
		if got := run(map[string]any{"b": 1}, 1); got != "[{0 a  {0 1} []} {0 a  {0 2} []}]" {
			t.Errorf("got %s", got)
		}
	}
}

func TestAComponentFuncGivesEveryKindOfResult(t *testing.T) {
	for _, c := range []struct {
		component *runtime.Component
		want      any
	}{
		{funcGiving(3), 3}, {funcGiving(true), true}, {funcGiving("a"), "a"}, {funcGiving(0.5), 0.5}, {funcGiving(uint8(3)), 3},
		{funcGiving([]string{"a"}), []any{"a"}}, {funcGiving(map[string]int{"a": 1}), map[string]any{"a": 1}}, {funcGiving[any](nil), nil},
	} {
		engine, err := runtime.New(runtime.WithComponents(c.component))
		if err != nil {
			t.Fatal(err)
		}
		program := compile(t, engine, "for i in 1..2 { x = give < > }\nx = give < >\nreturn x")
		outcome, err := program.Run(t.Context(), nil)
		if err != nil || !reflect.DeepEqual(outcome.Result, c.want) {
			t.Errorf("got %#v, %v, want %#v", outcome.Result, err, c.want)
		}
	}
}

func funcGiving[R any](result R) *runtime.Component {
	return runtime.NewComponentFunc("give", func(context.Context, struct{}) (R, error) { return result, nil })
}

func TestAContextOutlivesTheCallOfAComponentFunc(t *testing.T) {
	looked, goOn := make(chan error), make(chan struct{})
	look := runtime.NewComponentFunc("watch", func(ctx context.Context, s partSettings) (int, error) {
		go func() {
			<-goOn
			s.N++
			looked <- ctx.Err()
		}()
		return s.N, nil
	})
	engine, err := runtime.New(runtime.WithComponents(look))
	if err != nil {
		t.Fatal(err)
	}
	program := compile(t, engine, "for i in 1..3 { x = watch < n: i > }\nreturn x")
	for range 3 {
		if outcome, err := program.Run(context.Background(), nil); err != nil || outcome.Result != 3 {
			t.Fatalf("got %v, %v", outcome.Result, err)
		}
	}
	close(goOn)
	for range 9 {
		if err := <-looked; err != nil {
			t.Error(err)
		}
	}
}

func TestATimeoutEndsAComponentFunc(t *testing.T) {
	wait := runtime.NewComponentFunc("linger", func(ctx context.Context, _ struct{}) (int, error) {
		<-ctx.Done()
		return 0, context.Cause(ctx)
	})
	engine, err := runtime.New(runtime.WithComponents(wait))
	if err != nil {
		t.Fatal(err)
	}
	program := compile(t, engine, `
function f < > { x = linger < > }
linger < timeout: "1ms" > catch e { first = e.kind }
f < timeout: "1ms" > catch e { second = e.kind }
return [first, second]
`)
	for range 2 {
		outcome, err := program.Run(t.Context(), nil)
		if got := fmt.Sprint(outcome.Result); err != nil || got != "[timeout timeout]" {
			t.Errorf("got %s, %v", got, err)
		}
	}
}
