package script_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"flowrun/bench/script"
)

// cases is how many inputs all engines must agree about.
const cases = 5000

// orders and offers give the same random inputs to every engine.
func orders(n int) []*script.Order {
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]*script.Order, n)
	for i := range all {
		all[i] = script.RandomOrder(random)
	}
	return all
}

func offers(n int) []*script.Offer {
	random := rand.New(rand.NewPCG(3, 4))
	all := make([]*script.Offer, n)
	for i := range all {
		all[i] = script.RandomOffer(random)
	}
	return all
}

// agree runs every engine with every input and holds it to what plain Go gives.
func agree[E script.Engine, In any, Out comparable](t *testing.T, inputs []In, compile func(E) (func(In) (Out, error), error)) {
	t.Helper()
	engines := script.Able[E]()
	want := make([]Out, len(inputs))
	limit, err := compile(any(script.Go{}).(E))
	if err != nil {
		t.Fatal(err)
	}
	different := map[Out]bool{}
	for i, input := range inputs {
		if want[i], err = limit(input); err != nil {
			t.Fatal(err)
		}
		different[want[i]] = true
	}
	if len(different) < 2 {
		t.Fatalf("all %d inputs give the same", len(inputs))
	}
	for _, engine := range engines {
		t.Run(engine.Name(), func(t *testing.T) {
			run, err := compile(engine)
			if err != nil {
				t.Fatal(err)
			}
			for i, input := range inputs {
				got, err := run(input)
				if err != nil || got != want[i] {
					t.Fatalf("%+v gives %v, %v, want %v", input, got, err, want[i])
				}
			}
		})
	}
}

func TestEnginesDecideAlike(t *testing.T) { agree(t, orders(cases), script.Decider.Decision) }

func TestConditionsHoldAlike(t *testing.T) { agree(t, offers(cases), script.Conditioner.Condition) }

func TestConditionsAreCountedAlike(t *testing.T) {
	agree(t, append(offers(200), script.EveryAmount), script.Sifter.Sift)
}

func TestLoopsCountAlike(t *testing.T) {
	agree(t, []int{0, 1, 2, 1000, 1001, 5000, 31_337}, script.Looper.Loop)
}

func TestEveryBranchOfTheDecisionIsTaken(t *testing.T) {
	decide, err := script.Flowrun{}.Decision()
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]int{}
	for _, order := range orders(cases) {
		text, err := decide(order)
		if err != nil {
			t.Fatal(err)
		}
		taken[text[:len("[shop")]]++
	}
	if len(taken) != 6 {
		t.Errorf("%d of 6 branches were taken: %v", len(taken), taken)
	}
}

func TestParsersTakeAMegabyteAndRefuseAMistake(t *testing.T) {
	const statements = 10_000
	for _, parser := range script.Able[script.Parser]() {
		t.Run(parser.Name(), func(t *testing.T) {
			source := script.Source(parser, statements)
			if size := len(source); size < 950_000 || size > 1_150_000 {
				t.Errorf("%d statements have %d bytes", statements, size)
			}
			if err := parser.Parse(source); err != nil {
				t.Error(err)
			}
			if parser.Parse(source+"x = (\n") == nil {
				t.Error("a mistake at the end was not found")
			}
		})
	}
}

func TestEveryEngineDoesWhatItCan(t *testing.T) {
	languages := []string{"gopher-lua", "goja", "starlark-go", "tengo", "otto", "plain Go"}
	compare(t, "decision", names[script.Decider](), append([]string{"flowrun", "flowrun, Program.Run"}, languages...))
	compare(t, "loop", names[script.Looper](), append([]string{"flowrun"}, languages...))
	compare(t, "condition", names[script.Conditioner](), append([]string{"flowrun", "flowrun, Program.Run", "expr", "cel-go"}, languages...))
	compare(t, "conditions", names[script.Sifter](), append([]string{"flowrun", "expr", "cel-go"}, languages...))
	compare(t, "parse", names[script.Parser](), []string{"flowrun", "flowrun, compiled", "gopher-lua", "goja", "starlark-go", "hcl"})
}

func names[E script.Engine]() (all []string) {
	for _, engine := range script.Able[E]() {
		all = append(all, engine.Name())
	}
	return all
}

func compare(t *testing.T, workload string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s is done by %q, want %q", workload, got, want)
	}
}
