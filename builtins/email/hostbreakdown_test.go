package email_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/runtime"
)

// panickingStore breaks down in one of its methods.
type panickingStore struct {
	email.Store
	in string
}

func (s *panickingStore) breakIn(method string) {
	if s.in == method {
		panic("boom")
	}
}

func (s *panickingStore) ProfileByName(ctx context.Context, name string) (email.Profile, error) {
	s.breakIn("ProfileByName")
	return s.Store.ProfileByName(ctx, name)
}

func (s *panickingStore) Keep(ctx context.Context, m email.Message, content io.Reader) (email.Message, bool, error) {
	s.breakIn("Keep")
	return s.Store.Keep(ctx, m, content)
}

func (s *panickingStore) Claim(ctx context.Context, id int64, from ...email.State) (email.Claim, error) {
	s.breakIn("Claim")
	claim, err := s.Store.Claim(ctx, id, from...)
	return panickingClaim{claim, s}, err
}

type panickingClaim struct {
	email.Claim
	store *panickingStore
}

func (c panickingClaim) Done(ctx context.Context, attempt email.Attempt) error {
	err := c.Claim.Done(ctx, attempt)
	c.store.breakIn("Done")
	return err
}

type panickingTransport struct{}

func (panickingTransport) RoundTrip(*http.Request) (*http.Response, error) { panic("boom") }

// TestEveryHookOfTheHostMayBreakDownInAMail has each of them panic: the call fails
// at its place, and the next mail of the same host goes.
func TestEveryHookOfTheHostMayBreakDownInAMail(t *testing.T) {
	kept := func(method string) func(*email.Config) {
		return func(c *email.Config) { c.Store = &panickingStore{c.Store, method} }
	}
	for name, breaks := range map[string]func(*email.Config){
		"Permit":      func(c *email.Config) { c.Permit = func(context.Context, email.Envelope) error { panic("boom") } },
		"Resolve":     func(c *email.Config) { c.Resolve = func(email.Reference) (string, error) { panic("boom") } },
		"TokenClient": func(c *email.Config) { c.TokenClient = &http.Client{Transport: panickingTransport{}} },
		"a profile":   kept("ProfileByName"),
		"Store.Keep":  kept("Keep"),
		"Store.Claim": kept("Claim"),
		"Claim.Done":  kept("Done"),
	} {
		t.Run(name, func(t *testing.T) {
			config, server, _ := oauth2Shop(t)
			config.Pool = email.NewPool(email.PoolLimits{Connections: 1})
			t.Cleanup(func() { config.Pool.Close() })
			broken := config
			breaks(&broken)
			const flow = "\nsendEmail < to: \"a@x.y\", subject: \"s\", message: \"m\", profile: \"cloud\", store: true >"
			failed := wantError(t, broken, flow, nil, "the component broke down")
			if failed.Range().Start.Line != 2 || failed.Component != "sendEmail" || failed.Kind != runtime.KindFailed {
				t.Errorf("got %v of kind %s", failed, failed.Kind)
			}
			before := len(server.Mails())
			if _, err := runFlow(t, config, flow, nil); err != nil {
				t.Errorf("the next mail: %v", err)
			}
			if n := len(server.Mails()) - before; n != 1 {
				t.Errorf("%d further mails came, want 1", n)
			}
		})
	}
}

func TestAPolicyOfServersMayBreakDown(t *testing.T) {
	config := email.Config{Inline: func(string, int) bool { panic("boom") }}
	failed := wantError(t, config, `sendEmail < from: "f@x.y", to: "a@x.y", subject: "s", message: "m", server: "mail.x.y" >`, nil, "the component broke down")
	if !strings.HasPrefix(failed.Error(), "test.flow:1:1: ") {
		t.Errorf("got %v", failed)
	}
}
