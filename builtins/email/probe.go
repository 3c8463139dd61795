package email

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"flowrun/builtins/email/internal/transaction"
)

// Findings are what a session with a server showed.
type Findings struct {
	Server     string   // such as "smtp://ann@mail.example.com:587"
	TLS        string   // "TLS 1.3", or "" without encryption
	Auth       string   // the mechanism that let the user in, such as "PLAIN", or ""
	Extensions []string // the keywords of EHLO with their parameters, sorted
	MaxSize    int64    // bytes of a message that the server takes; 0 when it does not say
}

// Probe connects to the server of a profile, authenticates and leaves again,
// without sending anything. Before that it reads the key of a profile that signs,
// and warns of a signature that says nothing of the sender. What it found up to an
// error comes with the error.
func Probe(ctx context.Context, config Config, profile Profile) (Findings, error) {
	c := newComponent(config)
	to, err := c.destinationOf(&Settings{}, &profile)
	if err != nil {
		return Findings{}, err
	}
	findings := Findings{Server: to.server.String()}
	if profile.DKIM != nil {
		signer, err := c.signerOf(&profile)
		if err != nil {
			return findings, err
		}
		c.warnOfForeignSignature(ctx, &profile, signer)
	}
	session, err := c.open(ctx, to)
	if err != nil {
		return findings, err
	}
	defer session.Close()
	findings.TLS, findings.Auth = session.TLS(), session.Mechanism()
	if findings.Extensions, err = session.Extensions(ctx); err != nil {
		return findings, err
	}
	slices.Sort(findings.Extensions)
	for _, extension := range findings.Extensions {
		if size, found := strings.CutPrefix(strings.ToUpper(extension), "SIZE "); found {
			findings.MaxSize, _ = strconv.ParseInt(size, 10, 64)
		}
	}
	return findings, nil
}

// warnOfForeignSignature warns of mails whose signature is for another domain than
// the sender's and those above it: DMARC (RFC 7489 section 3.1.1) does not count it.
func (c *component) warnOfForeignSignature(ctx context.Context, p *Profile, s *signer) {
	from, err := c.sender(&Settings{}, p)
	if err != nil || from.Domain == s.domain || strings.HasSuffix(from.Domain, "."+s.domain) {
		return
	}
	c.config.Warn(ctx, fmt.Sprintf("profile %q signs for %s, which is neither the domain of its sender %s nor above it: receivers do not count such a signature",
		p.Name, s.domain, from.Spec()))
}

// open opens an authenticated session with a server.
func (c *component) open(ctx context.Context, to *destination) (*transaction.Session, error) {
	server := *to.server
	if to.oauth2 != nil {
		token, _, failure := c.tokens.access(ctx, to.oauth2)
		if failure != nil {
			return nil, failure
		}
		server.Token = token
	}
	return transaction.Connect(ctx, server)
}
