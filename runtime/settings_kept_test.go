package runtime_test

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"sync"
	"testing"
	"time"

	"flowrun/runtime"
)

// decoded is a setting that keeps what it is given.
type decoded struct{ v any }

func (d *decoded) DecodeSetting(v any) error {
	d.v = v
	if v == "wrong" {
		return errors.New("it is wrong")
	}
	return nil
}

// keepable are settings of every kind, most of which point to something.
type keepable struct {
	N       int                   `flow:"n"`
	Text    string                `flow:"text"`
	List    []any                 `flow:"list"`
	Map     map[string]any        `flow:"map"`
	Texts   []string              `flow:"texts"`
	Ints    []int                 `flow:"ints"`
	Pointer *int                  `flow:"pointer"`
	Letter  runtime.Template      `flow:"letter"`
	Inner   *struct{ keptInner }  `flow:"inner"`
	Decoded decoded               `flow:"decoded"`
	Any     any                   `flow:"any"`
	Wait    time.Duration         `flow:"wait"`
	Input   runtime.InputVariable `flow:"input"`
	How     string                `flow:"how"`
}

type keptInner struct {
	A *string `flow:"a"`
	B []any   `flow:"b"`
}

// words shows all that settings hold.
func (k *keepable) words() string {
	letter, err := k.Letter.String()
	shown := fmt.Sprint(k.N, k.Text, k.List, k.Map, k.Texts, k.Ints, letter, err, k.Decoded.v, k.Any, k.Wait, k.Input, k.How)
	if k.Pointer != nil {
		shown += fmt.Sprint(*k.Pointer)
	}
	if k.Inner != nil {
		shown += fmt.Sprint(*k.Inner.A, k.Inner.B)
	}
	return shown
}

// TestSettingsThatAComponentKeepsStayWhatTheyWere has a component keep its settings over
// runs side by side that end in every way, and the flow say what is in them.
func TestSettingsThatAComponentKeepsStayWhatTheyWere(t *testing.T) {
	var mutex sync.Mutex
	kept := map[string][]keepable{}
	keep := runtime.NewComponentFunc("keep", func(_ context.Context, s keepable) (string, error) {
		shown := s.words()
		mutex.Lock()
		kept[shown] = append(kept[shown], s)
		mutex.Unlock()
		switch s.How {
		case "fail":
			return "nothing", errors.New("failed")
		case "panic":
			panic("broken")
		case "suspend":
			return "nothing", runtime.Suspend("for a word")
		case "exit":
			goruntime.Goexit()
		}
		return shown, nil
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(keep)), `
input n: int
input how: string
text = "text ${n}"
list = [n, [text], {a: text}]
number = n % 2 == 0 ? n : nil
said = []
for i in 1..4 {
  some = i % 2 == 0 ? { a: text, b: list } : nil
  x = keep < n: n, text: text, list: list, map: { l: list }, texts: [text], ints: [n, i], pointer: number, letter: "to ${text}", inner: some, decoded: i == 3 and how == "wrong" ? how : list, any: (i > 2 ? list : nil), wait: (i == 1 ? "1m" : nil), input: list, how: i == 3 ? how : "" >
  said = concat(said, [x])
}
return said
`[1:])
	call, err := runtime.FuncOf[struct {
		N   int    `flow:"n"`
		How string `flow:"how"`
	}, []any](program)
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]string{}
	for n := range 4 {
		said, err := call(t.Context(), &struct {
			N   int    `flow:"n"`
			How string `flow:"how"`
		}{n, ""})
		if err != nil {
			t.Fatal(err)
		}
		want[n] = fmt.Sprint(said)
	}
	var all sync.WaitGroup
	for range 4 {
		for _, how := range []string{"fail", "panic", "suspend", "exit", "wrong"} {
			all.Go(func() {
				for n := range 4 {
					left := make(chan bool)
					go func() {
						defer close(left)
						program.Run(t.Context(), runtime.Inputs{"n": n, "how": how})
					}()
					<-left
					outcome, err := program.Run(t.Context(), runtime.Inputs{"n": n, "how": ""})
					if got := fmt.Sprint(outcome.Result); err != nil || got != want[n] {
						t.Errorf("after %q: got %s, %v, want %s", how, got, err, want[n])
					}
				}
			})
		}
	}
	all.Wait()
	for shown, alike := range kept {
		for i := range alike {
			if now := alike[i].words(); now != shown {
				t.Errorf("settings became %s, were %s", now, shown)
			}
		}
	}
}
