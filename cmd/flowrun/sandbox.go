package main

import (
	"fmt"
	"net"
	"strconv"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/runtime/value"
	"flowrun/runtime/virtualtime"
)

// sandbox is the mail server that takes the place of every other one.
type sandbox struct {
	mailbox *mailtest.Server
}

func openSandbox() (*sandbox, error) {
	mailbox, err := mailtest.Start(mailtest.WithAnyName(), mailtest.WithPlaintextAuth())
	if err != nil {
		return nil, fmt.Errorf("cannot start the sandbox: %w", err)
	}
	return &sandbox{mailbox}, nil
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
