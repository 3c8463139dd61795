package store

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	"flowrun/builtins/email"
)

// checkProfile refuses a profile that cannot work, and brings its host and sender
// into their usual form. Its errors do not repeat what may be a password.
func checkProfile(p *email.Profile) error {
	if err := email.CheckProfileName(p.Name); err != nil {
		return err
	}
	for _, check := range []func(*email.Profile) error{
		checkServer, checkSender, checkAuthorization, checkCertificates, checkDKIM, checkOAuth2,
	} {
		if err := check(p); err != nil {
			return fmt.Errorf("the profile %q: %w", p.Name, err)
		}
	}
	return nil
}

func checkServer(p *email.Profile) error {
	host, err := hostName(p.Host)
	if err != nil {
		return err
	}
	p.Host = host
	if p.Port < 0 || p.Port > 65535 {
		return fmt.Errorf("port %d is not 1 to 65535: give another, or 0 for the usual one", p.Port)
	}
	switch p.TLS {
	case email.TLSDefault, email.TLSStartTLS, email.TLSImplicit, email.TLSOpportunistic, email.TLSNone:
		return nil
	}
	return fmt.Errorf("tls %q is none of starttls, implicit, opportunistic and none", p.TLS)
}

// hostName gives the usual form of a host name or IP address.
func hostName(host string) (string, error) {
	if host == "" {
		return "", errors.New("it has no host: give the name of its mail server")
	}
	inURL := host
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
		inURL = "[" + host + "]"
	}
	server, err := email.ParseServerURL((&url.URL{Scheme: "smtp", Host: inURL}).String())
	if err != nil || server.Port != 0 || server.User != "" {
		return "", fmt.Errorf("host %q is neither a host name nor an IP address", host)
	}
	return server.Host, nil
}

func checkSender(p *email.Profile) error {
	if p.From == "" {
		return nil
	}
	address, err := email.ParseAddress(p.From)
	if err != nil {
		return fmt.Errorf("from: %w", err)
	}
	p.From = address.Mailbox()
	return checkLine("from", p.From)
}

func checkAuthorization(p *email.Profile) error {
	if err := checkLine("the user", p.User); err != nil {
		return err
	}
	if err := p.Password.Check(); err != nil {
		return fmt.Errorf("the password: %w", err)
	}
	if p.Password != "" && p.User == "" {
		return errors.New("it has a password but no user: give both or none")
	}
	return nil
}

func checkCertificates(p *email.Profile) error {
	for _, c := range []struct {
		what string
		text *string
	}{{"the root certificates", &p.RootCAs}, {"the certificate", &p.Certificate}} {
		if *c.text == "" {
			continue
		}
		only, err := email.OnlyCertificates(*c.text)
		if err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
		*c.text = only
	}
	if err := p.CertificateKey.Check(); err != nil {
		return fmt.Errorf("the certificate's key: %w", err)
	}
	if (p.Certificate == "") != (p.CertificateKey == "") {
		return errors.New("a certificate and its key go together: give both or none")
	}
	return nil
}

func checkDKIM(p *email.Profile) error {
	if p.DKIM == nil {
		return nil
	}
	dkim := *p.DKIM
	p.DKIM = &dkim
	for _, name := range []*string{&dkim.Domain, &dkim.Selector} {
		host, err := hostName(*name)
		if _, isIP := netip.ParseAddr(host); err != nil || isIP == nil {
			return fmt.Errorf("dkim: %q is not a domain name", *name)
		}
		*name = host
	}
	if p.DKIM.Key == "" {
		return errors.New("dkim: it has no key: give a reference to the private key")
	}
	if err := p.DKIM.Key.Check(); err != nil {
		return fmt.Errorf("dkim: the key: %w", err)
	}
	return nil
}

func checkOAuth2(p *email.Profile) error {
	o := p.OAuth2
	if o == nil {
		return nil
	}
	if p.User == "" || p.Password != "" {
		return errors.New("oauth2: it takes a user and no password")
	}
	if err := email.CheckTokenURL(o.TokenURL); err != nil {
		return fmt.Errorf("oauth2: %w", err)
	}
	if o.ClientID == "" || o.RefreshToken == "" {
		return errors.New("oauth2: it takes a client id and a refresh token")
	}
	if err := o.ClientSecret.Check(); err != nil {
		return fmt.Errorf("oauth2: the client secret: %w", err)
	}
	if err := o.RefreshToken.Check(); err != nil {
		return fmt.Errorf("oauth2: the refresh token: %w", err)
	}
	for _, text := range append([]string{o.ClientID}, o.Scopes...) {
		if err := checkLine("oauth2: the client id or scope", text); err != nil {
			return err
		}
	}
	return nil
}
