package runtime

import (
	"fmt"
	"runtime/debug"
)

// PanicError is a panic of a component or of something else of the host, for
// errors.As: it stands in the chain of the error of the run. What it holds is for the
// host; a flow sees only that something broke down.
type PanicError struct {
	// Value is what the function panicked with.
	Value any
	// Stack is the stack of the goroutine at the panic, as debug.Stack writes it.
	Stack []byte
}

// Error says what the function panicked with.
func (e *PanicError) Error() string { return "panic: " + panicText(e.Value) }

// panicked makes a PanicError of what recover gave. It is called while the stack of the
// panic is still there.
func panicked(reason any) *PanicError {
	return &PanicError{Value: reason, Stack: debug.Stack()}
}

// panicText writes the value of a panic; one that panics itself is told by its type.
func panicText(v any) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("a %T without a text", v)
		}
	}()
	switch v := v.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(v)
}
