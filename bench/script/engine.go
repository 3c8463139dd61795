// Package script compares engines that run small programs inside a Go program: one
// file an engine, each with the workloads that it can do.
//
// An engine compiles a program once, and what it gives then runs many times, each
// time with values of its own. A workload's program says the same in every
// engine's language, written as its users would write it; the programs are in the
// folder programs.
package script

// Engine is one of those that are compared. What it can do, it has methods for:
// see Decider, Conditioner, Sifter, Looper and Parser.
type Engine interface {
	// Name is what tables call it.
	Name() string
	// Module is the Go module that it comes from, "" for Go itself.
	Module() string
}

// Decider runs the decision: a program of some 40 lines with 8 inputs, an
// if / else-if chain, a switch over 5 ways, 3 calls of Quote and a text with 7
// values in it.
type Decider interface {
	Engine
	// Decision makes everything from the program's text: the engine's state, the
	// host function, the compiled program.
	Decision() (decide func(*Order) (string, error), err error)
}

// Conditioner evaluates one condition about three variables.
type Conditioner interface {
	Engine
	Condition() (matches func(*Offer) (bool, error), err error)
}

// Sifter evaluates the condition for every amount from 1 to that of an offer, and
// counts how often it holds: in the program, or for an engine without loops, in a
// loop of the host.
type Sifter interface {
	Engine
	Sift() (count func(*Offer) (int, error), err error)
}

// Looper runs rounds of compare, add and modulo.
type Looper interface {
	Engine
	Loop() (run func(rounds int) (int, error), err error)
}

// Parser reads a program and gives its tree.
type Parser interface {
	Engine
	// Statement writes the n-th statement of a long program, about 100 bytes with
	// its line end.
	Statement(n int) string
	// Parse reads a program of such statements.
	Parse(source string) error
}

// Engines are all of them. flowrun, against which the others are measured, is the
// first.
func Engines() []Engine {
	return []Engine{
		Flowrun{}, FlowrunRun{}, FlowrunCompile{}, Expr{}, CEL{}, Lua{}, Goja{}, Starlark{}, Tengo{}, Otto{}, HCL{}, Go{},
	}
}

// Able are the engines that can do what E asks for.
func Able[E Engine]() []E {
	var able []E
	for _, engine := range Engines() {
		if e, ok := engine.(E); ok {
			able = append(able, e)
		}
	}
	return able
}
