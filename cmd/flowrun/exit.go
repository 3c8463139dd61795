package main

import (
	"errors"
	"fmt"
	"strings"

	"flowrun/lang"
)

// The exit statuses of the command.
const (
	statusDone        = 0   // what was asked for is done
	statusFailed      = 1   // the run failed
	statusInvalid     = 2   // the flow does not check
	statusUsage       = 3   // wrong usage: arguments, files that cannot be read, inputs that do not fit
	statusInterrupted = 130 // SIGINT or SIGTERM
)

// statusNames are the statuses as JSON has them.
var statusNames = map[int]string{
	statusDone:        "done",
	statusFailed:      "failed",
	statusInvalid:     "invalid",
	statusUsage:       "usage",
	statusInterrupted: "interrupted",
}

// exitError ends the command with a status when everything has been said.
type exitError struct{ status int }

func (e *exitError) Error() string { return fmt.Sprintf("exit status %d", e.status) }

// exit is the error that ends the command with a status; nil for done.
func exit(status int) error {
	if status == statusDone {
		return nil
	}
	return &exitError{status}
}

// usageError is wrong usage that has not been reported yet.
type usageError struct{ cause error }

func (e *usageError) Error() string { return e.cause.Error() }
func (e *usageError) Unwrap() error { return e.cause }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// statusOf reports an error, unless it has been, and gives the exit status.
// cobra's own errors are about the arguments.
func (s *session) statusOf(err error) int {
	var ended *exitError
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &ended):
		return ended.status
	}
	s.complain(err)
	return statusUsage
}

// complain writes a message of the command itself; further lines are indented.
func (s *session) complain(err error) {
	text := strings.ReplaceAll(lang.Visible(err.Error()), "\n", "\n  ")
	fmt.Fprintf(s.stderr, "%s %s\n", s.err.red("flowrun:"), text)
}
