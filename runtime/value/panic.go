package value

import (
	"fmt"
	"runtime/debug"
)

// PanicError is a panic of something of the host; see runtime.PanicError.
type PanicError struct {
	// Value is what the function panicked with.
	Value any
	// Stack is the stack of the goroutine at the panic, as debug.Stack writes it.
	Stack []byte
}

// Error says what the function panicked with.
func (e *PanicError) Error() string { return "panic: " + e.Text() }

// Panicked makes a PanicError of what recover gave. It is called while the stack of the
// panic is still there.
func Panicked(reason any) *PanicError {
	return &PanicError{Value: reason, Stack: debug.Stack()}
}

// Text is the value of the panic in words; one that panics itself is told by its type.
func (e *PanicError) Text() (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("a %T without a text", e.Value)
		}
	}()
	switch v := e.Value.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(e.Value)
}
