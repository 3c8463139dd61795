package transaction

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// TLSMode says how a connection comes to be encrypted. All modes want TLS 1.2 or
// newer and verify the certificate.
type TLSMode string

// The modes. The zero value "" is STARTTLS.
const (
	STARTTLS      TLSMode = "starttls"      // by STARTTLS, or no mail (RFC 3207)
	Implicit      TLSMode = "implicit"      // from the first byte (RFC 8314 section 3.3)
	Opportunistic TLSMode = "opportunistic" // by STARTTLS where offered, else plain text
	Off           TLSMode = "off"           // plain text
)

// Timeouts are the longest silences. Each is renewed whenever bytes move. A zero
// field has its default.
type Timeouts struct {
	Connect time.Duration // the whole way from dialling to AUTH; default 2 minutes
	Command time.Duration // a reply to a command; default 5 minutes (RFC 5321 section 4.5.3.2)
	Content time.Duration // a piece of content; default 3 minutes
	Dot     time.Duration // the reply after the final dot; default 10 minutes
}

func (t Timeouts) withDefaults() Timeouts {
	for _, limit := range []struct {
		value    *time.Duration
		standard time.Duration
	}{
		{&t.Connect, 2 * time.Minute},
		{&t.Command, 5 * time.Minute},
		{&t.Content, 3 * time.Minute},
		{&t.Dot, 10 * time.Minute},
	} {
		if *limit.value <= 0 {
			*limit.value = limit.standard
		}
	}
	return t
}

// Server says which SMTP server to use, and how.
type Server struct {
	Host string  // host name or IP address; the certificate must be valid for it
	Port int     // 0 is 465 with Implicit, 25 with Off, else 587
	TLS  TLSMode // "" is STARTTLS

	// RootCAs are the trusted certificate authorities; nil is the system's.
	RootCAs *x509.CertPool
	// SkipVerify takes any certificate of the server.
	SkipVerify bool
	// Certificate is what the client shows a server that asks for one, or nil.
	Certificate *tls.Certificate

	// User and Password authenticate, with the best mechanism that go-mail and
	// the server share; without User there is no AUTH. Unencrypted, only
	// challenge-response mechanisms (SCRAM) are used, which do not show the
	// password. PLAIN and LOGIN go unencrypted only when TLS is Off, so that
	// someone asked for it, and the server's address is loopback or private.
	User     string
	Password string
	// Token, an OAuth 2.0 access token (RFC 6750), authenticates User by XOAUTH2
	// in place of the password.
	Token string

	// HELO is the name for EHLO, a domain or an address literal. "" is
	// "[127.0.0.1]": RFC 5321 section 4.1.4 wants an address literal from a
	// client without a meaningful name; the machine's own name is nobody's
	// business, and a session may serve senders of several domains.
	HELO string

	// AllowAddress, if set, judges the IP address that is about to be
	// connected to, after DNS; its error refuses it.
	AllowAddress func(netip.Addr) error

	// Dial, if set, makes the TCP connection in place of a net.Dialer, for a
	// proxy or a sandbox. AllowAddress then judges the address that the
	// connection reports, before anything is sent.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Route names what Dial does, such as the address it leads to. A Pool shares
	// sessions between servers with the same Route, and keeps none of a server
	// with Dial and without Route.
	Route string

	Timeouts Timeouts
}

// Address returns host and port as "mail.example:587".
func (s Server) Address() string {
	return net.JoinHostPort(s.Host, strconv.Itoa(s.port()))
}

// String returns the server as "smtp://user@mail.example:587", without password.
func (s Server) String() string {
	scheme := "smtp"
	if s.TLS == Implicit {
		scheme = "smtps"
	}
	user := ""
	if s.User != "" {
		user = s.User + "@"
	}
	return scheme + "://" + user + s.Address()
}

// GoString is String, so that %#v shows no password either.
func (s Server) GoString() string { return s.String() }

func (s Server) port() int {
	switch {
	case s.Port != 0:
		return s.Port
	case s.TLS == Implicit:
		return 465
	case s.TLS == Off:
		return 25
	}
	return 587
}

func (s Server) helo() string {
	if s.HELO == "" {
		return "[127.0.0.1]"
	}
	return s.HELO
}

func (s Server) tlsConfig() *tls.Config {
	config := &tls.Config{
		ServerName:         strings.TrimSuffix(s.Host, "."),
		RootCAs:            s.RootCAs,
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: s.SkipVerify,
	}
	if s.Certificate != nil {
		config.Certificates = []tls.Certificate{*s.Certificate}
	}
	return config
}
