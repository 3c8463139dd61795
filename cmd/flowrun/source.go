package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"flowrun/lang"
)

// standardInput is the file name that stands for stdin.
const standardInput = "-"

// maxInputs is the size of a file of inputs in bytes.
const maxInputs = 64 << 20

// sourceRead is how much of a flow is read, in bytes: enough for the compiler to
// find it too large.
func sourceRead() int64 { return int64(lang.DefaultLimits.Source) + 1 }

// source is a flow that has been read.
type source struct {
	file string // as the user named it
	name string // for messages
	text string
}

// readSource reads a flow. What is larger than a flow may be is cut, and found too
// large by the compiler.
func (s *session) readSource(ctx context.Context, file string) (source, error) {
	if file == standardInput {
		text, err := readUnlessDone(ctx, io.LimitReader(s.stdin, sourceRead()))
		if err != nil {
			return source{}, fmt.Errorf("cannot read standard input: %w", err)
		}
		return source{file: file, name: "stdin", text: string(text)}, nil
	}
	text, err := readFile(file, sourceRead())
	return source{file: file, name: file, text: string(text)}, err
}

// readUnlessDone reads all of r, unless ctx ends before.
func readUnlessDone(ctx context.Context, r io.Reader) ([]byte, error) {
	type outcome struct {
		text []byte
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		text, err := io.ReadAll(r)
		done <- outcome{text, err}
	}()
	select {
	case read := <-done:
		return read.text, read.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readFile reads at most limit bytes of a file. Its errors are wrong usage.
func readFile(name string, limit int64) ([]byte, error) {
	text, err := func() ([]byte, error) {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return io.ReadAll(io.LimitReader(file, limit))
	}()
	if err == nil {
		return text, nil
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return nil, &usageError{fmt.Errorf("cannot read %s: %w", name, err)}
}

// inputsBeside names the file of inputs that belongs to a flow's file.
func inputsBeside(file string) string {
	return strings.TrimSuffix(file, ".flow") + ".inputs.json"
}
