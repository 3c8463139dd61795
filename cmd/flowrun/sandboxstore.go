package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"flowrun/builtins/email"
	"flowrun/runtime/value"
	"flowrun/store/fixture"
)

// maxFixture bounds a file that fills the store, in bytes.
const maxFixture = 64 << 20

// fill fills the store from the fixture beside a flow, when there is one. Its
// errors are wrong usage.
func (s *sandbox) fill(ctx context.Context, flow string) error {
	if flow == standardInput {
		s.store.hint = "the sandbox has a store of its own, which NAME.store.json fills for a flow in a file NAME.flow"
		return nil
	}
	file := fixtureBeside(flow)
	s.store.hint = "the sandbox has a store of its own: add it to " + file
	text, err := readFile(file, maxFixture+1)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(text) > maxFixture:
		return usagef("%s is larger than %d MiB", file, maxFixture>>20)
	}
	text = bytes.TrimPrefix(text, byteOrderMark)
	opened, err := s.store.use(ctx)
	if err != nil {
		return err
	}
	err = fixture.Load(ctx, opened, filepath.Dir(file), text)
	var syntax *value.SyntaxError
	var unfit *fixture.Error
	switch {
	case errors.As(err, &syntax):
		return usagef("%s", syntaxText(file, text, syntax))
	case errors.As(err, &unfit):
		return &fixtureError{file: file, problems: unfit.Problems}
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

// fixtureError lists everything that is wrong with a fixture.
type fixtureError struct {
	file     string
	problems []string
}

func (e *fixtureError) list() []string { return e.problems }

func (e *fixtureError) Error() string {
	return strings.Join(append([]string{e.file + " does not fill the sandbox's store"}, e.problems...), "\n")
}

// resolver stands in for references that lead nowhere here: the sandbox takes
// every password, and a key of its own signs mails.
func (s *sandbox) resolver(resolve email.Resolver) email.Resolver {
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
