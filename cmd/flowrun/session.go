package main

import (
	"fmt"
	"io"

	"flowrun/lang"
)

// session is one invocation of the command: its streams and how they are
// coloured.
type session struct {
	env    func(name string) (value string, set bool)
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	out    palette
	err    palette
}

// variable gives an environment variable; unset and empty are the same.
func (s *session) variable(name string) string {
	value, _ := s.env(name)
	return value
}

// warn writes a warning of the command itself.
func (s *session) warn(warning string) {
	fmt.Fprintf(s.stderr, "%s warning: %s\n", s.err.red("flowrun:"), lang.VisibleLine(warning))
}

// rendering is how diagnostics and errors are written to stderr.
func (s *session) rendering() lang.RenderOptions {
	return lang.RenderOptions{Color: s.err.color, Width: s.err.width}
}

// checkedWriter remembers the first error of its writes.
type checkedWriter struct {
	to  io.Writer
	err error
}

func (w *checkedWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}
