package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/runtime/value"
	"flowrun/runtime/virtualtime"
	"flowrun/store/fixture"
)

// sandbox is the mail server that takes the place of every other one, and a
// throw-away store.
type sandbox struct {
	mailbox *mailtest.Server
	store   *lazyStore
	folder  string // of the store
}

func openSandbox() (*sandbox, error) {
	mailbox, err := mailtest.Start(mailtest.WithAnyName(), mailtest.WithPlaintextAuth())
	if err != nil {
		return nil, fmt.Errorf("cannot start the sandbox: %w", err)
	}
	folder, err := os.MkdirTemp("", "flowrun-sandbox-")
	if err != nil {
		mailbox.Close()
		return nil, fmt.Errorf("cannot start the sandbox: %w", err)
	}
	place := storePlace{location: filepath.Join(folder, "store.db")}
	return &sandbox{mailbox: mailbox, store: &lazyStore{place: place}, folder: folder}, nil
}

// close ends the sandbox, of which nothing stays.
func (s *sandbox) close() error {
	s.mailbox.Close()
	closing := s.store.close()
	return errors.Join(closing, os.RemoveAll(s.folder))
}

// maxFixture bounds a file that fills the store, in bytes.
const maxFixture = 64 << 20

// fill fills the store from the fixture beside a flow, when there is one. Its
// errors are wrong usage.
func (s *sandbox) fill(ctx context.Context, flow string) error {
	if flow == standardInput {
		return nil
	}
	file := fixtureBeside(flow)
	text, err := readFile(file, maxFixture+1)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(text) > maxFixture:
		return usagef("%s is larger than %d MiB", file, maxFixture>>20)
	}
	opened, err := s.store.use(ctx)
	if err != nil {
		return err
	}
	err = fixture.Load(ctx, opened, filepath.Dir(file), bytes.TrimPrefix(text, byteOrderMark))
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
	return nil
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

// redirect leads every session to the sandbox, with verified TLS.
func (s *sandbox) redirect() *email.Redirect {
	return &email.Redirect{
		Address:    s.mailbox.Addr(),
		TLSAddress: net.JoinHostPort(s.mailbox.Host(), strconv.Itoa(s.mailbox.TLSPort())),
		RootCAs:    s.mailbox.CertPool(),
	}
}

// effects let every wait pass at once, and say so.
func (s *sandbox) effects(say func(string)) runtime.Effects {
	advice := " (--real-time waits)"
	return virtualtime.New(time.Now(), func(wait time.Duration) {
		say("sandbox: a wait of " + value.FormatDuration(rounded(wait)) + " passes at once" + advice)
		advice = ""
	})
}

// rounded is a duration with as many digits as people care for.
func rounded(d time.Duration) time.Duration {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second)
	case d >= time.Millisecond:
		return d.Round(time.Millisecond)
	}
	return d
}
