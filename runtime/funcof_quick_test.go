package runtime_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"flowrun/runtime"
)

type count int

// plainInputs has nothing but fields that need no conversion.
type plainInputs struct {
	Text  string `flow:"text"`
	Named shade  `flow:"named"`
	Int   int    `flow:"int"`
	Count count  `flow:"count"`
	I64   int64  `flow:"i64"`
	I32   int32  `flow:"i32"`
	Bool  bool   `flow:"bool"`
}

// guardedInputs has others beside them, which a call must not touch.
type guardedInputs struct {
	mutex sync.Mutex
	Text  string `flow:"text"`
	Cache map[string]int
	Int   int `flow:"int"`
}

func TestAFunctionReadsFieldsThatNeedNoConversion(t *testing.T) {
	show := funcOf[plainInputs, string](t, `
input text: string
input named: string
input int: int
input count: int
input i64: int
input i32: int
input bool: bool
return "${text} ${named} ${int} ${count} ${i64} ${i32} ${bool}"`)
	for n := range 5 {
		in := plainInputs{fmt.Sprint("text ", n), shade(fmt.Sprint("shade ", n)), n, count(n + 1), int64(n) << 40, int32(-n), n%2 == 0}
		want := fmt.Sprintf("text %d shade %d %d %d %d %d %v", n, n, n, n+1, n<<40, -n, n%2 == 0)
		if got, err := show(t.Context(), &in); got != want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
}

func TestAFunctionTouchesNoFieldThatIsNoInput(t *testing.T) {
	show := funcOf[guardedInputs, string](t, "input text: string\ninput int: int\nreturn \"${text} ${int}\"")
	in := guardedInputs{Text: "text", Int: 7, Cache: map[string]int{}}
	var others sync.WaitGroup
	others.Go(func() {
		for n := range 1000 {
			in.mutex.Lock()
			in.Cache = map[string]int{"n": n}
			in.mutex.Unlock()
		}
	})
	for range 1000 {
		if got, err := show(t.Context(), &in); got != "text 7" || err != nil {
			t.Fatal(got, err)
		}
	}
	others.Wait()
}

// What a function was given must not change what it is given next, also where two
// functions of one program take different structs in turn.
func TestFunctionsOfOneProgramTakeDifferentStructs(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "input text: string\ninput int: int\nreturn \"${text} ${int}\"")
	type other struct {
		Int  int    `flow:"int"`
		Text string `flow:"text"`
	}
	first, second := made[guardedInputs](t, program), made[other](t, program)
	for n := range 10 {
		a, errA := first(context.Background(), &guardedInputs{Text: fmt.Sprint("a", n), Int: n})
		b, errB := second(context.Background(), &other{Text: fmt.Sprint("b", n), Int: -n})
		if want := fmt.Sprintf("a%d %d, b%d %d", n, n, n, -n); a+", "+b != want || errA != nil || errB != nil {
			t.Errorf("got %s, %s, %v, %v, want %s", a, b, errA, errB, want)
		}
	}
}

func made[In any](t *testing.T, program *runtime.Program) func(context.Context, *In) (string, error) {
	t.Helper()
	call, err := runtime.FuncOf[In, string](program)
	if err != nil {
		t.Fatal(err)
	}
	return call
}
