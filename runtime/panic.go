package runtime

import (
	"errors"

	"flowrun/runtime/value"
)

// PanicError is a panic of a component or of something else of the host: an observer,
// the Effects, a decoder of settings, a String method. errors.As finds it in the error
// of the run, or in the Diagnostic when it was a check that panicked. Its Value is what
// the function panicked with and its Stack where: they are for the host's logs. Messages
// of the run, which a flow can read and a user sees, say only what broke down.
type PanicError = value.PanicError

// panicIn finds the panic that led to an error, or gives nil.
func panicIn(err error) error {
	if broken := (*PanicError)(nil); errors.As(err, &broken) {
		return broken
	}
	return nil
}
