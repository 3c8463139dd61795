package runtime

import (
	"errors"
	"fmt"

	"flowrun/runtime/value"
)

// hold counts what the run holds from now on; a negative size is let go.
func (r *run) hold(size int) error {
	held := r.held + size
	if size > 0 && held > r.program.limits.Variables {
		return &value.LimitError{
			Message: fmt.Sprintf("the run would hold more than %s in its variables", value.FormatBytes(r.program.limits.Variables)),
			Option:  "Variables",
		}
	}
	r.held = held
	return nil
}

// holdValue counts a value that the run holds from now on and gives its size.
func (r *run) holdValue(v any) (size int, err error) {
	if size, err = r.machine.Size(v); err != nil {
		return 0, err
	}
	return size, r.hold(size)
}

// holdAll counts the variables of a frame that was restored.
func (f *frame) holdAll() error {
	for slot, v := range f.variables {
		if _, missing := v.(unset); missing {
			continue
		}
		size, err := f.run.holdRestoredValue(v)
		if err != nil {
			return err
		}
		f.sizes[slot] = size
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
			r.held -= r.flow.sizes[g.slot]
			r.flow.sizes[g.slot] = 0
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
	size := slotSize * len(f.variables)
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
	for _, size := range f.sizes {
		f.run.held -= size
	}
}

// store gives a variable a value. The error is a *value.LimitError.
func (f *frame) store(ref reference, v any) error {
	size, err := f.run.machine.Size(v)
	if err != nil {
		return err
	}
	return f.put(ref, v, size)
}

// put is store for a value whose size is known.
func (f *frame) put(ref reference, v any, size int) error {
	owner := f
	if ref.flow {
		owner = f.run.flow
	}
	if err := f.run.hold(size - owner.sizes[ref.slot]); err != nil {
		return err
	}
	owner.variables[ref.slot], owner.sizes[ref.slot] = v, size
	return nil
}

// grow gives a variable a value that is by so many bytes larger than the one it
// has.
func (f *frame) grow(ref reference, v any, growth int) error {
	owner := f
	if ref.flow {
		owner = f.run.flow
	}
	size := owner.sizes[ref.slot] + growth
	if err := f.run.machine.Budget().CheckSize(size); err != nil {
		return err
	}
	return f.put(ref, v, size)
}

// lend gives a loop variable an element of what the loop holds already.
func (f *frame) lend(slot int, v any) {
	f.run.held -= f.sizes[slot]
	f.variables[slot], f.sizes[slot] = v, 0
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
