package email

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
)

// profileServer is the server of a profile with what the call changes of it. The
// client certificate and the trust in certificates are for the profile's own server
// only, and so is the password, which guard keeps: a flow that could change these
// could have the password sent to others.
func (c *component) profileServer(s *Settings, p *Profile) (*transaction.Server, error) {
	to := &transaction.Server{}
	var err error
	if to.Host, err = serverName(p.Host); err != nil {
		return nil, p.failure("profile", "its server: "+err.Error(), err)
	}
	to.Host = strings.ToLower(to.Host)
	to.Port, to.TLS = portAndMode(p.Port, p.TLS)
	own := *to
	if s.Server != "" {
		to.Host = string(s.Server)
	}
	port, mode := p.Port, p.TLS
	if s.Port != 0 {
		port = s.Port
	}
	if s.TLS != nil {
		mode = *s.TLS
	}
	to.Port, to.TLS = portAndMode(port, mode)
	moved := to.Host != own.Host
	if s.SMTP == nil && p.User != "" {
		if err := p.guard(own, *to); err != nil {
			return nil, err
		}
	}
	if setting := changed(s, moved, own, *to); setting != "" {
		if moved && !c.config.PrivateAddresses {
			to.AllowAddress = publicOnly
		}
		if err := c.config.allow(to, setting); err != nil {
			return nil, err
		}
	}
	if !moved {
		if err := c.trust(to, p); err != nil {
			return nil, err
		}
	}
	return to, c.login(to, s, p)
}

// changed names the setting that leads away from the profile's server, or is "".
func changed(s *Settings, moved bool, own, to transaction.Server) string {
	switch {
	case moved:
		return "server"
	case to.Port != own.Port && s.Port != 0:
		return "port"
	case to.Port != own.Port || to.TLS != own.TLS:
		return "tls"
	}
	return ""
}

// strength orders the ways to encrypt.
var strength = map[transaction.TLSMode]int{
	transaction.Off: 0, transaction.Opportunistic: 1, transaction.STARTTLS: 2, transaction.Implicit: 2,
}

// guard keeps the profile's password from another server, from weaker encryption
// and, where nothing proves that it is the profile's server which answers, from
// another port.
func (p *Profile) guard(own, to transaction.Server) error {
	const hint = "give smtp: too, with a user and a password of its own"
	proven := !p.SkipVerify && strength[to.TLS] == strength[transaction.STARTTLS]
	switch {
	case to.Port != own.Port && to.Host == own.Host && strength[to.TLS] >= strength[own.TLS] && !proven:
		return &runtime.Failure{Kind: KindServer, Setting: "port", Hint: hint,
			Message: fmt.Sprintf("the password of profile %q is for its own port %d only, since no certificate is verified", p.Name, own.Port)}
	case to.Host != own.Host:
		return &runtime.Failure{Kind: KindServer, Setting: "server", Hint: hint,
			Message: fmt.Sprintf("the password of profile %q is for its own server %s only", p.Name, own.Host)}
	case strength[to.TLS] < strength[own.TLS]:
		return &runtime.Failure{Kind: KindServer, Setting: "tls", Hint: hint,
			Message: fmt.Sprintf("the password of profile %q is not sent with weaker encryption than the profile's", p.Name)}
	}
	return nil
}

// trust takes the profile's certificates.
func (c *component) trust(to *transaction.Server, p *Profile) error {
	to.SkipVerify = p.SkipVerify
	if p.RootCAs != "" {
		to.RootCAs = x509.NewCertPool()
		if !to.RootCAs.AppendCertsFromPEM([]byte(p.RootCAs)) {
			return p.failure("profile", "its certificate authority is no PEM certificate", nil)
		}
	}
	if p.Certificate == "" {
		return nil
	}
	key, err := c.secretOf(p, "key of the client certificate", p.CertificateKey)
	if err != nil {
		return err
	}
	certificate, err := tls.X509KeyPair([]byte(p.Certificate), []byte(key))
	if err != nil {
		return p.failure("profile", "its client certificate and the key do not make a pair", nil)
	}
	to.Certificate = &certificate
	return nil
}

// login takes the user and the password of the call, else of the profile. A token
// of OAuth 2.0 is got later, for each attempt.
func (c *component) login(to *transaction.Server, s *Settings, p *Profile) error {
	authorize(to, s)
	if s.SMTP != nil || p.User == "" {
		return nil
	}
	to.User = p.User
	if p.OAuth2 != nil {
		return nil
	}
	var err error
	to.Password, err = c.secretOf(p, "password", p.Password)
	return err
}

// secretOf resolves a reference of a profile.
func (c *component) secretOf(p *Profile, what string, r Reference) (string, error) {
	text, err := c.config.Resolve(r)
	if err != nil {
		return "", &runtime.Failure{
			Kind:    KindAuth,
			Setting: "profile",
			Message: fmt.Sprintf("the %s of profile %q is not to be had: %v", what, p.Name, err),
			Cause:   err,
		}
	}
	if text == "" {
		return "", p.failure("profile", "it has no "+what, nil)
	}
	return text, nil
}

// signerOf makes the signer of a profile with DKIM.
func (c *component) signerOf(p *Profile) (*signer, error) {
	key, err := c.secretOf(p, "DKIM key", p.DKIM.Key)
	if err != nil {
		return nil, err
	}
	signer, err := newSigner(*p.DKIM, key)
	if err != nil {
		return nil, p.failure("profile", err.Error(), err)
	}
	return signer, nil
}

// failure is that of a profile that cannot be used.
func (p *Profile) failure(setting, what string, cause error) error {
	return &runtime.Failure{
		Kind:    runtime.KindValue,
		Setting: setting,
		Message: fmt.Sprintf("profile %q cannot be used: %s", p.Name, what),
		Cause:   cause,
	}
}
