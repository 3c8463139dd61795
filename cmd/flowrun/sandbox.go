package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/runtime/value"
	"flowrun/runtime/virtualtime"
)

// sandbox is the mail server that takes the place of every other one, and a
// throw-away store.
type sandbox struct {
	mailbox *mailtest.Server
	store   *lazyStore
	folder  string                   // of the store
	keys    map[email.Reference]bool // that sign mails
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
	return &sandbox{
		mailbox: mailbox,
		store:   &lazyStore{place: place},
		folder:  folder,
		keys:    map[email.Reference]bool{},
	}, nil
}

// close ends the sandbox, of which nothing stays.
func (s *sandbox) close() error {
	s.mailbox.Close()
	closing := s.store.close()
	return errors.Join(closing, os.RemoveAll(s.folder))
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
