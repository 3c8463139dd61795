package email

import (
	"context"
	"fmt"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
)

// destination is where a mail is sent, and how.
type destination struct {
	server  *transaction.Server
	profile *Profile // nil: none
	// oauth2 is set when a token of the profile authenticates.
	oauth2 *grant
	warned bool // that its certificate is not verified
}

// destinationOf finds the server of a call: the one that it names, else the
// profile's, else the host's.
func (c *component) destinationOf(s *Settings, profile *Profile) (*destination, error) {
	d := &destination{profile: profile}
	var err error
	switch {
	case profile != nil:
		d.server, err = c.profileServer(s, profile)
	default:
		d.server, err = c.config.namedServer(s)
	}
	if err != nil {
		return nil, err
	}
	if profile != nil && profile.OAuth2 != nil && s.SMTP == nil && profile.User != "" {
		if d.oauth2, err = c.grantOf(profile); err != nil {
			return nil, err
		}
	}
	d.server.Timeouts = c.config.Timeouts.transaction()
	if c.config.Redirect != nil {
		d.server = c.config.Redirect.lead(d.server)
	}
	return d, nil
}

// attempt makes one attempt to send a mail. A token that the server refuses may
// have been taken back before its time: it is got anew, once, before anything of
// the mail has been sent.
func (c *component) attempt(ctx context.Context, d *destination, envelope transaction.Envelope, spool *transaction.Spool) transaction.Result {
	if d.server.SkipVerify && !d.warned {
		d.warned = true
		c.config.Warn(ctx, fmt.Sprintf("profile %q does not verify the certificate of %s: anyone in between can read the mail and the password",
			d.profile.Name, d.server.Address()))
	}
	if d.oauth2 == nil {
		return c.config.Pool.sessions.Send(ctx, *d.server, envelope, spool)
	}
	for {
		server := *d.server
		token, fresh, err := c.tokens.access(ctx, d.oauth2)
		if err != nil {
			return transaction.NotSent(envelope, err)
		}
		server.Token = token
		result := c.config.Pool.sessions.Send(ctx, server, envelope, spool)
		if !refusedToken(result) {
			return result
		}
		c.tokens.forget(ctx, d.oauth2, token)
		if fresh {
			return result
		}
	}
}

// refusedToken reports that the server did not let the user in for good.
func refusedToken(result transaction.Result) bool {
	failure := asTransactionError(result.Err)
	return failure != nil && failure.Kind == transaction.KindAuth && !failure.Temporary && failure.Reply.Code != 0
}

// noServer is the failure of a call that has no server.
func noServer() error {
	return &runtime.Failure{
		Kind:    KindServer,
		Message: "no mail server is given",
		Hint:    `give one by server: or profile: in the flow, by --smtp or FLOWRUN_SMTP, or try the flow with --sandbox`,
	}
}
