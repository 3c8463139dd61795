package main

import (
	"math/rand/v2"

	"flowrun/bench/measure"
	"flowrun/bench/script"
)

// different is how many inputs a program is given, one after the other.
const different = 256

func scriptWorkloads() []workload {
	return []workload{
		{
			name:   "decision",
			about:  "8 inputs; an if / else-if chain over strings and numbers, a switch over 5 ways, 3 calls of a host function, a text with 7 values in it.",
			unit:   duration,
			rounds: shortRounds,
			prepare: func(s scale) ([]measure.Subject, func() error, error) {
				return compiled(s, orders(), script.Decider.Decision)
			},
		},
		{
			name:   "condition",
			about:  "`amount > 100 && status == \"open\" && country in [\"DE\", \"FR\", \"UA\"]`, a run of its own for each offer.",
			unit:   duration,
			rounds: shortRounds,
			prepare: func(s scale) ([]measure.Subject, func() error, error) {
				return compiled(s, offers(), script.Conditioner.Condition)
			},
		},
		{
			name:   "conditions",
			about:  "The same condition for every amount from 1 to 1,000: a loop in one run of the program, or for engines without loops, a run each in a loop of the host.",
			unit:   duration,
			rounds: shortRounds,
			prepare: func(s scale) ([]measure.Subject, func() error, error) {
				return compiled(s, []*script.Offer{script.EveryAmount}, script.Sifter.Sift)
			},
		},
		{
			name:    "loop",
			about:   "1,000,000 rounds of compare, add and modulo.",
			unit:    duration,
			rounds:  longRounds,
			prepare: loops,
		},
		{
			name:    "cold start",
			about:   "The decision's program from its text to its first result, in a warm process: the engine's state, parsing, compiling, one run. What an engine keeps for the next program of the process, such as flowrun's pools, is there already.",
			unit:    duration,
			rounds:  shortRounds,
			prepare: coldStarts,
		},
		{
			name:    "parse",
			about:   "A program of 10,000 statements, about 1 MB, from text to tree. flowrun's tree has the text of expressions; \"compiled\" is everything up to a program that can run. The multiples are those of the time of the row flowrun, to its tree. Allocations and bytes are those for a byte of the source.",
			unit:    throughput,
			rounds:  longRounds,
			prepare: parsers,
		},
	}
}

func orders() []*script.Order { return inputs(script.RandomOrder) }

func offers() []*script.Offer { return inputs(script.RandomOffer) }

// inputs draws the same inputs each time.
func inputs[In any](draw func(*rand.Rand) In) []In {
	random := rand.New(rand.NewPCG(5, 6))
	all := make([]In, different)
	for i := range all {
		all[i] = draw(random)
	}
	return all
}

func nothingToEnd() error { return nil }

// compiled are subjects that compile once and then run with the inputs in turn.
func compiled[E script.Engine, In, Out any](s scale, inputs []In, compile func(E) (func(In) (Out, error), error)) (subjects []measure.Subject, end func() error, err error) {
	for _, engine := range script.Able[E]() {
		run, err := compile(engine)
		if err != nil {
			return nil, nil, err
		}
		subjects = append(subjects, repeated(s, engine.Name(), inTurn(inputs, run)))
	}
	return subjects, nothingToEnd, nil
}

// inTurn runs with one input after the other.
func inTurn[In, Out any](inputs []In, run func(In) (Out, error)) func() error {
	n := 0
	return func() error {
		n++
		_, err := run(inputs[n%len(inputs)])
		return err
	}
}

// repeated is a subject that runs for the scale's time.
func repeated(s scale, name string, run func() error) measure.Subject {
	return measure.Subject{
		Name:    name,
		Measure: measure.Repeated(s.clock, run, s.time),
		Cost:    measure.Allocating(run, s.allocatedRuns),
	}
}

// once is a subject that runs for longer: once a measurement.
func once(s scale, name string, run func() error) measure.Subject {
	return measure.Subject{
		Name:    name,
		Measure: measure.Repeated(s.clock, run, 0),
		Cost:    measure.Allocating(run, 1),
	}
}

func loops(s scale) (subjects []measure.Subject, end func() error, err error) {
	for _, engine := range script.Able[script.Looper]() {
		run, err := engine.Loop()
		if err != nil {
			return nil, nil, err
		}
		subjects = append(subjects, once(s, engine.Name(), inTurn([]int{s.loopRounds}, run)))
	}
	return subjects, nothingToEnd, nil
}

func coldStarts(s scale) (subjects []measure.Subject, end func() error, err error) {
	for _, engine := range script.Able[script.Decider]() {
		if engine.Module() == "" {
			continue // Go is compiled before
		}
		subjects = append(subjects, repeated(s, engine.Name(), inTurn(orders(), func(order *script.Order) (string, error) {
			decide, err := engine.Decision()
			if err != nil {
				return "", err
			}
			return decide(order)
		})))
	}
	return subjects, nothingToEnd, nil
}

func parsers(s scale) (subjects []measure.Subject, end func() error, err error) {
	for _, parser := range script.Able[script.Parser]() {
		source := script.Source(parser, s.statements)
		subject := once(s, parser.Name(), func() error { return parser.Parse(source) })
		// What a byte of the source takes.
		size := float64(len(source))
		took, cost := subject.Measure, subject.Cost
		subject.Measure = func() (float64, error) {
			ns, err := took()
			return ns / size, err
		}
		subject.Cost = func() (measure.Cost, error) {
			c, err := cost()
			return measure.Cost{Allocations: c.Allocations / size, Bytes: c.Bytes / size}, err
		}
		subjects = append(subjects, subject)
	}
	return subjects, nothingToEnd, nil
}
