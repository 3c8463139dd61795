package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/store"
)

// stuck is a stream that gives a text, and then nothing more; asked for more it
// calls interrupt.
type stuck struct {
	text      io.Reader
	interrupt func()
}

// Read implements io.Reader.
func (s *stuck) Read(p []byte) (int, error) {
	if n, _ := s.text.Read(p); n > 0 {
		return n, nil
	}
	s.interrupt()
	select {}
}

func TestInterruptedAddStoresNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, err bytes.Buffer
	status := Main(ctx, Process{
		Args:   []string{"files", "add", "-", "--name", "half.txt", "--store", path},
		Env:    func(string) (string, bool) { return "", false },
		Stdin:  &stuck{text: strings.NewReader("half"), interrupt: cancel},
		Stdout: &out,
		Stderr: &err,
	})
	if status != statusInterrupted || err.String() != "flowrun: interrupted\n" || !strings.Contains(out.String(), `"status": "interrupted"`) {
		t.Errorf("status %d\n%s%s", status, out.String(), err.String())
	}
	st, failure := store.Open(t.Context(), path)
	if failure != nil {
		t.Fatal(failure)
	}
	defer st.Close()
	files, failure := st.Files(t.Context())
	if failure != nil || len(files) != 0 {
		t.Errorf("the store has %v %v", files, failure)
	}
}

// failing is a stream that breaks.
type failing struct{ text io.Reader }

// Read implements io.Reader.
func (f *failing) Read(p []byte) (int, error) {
	if n, _ := f.text.Read(p); n > 0 {
		return n, nil
	}
	return 0, io.ErrUnexpectedEOF
}

func TestAddOfAStreamThatBreaksStoresNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	var out, err bytes.Buffer
	process := Process{
		Args:   []string{"files", "add", "-", "--name", "half.txt", "--store", path, "--table"},
		Env:    func(string) (string, bool) { return "", false },
		Stdin:  &failing{strings.NewReader("half")},
		Stdout: &out,
		Stderr: &err,
	}
	if status := Main(t.Context(), process); status != statusFailed || !strings.Contains(err.String(), "unexpected EOF") {
		t.Errorf("status %d\n%s%s", status, out.String(), err.String())
	}
	process.Args = []string{"files", "list", "--store", path, "--table"}
	if status := Main(t.Context(), process); status != statusDone || !strings.HasPrefix(out.String(), "There are no files") {
		t.Errorf("status %d\n%s", status, out.String())
	}
}
