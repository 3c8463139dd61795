package expression

import (
	"fmt"

	"flowrun/runtime/value"
)

// Limits bound what evaluations may make and hold. A zero field means its
// default.
type Limits struct {
	// Value is the most that one value may hold in bytes, 16 MiB by default.
	Value int
	// Depth is how deep lists and maps nest, 200 by default.
	Depth int
	// Pattern is the size of a regular expression in bytes, 1 KiB by default.
	Pattern int
	// Variables is the most that the variables of the run and one evaluation hold
	// together in bytes, 64 MiB by default.
	Variables int
}

// The default limits of evaluations; those of one value are in package value.
const (
	DefaultPattern   = 1 << 10
	DefaultVariables = 64 << 20
)

func (l Limits) withDefaults() Limits {
	or := func(limit *int, fallback int) {
		if *limit <= 0 {
			*limit = fallback
		}
	}
	or(&l.Value, value.DefaultBytes)
	or(&l.Depth, value.DefaultDepth)
	or(&l.Pattern, DefaultPattern)
	or(&l.Variables, DefaultVariables)
	return l
}

const (
	// bytesPerStep is how many bytes an operation may go through for one step.
	bytesPerStep = 1 << 10
	// operationsPerStep is how many operations of an expression are one step,
	// those beyond the first.
	operationsPerStep = 4
)

// makingEffort is what it costs to make a byte, beside going through one.
const makingEffort = 4

// count counts steps of the run.
func (m *Machine) count(steps int) error {
	if c := m.counter; c != nil && c.Taken+steps < c.CheckAt {
		c.Taken += steps
		return nil
	}
	if err := m.host.Steps(steps); err != nil {
		return &fault{message: err.Error(), host: err}
	}
	return nil
}

// spend counts the work of going through so many bytes.
func (m *Machine) spend(bytes int) error {
	m.spent += bytes
	if m.spent < bytesPerStep {
		return nil
	}
	steps := m.spent / bytesPerStep
	m.spent %= bytesPerStep
	return m.count(steps)
}

// SpendWithin counts work in bytes, as going through values does, unless the run is to be
// looked at for the steps that this makes full; it tells whether it has.
func (m *Machine) SpendWithin(bytes int) bool {
	spent := m.spent + bytes
	if spent >= bytesPerStep {
		c := m.counter
		if c == nil || c.Taken+spent/bytesPerStep >= c.CheckAt {
			return false
		}
		c.Taken += spent / bytesPerStep
		spent %= bytesPerStep
	}
	m.spent = spent
	return true
}

// Work is the work that is no whole step yet, in bytes.
func (m *Machine) Work() int { return m.spent }

// GoOn makes the work so far that of a Machine before.
func (m *Machine) GoOn(work int) error {
	if work < 0 || work >= bytesPerStep {
		return fmt.Errorf("%d bytes are no part of a step", work)
	}
	m.spent = work
	return nil
}

// text asks for a new text of so many bytes.
func (m *Machine) text(bytes int) error {
	if err := m.budget.CheckText(bytes); err != nil {
		return err
	}
	return m.made(bytes)
}

// list asks for a new list of so many elements.
func (m *Machine) list(elements int) error {
	if err := m.budget.CheckList(elements); err != nil {
		return err
	}
	return m.made(elements * value.PlainSize)
}

// whole looks at a value that was put together of others: it may be larger, and
// nest deeper, than each of them.
func (m *Machine) whole(v any) (any, error) {
	size, err := m.Size(v)
	if err != nil {
		return nil, err
	}
	return v, m.made(size)
}

// made counts what an evaluation makes. Each time that this has become much it
// looks at how much of it is still held.
func (m *Machine) made(bytes int) error {
	m.fresh, m.used = m.fresh+bytes, true
	if m.fresh >= m.limits.Variables/4 {
		m.fresh, m.known = 0, knownSizes{}
		if err := m.checkHeld(); err != nil {
			return err
		}
	}
	return m.spend(makingEffort * bytes)
}
