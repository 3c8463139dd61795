package email

import (
	"context"
	"crypto/x509"
	"net/http"
	"strings"
)

// Config is what the host decides about sendEmail. The zero Config sends to
// whatever public server a flow names.
type Config struct {
	// From is the default sender; the zero Address is none.
	From Address
	// Server is the server of calls that name none; nil is none.
	Server *ServerConfig
	// Inline tells which servers a flow may name itself; nil means AnyServer.
	Inline ServerPolicy
	// PrivateAddresses lets the servers that a flow names have private, loopback
	// and link-local addresses. Server is the host's own choice and may have any.
	PrivateAddresses bool
	// Limits bound the mails of a run.
	Limits Limits
	// Permit is asked about each mail that is ready to be sent, before anything
	// connects; its error keeps the mail from being sent. Nil permits all. A dry
	// run does not ask, and neither does Resend. Quota.Permit bounds the mails of a time.
	Permit func(ctx context.Context, mail Envelope) error
	// Store keeps profiles, files, contacts, users and messages; nil is none, and
	// flows that need one do not check.
	Store Store
	// Resolve gives the passwords and keys that profiles refer to; nil means
	// ResolveReference.
	Resolve Resolver
	// TokenClient asks the token endpoints of profiles with OAuth2; nil is one with
	// the system's certificate authorities. Redirects are not followed.
	TokenClient *http.Client
	// Timeouts bound how long a server may be silent.
	Timeouts Timeouts
	// Warn is told what is dangerous and done all the same; nil means
	// slog.Default().
	Warn func(ctx context.Context, warning string)
	// Pool keeps the connections. With nil the component makes one of its own with
	// the default limits, whose idle connections go after 30 seconds.
	Pool *Pool
	// Redirect, when set, sends every mail to one server, whatever server is
	// named: the sandbox.
	Redirect *Redirect
}

// Limits are checked before anything connects. A zero field means its default.
type Limits struct {
	Recipients   int   // of one mail; 100
	Mails        int   // of one run, dry runs and failures among them; 1,000
	MessageBytes int64 // of one mail, encoded; 35 MiB
	Headers      int   // in `headers` of one mail; 50
	Attachments  int   // of one mail, embedded files among them; 100
}

func (l Limits) withDefaults() Limits {
	if l.Recipients <= 0 {
		l.Recipients = 100
	}
	if l.Mails <= 0 {
		l.Mails = 1000
	}
	if l.MessageBytes <= 0 {
		l.MessageBytes = 35 << 20
	}
	if l.Headers <= 0 {
		l.Headers = 50
	}
	if l.Attachments <= 0 {
		l.Attachments = 100
	}
	return l
}

// ServerPolicy tells whether a flow may name a server, a host name in A-labels
// and lower case or an IP address, with this port.
type ServerPolicy func(host string, port int) bool

// AnyServer lets flows name any server.
func AnyServer(string, int) bool { return true }

// NoServer keeps flows to the host's own server.
func NoServer(string, int) bool { return false }

// OnlyServers lets flows name these servers.
func OnlyServers(hosts ...string) ServerPolicy {
	allowed := map[string]bool{}
	for _, host := range hosts {
		if name, err := serverName(host); err == nil {
			allowed[strings.ToLower(name)] = true
		}
	}
	return func(host string, _ int) bool { return allowed[host] }
}

// Redirect leads every session to one server. Each session still verifies the
// server's certificate for the name that the flow gave, so the server needs one
// for any name, as mailtest.WithAnyName has it.
type Redirect struct {
	// Address, host:port, takes plain text and STARTTLS.
	Address string
	// TLSAddress, host:port, takes TLS from the first byte.
	TLSAddress string
	// RootCAs verify the server's certificates.
	RootCAs *x509.CertPool
}

// sandboxHost is the name of a redirected server that has none of its own: a
// call without server, or one whose server is an IP address, which a server
// cannot be asked for by name (RFC 6066 section 3).
const sandboxHost = "smtp.sandbox.example"

// sandboxFrom is the sender of redirected mails that have none.
var sandboxFrom = Address{Local: "flow", Domain: "sandbox.example"}
