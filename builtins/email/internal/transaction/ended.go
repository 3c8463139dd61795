package transaction

import (
	"context"
	"errors"
)

// Interrupted is the text of the cause of errors of [KindCancelled].
const Interrupted = "it was interrupted"

// ended is why a context has ended, in words for people.
type ended struct{ cause error }

// WhyEnded words the error of a context that has ended, which it wraps.
func WhyEnded(ctx context.Context) error { return &ended{ctx.Err()} }

// Error implements the error interface.
func (e *ended) Error() string {
	if errors.Is(e.cause, context.Canceled) {
		return Interrupted
	}
	return "the time for it has passed"
}

// Unwrap returns the context's error.
func (e *ended) Unwrap() error { return e.cause }
