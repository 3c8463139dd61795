package runtime

import (
	"errors"

	"flowrun/runtime/value"
)

// PanicError is a panic of a component or of something else of the host, for
// errors.As: it stands in the chain of the error of the run, or of the Diagnostic when
// it was a check. What it holds is for the host; a flow sees only that something broke
// down.
type PanicError = value.PanicError

// panicIn finds the panic that led to an error, or gives nil.
func panicIn(err error) error {
	if broken := (*PanicError)(nil); errors.As(err, &broken) {
		return broken
	}
	return nil
}
