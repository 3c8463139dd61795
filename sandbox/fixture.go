package sandbox

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"flowrun/builtins/email"
	"flowrun/runtime/value"
	"flowrun/store/fixture"
)

// maxFixture bounds a file that fills the store, in bytes.
const maxFixture = 64 << 20

// FixtureBeside names the file that fills the sandbox's store for a flow.
func FixtureBeside(flow string) string {
	return strings.TrimSuffix(flow, ".flow") + ".store.json"
}

// FixtureError tells why a file does not fill the store.
type FixtureError struct {
	// Problems are everything that is wrong in the file, when it could be read.
	Problems []string

	message string
	cause   error
}

// Error gives the problems a line each.
func (e *FixtureError) Error() string {
	return strings.Join(append([]string{e.message}, e.Problems...), "\n")
}

// Unwrap gives the cause.
func (e *FixtureError) Unwrap() error { return e.cause }

// Fill fills the store from the fixture beside a flow, when there is one. What is
// wrong with the file is a *FixtureError.
func (s *Sandbox) Fill(ctx context.Context, flow string) error {
	file := FixtureBeside(flow)
	s.Store.Hint = "the sandbox has a store of its own: add it to " + file
	text, err := readFixture(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	opened, err := s.Store.Use(ctx)
	if err != nil {
		return err
	}
	err = fixture.Load(ctx, opened, filepath.Dir(file), text)
	var syntax *value.SyntaxError
	var unfit *fixture.Error
	switch {
	case errors.As(err, &syntax):
		return &FixtureError{message: syntax.In(file, text), cause: err}
	case errors.As(err, &unfit):
		return &FixtureError{message: file + " does not fill the sandbox's store", Problems: unfit.Problems, cause: err}
	case err != nil:
		return fmt.Errorf("cannot fill the sandbox's store from %s: %w", file, err)
	}
	profiles, err := opened.Profiles(ctx)
	for _, profile := range profiles {
		if profile.DKIM != nil {
			s.keys[profile.DKIM.Key] = true
		}
	}
	return err
}

// byteOrderMark is what some editors begin a UTF-8 file with.
var byteOrderMark = []byte("\ufeff")

func readFixture(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFixture+1))
	if err != nil {
		return nil, unreadable(name, err)
	}
	if len(text) > maxFixture {
		return nil, &FixtureError{message: fmt.Sprintf("%s is larger than %d MiB", name, maxFixture>>20)}
	}
	return bytes.TrimPrefix(text, byteOrderMark), nil
}

func unreadable(name string, err error) error {
	reason := err
	var path *fs.PathError
	if errors.As(err, &path) {
		reason = path.Err
	}
	return &FixtureError{message: fmt.Sprintf("cannot read %s: %v", name, reason), cause: err}
}

// Resolver stands in for references that lead nowhere here: the sandbox takes
// every password, and a key of its own signs mails.
func (s *Sandbox) Resolver(resolve email.Resolver) email.Resolver {
	return func(reference email.Reference) (string, error) {
		if text, err := resolve(reference); err == nil {
			return text, nil
		}
		if s.keys[reference] {
			return throwawayKey()
		}
		return "sandbox", nil
	}
}

// throwawayKey makes a PEM key that can sign.
func throwawayKey() (string, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}
