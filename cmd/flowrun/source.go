package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// standardInput is the file name that stands for stdin.
const standardInput = "-"

// maxFile is how much of a file is read, in bytes.
const maxFile = 64 << 20

// source is a flow that has been read.
type source struct {
	file string // as the user named it
	name string // for messages
	text string
}

// readSource reads a flow. What is longer than maxFile is cut, and found too
// long by the compiler, as shorter flows are.
func (s *session) readSource(ctx context.Context, file string) (source, error) {
	if file == standardInput {
		text, err := readUnlessDone(ctx, io.LimitReader(s.stdin, maxFile))
		if err != nil {
			return source{}, fmt.Errorf("cannot read standard input: %w", err)
		}
		return source{file: file, name: "stdin", text: string(text)}, nil
	}
	text, err := readFile(file, maxFile)
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
