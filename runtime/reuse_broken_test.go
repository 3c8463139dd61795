package runtime_test

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"strings"
	"testing"

	"flowrun/runtime"
)

// fragile is a setting whose decoder ends as its value says.
type fragile struct{ text string }

func (f *fragile) DecodeSetting(v any) error {
	f.text = fmt.Sprint(v)
	return end(f.text)
}

// end ends its caller in the way that is named.
func end(how string) error {
	switch how {
	case "panic":
		panic("broken")
	case "exit":
		goruntime.Goexit() // as t.FailNow does
	case "fail":
		return errors.New("failed as it was told")
	}
	return nil
}

// fragileSettings have parts that a pass may leave out.
type fragileSettings struct {
	N    int      `flow:"n"`
	Part optional `flow:"part"`
	Word fragile  `flow:"word"`
	Then string   `flow:"then"`
	List []string `flow:"list"`
}

// TestARunIsNotAffectedByOneThatBrokeDownInItsComponent ends runs within a decoder of a
// setting and within the function, in every way that Go has, between runs that end well
// and give each setting only in part.
func TestARunIsNotAffectedByOneThatBrokeDownInItsComponent(t *testing.T) {
	defer goruntime.GOMAXPROCS(goruntime.GOMAXPROCS(1)) // what a run leaves is there for the next one of the same processor
	type inputs struct {
		Part map[string]int `flow:"part"`
		Word string         `flow:"word"`
		Then string         `flow:"then"`
		Last string         `flow:"last"`
	}
	plain := runtime.NewComponentFunc("double", func(_ context.Context, s struct {
		N    int    `flow:"n"`
		Then string `flow:"then"`
	}) (int, error) {
		return 2 * s.N, end(s.Then)
	})
	component := runtime.NewComponentFunc("part", func(_ context.Context, s fragileSettings) (string, error) {
		return fmt.Sprint(s.N, s.Part, s.List), end(s.Then)
	})
	engine, err := runtime.New(runtime.WithComponents(component, plain))
	if err != nil {
		t.Fatal(err)
	}
	program := compile(t, engine, `
input part: map
input word: string
input then: string
input last: string
all = ""
for i in 1..2 {
  x = part < n: i, part: part, list: [word], word: word, then: then, limit: 2 >
  n = double < n: i, then: last >
  all = "${all}${x}${n};"
}
return all
`)
	call, err := runtime.FuncOf[inputs, string](program)
	if err != nil {
		t.Fatal(err)
	}
	ways := map[string]func(inputs) (string, error){
		"FuncOf": func(in inputs) (string, error) { return call(t.Context(), &in) },
		"Run": func(in inputs) (string, error) {
			outcome, err := program.Run(t.Context(), runtime.Inputs{"part": in.Part, "word": in.Word, "then": in.Then, "last": in.Last})
			if err != nil {
				return "", err
			}
			return outcome.Result.(string), nil
		},
	}
	for name, run := range ways {
		well := func(after string) {
			for range 2 {
				got, err := run(inputs{Part: map[string]int{"b": 2}, Word: "fine"})
				if want := "1 {0 2} [fine]2;2 {0 2} [fine]4;"; got != want || err != nil {
					t.Errorf("%s after %s: got %s, %v, want %s", name, after, got, err, want)
				}
			}
		}
		well("nothing")
		for _, how := range []string{"panic", "exit", "fail"} {
			for where, in := range map[string]inputs{
				"the decoder":                 {Part: map[string]int{"a": 9}, Word: how},
				"the function":                {Part: map[string]int{"a": 9}, Word: "left", Then: how},
				"the one with plain settings": {Part: map[string]int{"a": 9}, Word: "left", Last: how},
			} {
				err, ended := apart(func() error {
					_, err := run(in)
					return err
				})
				if ended != (how != "exit") || ended && err == nil {
					t.Errorf("%s, %s of %s: got %v, ended is %t", name, how, where, err, ended)
				}
				if how == "panic" && (!errors.As(err, new(*runtime.PanicError)) || strings.Contains(err.Error(), "broken")) {
					t.Errorf("%s, %s of %s: got %v", name, how, where, err)
				}
				well(how + " of " + where)
			}
		}
	}
}

// apart runs in a goroutine of its own, which may exit before it ends.
func apart(run func() error) (err error, ended bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = run()
		ended = true
	}()
	<-done
	return err, ended
}
