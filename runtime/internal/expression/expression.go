// Package expression compiles the expressions of a flow and evaluates them. expr
// parses them; what is evaluated is its tree with checked operations in place of
// expr's own, as Go closures over the variables' slots, or on expr's VM where there
// are predicates. The engine sees Compiler, Compiled and Machine, and nothing of
// either.
package expression

import (
	"time"

	"flowrun/lang"
)

// Slot addresses a variable in a Frame.
type Slot int

// Scope resolves names while an expression is compiled.
type Scope interface {
	// Lookup finds a declared name.
	Lookup(name string) (Slot, bool)
	// Names lists every name that may be used here, for "did you mean".
	Names() []string
	// Undeclared gives a hint for a name that Lookup does not find, or "".
	Undeclared(name string) string
}

// Frame is what an expression may read while it is evaluated.
type Frame struct {
	// Own are the variables of the place where the expression stands, by slot.
	Own []Variable
	// Flow are those of the flow around it; the slot ^i is Flow[i].
	Flow []Variable
	// Explain words the error of a variable without a value.
	Explain Explainer
}

// Explainer explains to the user that a variable has no value yet: `count has no
// value yet` and a hint, which may be empty.
type Explainer interface {
	Unset(slot Slot, name string) (message, hint string)
}

// Variable gives a variable by its slot.
func (f *Frame) Variable(slot Slot) *Variable {
	if slot < 0 {
		return &f.Flow[^slot]
	}
	return &f.Own[slot]
}

// Counter counts the steps of a run.
type Counter struct {
	Taken int
	// CheckAt is the count at which the run has to be looked at: before that, a step
	// needs no more than to be counted.
	CheckAt int
}

// Host is what expressions may see of their run.
type Host interface {
	Now() time.Time
	Random() uint64
	Location() *time.Location
	// Steps counts n steps and fails when the run's limit is reached or the run
	// was cancelled.
	Steps(n int) error
	// Counter is where steps may be counted without asking Steps; nil: nowhere.
	Counter() *Counter
	// Held is the size of all variables of the run in bytes.
	Held() int
}

// Mode tells what is made of the string templates in tail position (the whole
// expression, the elements of a list literal, the branches of `?:` and `??`).
type Mode uint8

const (
	// Plain makes strings of them.
	Plain Mode = iota
	// Templates keeps them apart: a literal in tail position gives a
	// *value.Template.
	Templates
	// Collection is Plain for what a `for` goes through: an integer range in tail
	// position gives a value.Range and is never built.
	Collection
)

// Error is a failure of an evaluation, at a place in the source.
type Error struct {
	Span    lang.Span
	Message string
	Hint    string // may be empty
	// Err is set when the failure is not the expression's own but its host's:
	// what Host.Steps returned, or a panic.
	Err error
}

func (e *Error) Error() string { return e.Message }

// Unwrap gives the host's error, if any.
func (e *Error) Unwrap() error { return e.Err }
