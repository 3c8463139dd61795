package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
)

func newProfilesTest(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:   "test NAME",
		Short: "Tries a profile out, without sending anything",
		Long: `Tries a profile out: connects to its server, authenticates, tells what the
server offers and leaves again. Nothing is sent. The key of a profile that signs is
read, too.`,
		Example: "  flowrun profiles test shop",
		Args:    arguments(1, 1, "NAME"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				tested := &testAnswer{}
				one, err := findProfile(ctx, work, args[0])
				if err != nil {
					return tested, err
				}
				tested.profile = &one
				if one.Disabled {
					work.warn(ctx, fmt.Sprintf("the profile %q is disabled, so that no flow can use it", one.Name))
				}
				if one.SkipVerify {
					work.warn(ctx, fmt.Sprintf("the profile %q does not verify the certificate of its server: anyone in between can read the mails and the password", one.Name))
				}
				found, err := email.Probe(ctx, s.mailConfig(work.opened, work.warn), one)
				if err != nil {
					return tested, fmt.Errorf("the profile %q does not work: %w%s", one.Name, err, tlsAdvice(err))
				}
				tested.findings = &found
				return tested, nil
			})
		},
	}
	o.addTo(command)
	return command
}

// tlsAdvice says which flags make a profile that TLS does not fail with.
func tlsAdvice(err error) string {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var record tls.RecordHeaderError
	flag := ""
	switch {
	case errors.As(err, &authority):
		flag = "--ca FILE, which holds the certificate of that authority"
	case errors.As(err, &name):
		flag = "--server HOST as the certificate names it"
	case errors.As(err, &record):
		flag = "--tls starttls"
	default:
		return ""
	}
	return ". For a profile: add it again with --replace and " + flag
}

// mailConfig is the host of commands that deal with servers themselves.
func (s *session) mailConfig(kept email.Store, warn func(context.Context, string)) email.Config {
	return email.Config{
		PrivateAddresses: true,
		Store:            kept,
		Resolve:          email.ReferencesOf(s.env),
		Warn:             warn,
	}
}

// testAnswer tells what a session with the server of a profile showed.
type testAnswer struct {
	profile  *email.Profile  // nil when there is none
	findings *email.Findings // nil when the session failed
}

func (a *testAnswer) show(w io.Writer, p palette) {
	found := a.findings
	if found == nil {
		return
	}
	fmt.Fprintln(w, p.bold(fmt.Sprintf("profile %d %s works", a.profile.ID, quotedLine(a.profile.Name))))
	writeField(w, p, "server", found.Server)
	writeField(w, p, "tls", orElse(found.TLS, "none: everything is sent in plain text"))
	writeField(w, p, "auth", orElse(found.Auth, "none"))
	size := "the server does not say"
	if found.MaxSize > 0 {
		size = "at most " + bytesText(found.MaxSize) + " a mail"
	}
	writeField(w, p, "size", size)
	writeField(w, p, "extensions", strings.Join(found.Extensions, ", "))
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// findingsDocument are findings for programs.
type findingsDocument struct {
	Server     string   `json:"server"`
	TLS        string   `json:"tls"`
	Auth       string   `json:"auth"`
	Extensions []string `json:"extensions"`
	MaxSize    int64    `json:"maxSize"`
}

func (a *testAnswer) document(head storeDocument) any {
	document := struct {
		storeDocument
		Profiles []profileDocument `json:"profiles"`
		Findings *findingsDocument `json:"findings"`
	}{storeDocument: head, Profiles: []profileDocument{}}
	if a.profile != nil {
		document.Profiles = append(document.Profiles, newProfileDocument(*a.profile))
	}
	if found := a.findings; found != nil {
		document.Findings = &findingsDocument{
			Server:     found.Server,
			TLS:        found.TLS,
			Auth:       found.Auth,
			Extensions: each(found.Extensions, same),
			MaxSize:    found.MaxSize,
		}
	}
	return document
}
