package runtime

import (
	"errors"
	"fmt"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// hold counts what the run holds from now on; a negative size is let go.
func (r *run) hold(size int) error {
	held := r.held + size
	if size > 0 && held > r.program.limits.Variables {
		return r.holdsTooMuch()
	}
	r.held = held
	return nil
}

func (r *run) holdsTooMuch() error {
	return &value.LimitError{
		Message: fmt.Sprintf("the run would hold more than %s in its variables", value.FormatBytes(r.program.limits.Variables)),
		Option:  "Variables",
	}
}

// holdValue counts a value that the run holds from now on and gives its size.
func (r *run) holdValue(v any) (size int, err error) {
	if size, err = r.machine.Size(v); err != nil {
		return 0, err
	}
	return size, r.hold(size)
}

func (r *run) holdCell(c *expression.Cell) (size int, err error) {
	if size, err = r.machine.SizeOf(c); err != nil {
		return 0, err
	}
	return size, r.hold(size)
}

// holdAll counts the variables of a frame that was restored.
func (f *frame) holdAll() error {
	for slot := range f.Own {
		v := &f.Own[slot]
		if !v.IsSet() {
			continue
		}
		size, err := f.run.holdRestoredValue(v.Value())
		if err != nil {
			return err
		}
		v.Held = size
	}
	return nil
}

// holdRestored counts what a resumed run holds at flow level. Globals that the
// flow only reads are the host's.
func (r *run) holdRestored() error {
	if err := r.flow.holdAll(); err != nil {
		return err
	}
	for _, g := range r.program.globals {
		if !r.program.keeps(r.program.variables, g.slot) {
			r.held -= r.flow.Own[g.slot].Held
			r.flow.Own[g.slot].Held = 0
		}
	}
	for _, failure := range r.failures {
		if err := r.holdFailure(failure); err != nil {
			return err
		}
	}
	return nil
}

// errorSize is what an error counts beside its texts and fields.
const errorSize = 1 << 10

// holdFailure counts an error that the run keeps.
func (r *run) holdFailure(failure *Error) error {
	size, err := r.machine.Budget().Size(failure.record())
	if err != nil {
		return err
	}
	var whole *Failure // whose message may be longer than what is told of it
	if errors.As(failure.Cause, &whole) {
		size += max(0, len(whole.Message)-len(failure.Message)) + max(0, len(whole.Hint)-len(failure.Hint))
	}
	return r.hold(size + errorSize)
}

const (
	// slotSize is what a variable of a function counts beside its value.
	slotSize = 24
	// variablesPerStep is how many variables of a function are a step of its call.
	variablesPerStep = 16
)

// holdSlots counts the room for the variables of a function.
func (f *frame) holdSlots() error {
	size := slotSize * len(f.Own)
	if err := f.run.hold(size); err != nil {
		return err
	}
	f.slots = size
	return nil
}

// holdRestoredValue is holdValue for what a resumed run held before, and counted
// then.
func (r *run) holdRestoredValue(v any) (size int, err error) {
	if size, err = r.machine.Budget().Size(v); err != nil {
		return 0, err
	}
	return size, r.hold(size)
}

// letGo is the end of a frame: its variables are no longer held.
func (f *frame) letGo() {
	f.run.held -= f.slots
	for slot := range f.Own {
		f.run.held -= f.Own[slot].Held
	}
}

// store gives a variable a value. The error is a *value.LimitError.
func (f *frame) store(ref reference, v any) error { return f.storeCell(ref, expression.CellOf(v)) }

func (f *frame) storeCell(ref reference, c expression.Cell) error {
	if f.run.putQuickly(f.variable(ref), c) {
		return nil
	}
	size, err := f.run.machine.SizeOf(&c)
	if err != nil {
		return err
	}
	return f.put(ref, c, size)
}

// mostPut is how large what putQuickly puts may be: to measure it may make one step full.
const mostPut = 256

// putQuickly gives a variable a number, a truth or a short text, unless there is more to do:
// for other values, and when a limit or a look at the run is near.
func (r *run) putQuickly(v *expression.Variable, c expression.Cell) (done bool) {
	size := value.PlainSize
	if !c.IsScalar() {
		text, ok := c.Text()
		if size = value.SizeOfText(len(text)); !ok || size > mostPut {
			return false
		}
	}
	held := r.held + size - v.Held
	if limits := &r.program.limits; size > limits.Value || held > limits.Variables || !r.machine.Measured(size) {
		return false
	}
	r.held = held
	v.Put(c, size)
	return true
}

// put is store for a value whose size is known.
func (f *frame) put(ref reference, c expression.Cell, size int) error {
	variable := f.variable(ref)
	if growth := size - variable.Held; growth != 0 {
		if err := f.run.hold(growth); err != nil {
			return err
		}
	}
	variable.Put(c, size)
	return nil
}

// grow gives a variable a value that is by so many bytes larger than the one it
// has.
func (f *frame) grow(ref reference, v any, growth int) error {
	size := f.variable(ref).Held + growth
	if err := f.run.machine.Budget().CheckSize(size); err != nil {
		return err
	}
	return f.put(ref, expression.CellOf(v), size)
}

// lend gives a loop variable an element of what the loop holds already, or none
// any more.
func (f *frame) lend(slot int, c expression.Cell) {
	variable := &f.Own[slot]
	f.run.held -= variable.Held
	variable.Put(c, 0)
}

// limitError makes the run's error of a limit that package value found
// exceeded; nil when err is none.
func limitError(err error) *Error {
	var limit *value.LimitError
	if !errors.As(err, &limit) {
		return nil
	}
	return &Error{Kind: KindResource, Message: err.Error(), Hint: limit.Hint(), Cause: err}
}
