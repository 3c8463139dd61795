// Package sandbox is where flows are tried: a mail server that takes the place of
// every other one and delivers nothing, and a throw-away store.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/store"
)

// Sandbox is one sandbox, for one run or for several after another.
type Sandbox struct {
	// Mailbox captures what is sent.
	Mailbox *mailtest.Server
	// Store is made when it is first needed.
	Store *store.Lazy

	folder string                   // of the store
	keys   map[email.Reference]bool // that sign mails
}

// Open opens a sandbox. Close it when done.
func Open() (*Sandbox, error) {
	mailbox, err := mailtest.Start(mailtest.WithAnyName(), mailtest.WithPlaintextAuth())
	if err != nil {
		return nil, fmt.Errorf("cannot start the sandbox: %w", err)
	}
	folder, err := os.MkdirTemp("", "flowrun-sandbox-")
	if err != nil {
		mailbox.Close()
		return nil, fmt.Errorf("cannot start the sandbox: %w", err)
	}
	path := filepath.Join(folder, "store.db")
	return &Sandbox{
		Mailbox: mailbox,
		Store: store.NewLazy(
			func(ctx context.Context) (*store.Store, error) { return openStore(ctx, path) },
			func() bool { return store.FileAbsent(path) },
		),
		folder: folder,
		keys:   map[email.Reference]bool{},
	}, nil
}

// Close ends the sandbox, of which nothing stays.
func (s *Sandbox) Close() error {
	s.Mailbox.Close()
	closing := s.Store.Close()
	return errors.Join(closing, os.RemoveAll(s.folder))
}

// Redirect leads every session to the sandbox, with verified TLS.
func (s *Sandbox) Redirect() *email.Redirect {
	return &email.Redirect{
		Address:    s.Mailbox.Addr(),
		TLSAddress: net.JoinHostPort(s.Mailbox.Host(), strconv.Itoa(s.Mailbox.TLSPort())),
		RootCAs:    s.Mailbox.CertPool(),
	}
}
