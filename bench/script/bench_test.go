package script_test

import (
	"testing"

	"flowrun/bench/script"
)

func BenchmarkDecision(b *testing.B) { each(b, orders(64), script.Decider.Decision) }

func BenchmarkCondition(b *testing.B) { each(b, offers(64), script.Conditioner.Condition) }

func BenchmarkConditions(b *testing.B) {
	each(b, []*script.Offer{script.EveryAmount}, script.Sifter.Sift)
}

func BenchmarkLoop(b *testing.B) {
	rounds := 1_000_000
	if testing.Short() {
		rounds = 10_000
	}
	each(b, []int{rounds}, script.Looper.Loop)
}

func BenchmarkColdStart(b *testing.B) {
	inputs := orders(64)
	for _, engine := range script.Able[script.Decider]() {
		b.Run(engine.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				decide, err := engine.Decision()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := decide(inputs[n%len(inputs)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	statements := 10_000
	if testing.Short() {
		statements = 500
	}
	for _, parser := range script.Able[script.Parser]() {
		b.Run(parser.Name(), func(b *testing.B) {
			source := script.Source(parser, statements)
			b.SetBytes(int64(len(source)))
			b.ReportAllocs()
			for b.Loop() {
				if err := parser.Parse(source); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// each benchmarks every engine with the inputs in turn.
func each[E script.Engine, In, Out any](b *testing.B, inputs []In, compile func(E) (func(In) (Out, error), error)) {
	for _, engine := range script.Able[E]() {
		b.Run(engine.Name(), func(b *testing.B) {
			run, err := compile(engine)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if _, err := run(inputs[n%len(inputs)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
