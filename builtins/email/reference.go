package email

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Reference names a password, token or key without holding it: `env:NAME` is an
// environment variable, `file:PATH` the content of a file. It is resolved when it
// is used and nowhere kept. The zero Reference is none.
type Reference string

// maxReference bounds the content of a referenced file in bytes.
const maxReference = 64 << 10

// Check reports a reference that has neither form. Its error does not repeat the
// text, which may be a password that stands in the wrong place.
func (r Reference) Check() error {
	kind, name, found := strings.Cut(string(r), ":")
	if r == "" || found && name != "" && (kind == "env" || kind == "file") && !strings.ContainsAny(name, "\x00\n\r") {
		return nil
	}
	return errors.New("it is no reference: write env:NAME for an environment variable or file:PATH for a file")
}

// Resolver gives what a reference stands for.
type Resolver func(Reference) (string, error)

// ResolveReference gives what a reference stands for in this process: an
// environment variable, or a file without the line break at its end. An empty one
// is an error, and no error holds what was found.
func ResolveReference(r Reference) (string, error) {
	return ReferencesOf(os.LookupEnv)(r)
}

// ReferencesOf is ResolveReference for another environment.
func ReferencesOf(env func(name string) (value string, set bool)) Resolver {
	return func(r Reference) (string, error) {
		if err := r.Check(); err != nil {
			return "", err
		}
		if r == "" {
			return "", nil
		}
		kind, name, _ := strings.Cut(string(r), ":")
		if kind == "env" {
			if text, _ := env(name); text != "" {
				return text, nil
			}
			return "", fmt.Errorf("the environment variable %s is not set", name)
		}
		return referencedFile(name)
	}
}

func referencedFile(path string) (string, error) {
	found, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !found.Mode().IsRegular() || found.Size() > maxReference {
		return "", fmt.Errorf("%s is not a file of at most %d bytes", path, maxReference)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if text == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	return text, nil
}
