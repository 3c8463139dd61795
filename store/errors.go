package store

import (
	"context"
	"errors"
	"fmt"

	"flowrun/builtins/email"
)

var (
	// ErrExists is wrapped by the error for an identifier or name that is taken.
	ErrExists = errors.New("it exists already")
	// ErrNewer is wrapped by the error for a store that a newer flowrun has made.
	ErrNewer = errors.New("the store is of a newer flowrun")
	// ErrLocked is wrapped by the error for a store that another process kept
	// locked for too long. The same may succeed later.
	ErrLocked = errors.New("the store is locked")
	// ErrUnreachable is wrapped by the error for a database that does not answer.
	// The same may succeed later.
	ErrUnreachable = errors.New("the database cannot be reached")
	// ErrFull is wrapped by the error for a store that has no room left.
	ErrFull = errors.New("the store is full")
)

// problem is an error of a kind that says in its own words what is wrong.
type problem struct {
	text string
	kind error
}

func (p *problem) Error() string { return p.text }
func (p *problem) Unwrap() error { return p.kind }

func problemf(kind error, format string, args ...any) error {
	return &problem{text: fmt.Sprintf(format, args...), kind: kind}
}

func notFound(what string, id int64) error {
	return problemf(email.ErrNotFound, "%s %d is not in the store", what, id)
}

func taken(what string, id int64) error {
	return problemf(ErrExists, "%s %d is in the store already: give another id, or none", what, id)
}

// failed completes the error of a statement: what was to be done, and what to do
// now where the database has a reason of its own.
func (s *Store) failed(doing string, err error) error {
	var told *problem
	if err == nil || errors.As(err, &told) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		err = problemf(context.Canceled, "it was interrupted")
	} else if described := s.dialect.describe(err); described != nil {
		err = described
	} else if errors.Is(err, context.DeadlineExceeded) {
		err = problemf(context.DeadlineExceeded, "it was not done in time")
	}
	return fmt.Errorf("%s: %w", doing, err)
}
