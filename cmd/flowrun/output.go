package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// outputAdvice completes the help of a command whose output is a content.
func outputAdvice(begin string) string {
	return begin + ` to standard output, which must not be a
terminal, or to the file of -o, which appears when it is complete.`
}

// output writes content to a file, or else to standard output.
func (s *session) output(file string, content io.Reader) error {
	if file == "" || file == standardInput {
		if s.out.terminal {
			return usagef("standard output is a terminal, which the content could upset: write -o FILE, or lead it elsewhere")
		}
		if _, err := io.Copy(s.stdout, content); err != nil {
			return fmt.Errorf("standard output lacks a part of the content: %w", withoutPath(err))
		}
		return nil
	}
	if err := writeWhole(file, content); err != nil {
		return fmt.Errorf("cannot write %s: %w", file, withoutPath(err))
	}
	return nil
}

// writeWhole writes a file that nobody sees half: it stands beside its place
// under another name until it is complete. What is no file of its own, such as a
// pipe, is written as it is.
func writeWhole(name string, content io.Reader) (err error) {
	mode := fs.FileMode(0o600)
	found, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return withoutPath(err)
	case !found.Mode().IsRegular():
		return writeThrough(name, content)
	default:
		mode = found.Mode().Perm()
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".flowrun-*")
	if err != nil {
		return withoutPath(err)
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
		}
	}()
	if _, err = io.Copy(file, content); err != nil {
		return err
	}
	if err = errors.Join(file.Chmod(mode), file.Sync()); err != nil {
		return err
	}
	if err = file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

func writeThrough(name string, content io.Reader) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return withoutPath(err)
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

// withoutPath leaves out the name of a file that is told anyway.
func withoutPath(err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}
