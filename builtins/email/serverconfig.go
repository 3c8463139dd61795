package email

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"flowrun/builtins/email/internal/transaction"
)

// ServerConfig is a mail server of the host.
type ServerConfig struct {
	// Host is a host name or an IP address.
	Host string
	// Port is 1 to 65535; 0 means the usual one of TLS: 587, 465 or 25.
	Port int
	// TLS is how the session is encrypted.
	TLS TLSMode
	// User and Password are for AUTH; no user, no AUTH. They are used with this
	// server only.
	User     string
	Password string
	// RootCAs verify the server's certificate; nil means the system's.
	RootCAs *x509.CertPool
}

// String gives the server as "smtp://user@host:587", without its password.
func (s ServerConfig) String() string {
	shown := transaction.Server{Host: s.Host, User: s.User}
	shown.Port, shown.TLS = portAndMode(s.Port, s.TLS)
	return shown.String()
}

// GoString is String, so that %#v shows no password either.
func (s ServerConfig) GoString() string { return s.String() }

// LogValue is String, so that no handler of log/slog writes the password.
func (s ServerConfig) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON gives String, so that no JSON has the password. It cannot be read back.
func (s ServerConfig) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// ParseServerURL reads a server from `smtp://user@host:587` (STARTTLS),
// `smtp://host:25?tls=none` (or `opportunistic`), or `smtps://user@host` (TLS
// from the first byte). The password is no part of it. Errors do not repeat the
// text, since it may hold one all the same.
func ParseServerURL(text string) (ServerConfig, error) {
	const form = "write it as smtp://user@host:587 or smtps://user@host"
	parsed, err := url.Parse(text)
	switch {
	case err != nil:
		return ServerConfig{}, errors.New("the server is no URL: " + form)
	case parsed.Scheme != "smtp" && parsed.Scheme != "smtps":
		return ServerConfig{}, fmt.Errorf("the server's URL begins with neither smtp:// nor smtps://: %s", form)
	case parsed.Path != "" && parsed.Path != "/" || parsed.Fragment != "" || parsed.Opaque != "":
		return ServerConfig{}, fmt.Errorf("the server's URL goes on after its host and port: %s", form)
	}
	if _, given := parsed.User.Password(); given {
		return ServerConfig{}, errors.New("leave the password out of the server's URL, where others can read it")
	}
	server := ServerConfig{User: parsed.User.Username()}
	if server.Host, err = serverName(parsed.Hostname()); err != nil {
		return ServerConfig{}, fmt.Errorf("the server's URL: %w", err)
	}
	if port := parsed.Port(); port != "" {
		if server.Port, err = strconv.Atoi(port); err != nil || server.Port < 1 || server.Port > 65535 {
			return ServerConfig{}, fmt.Errorf("the server's URL: port %s is not 1 to 65535", port)
		}
	}
	if server.TLS, err = modeOfURL(parsed); err != nil {
		return ServerConfig{}, err
	}
	return server, nil
}

func modeOfURL(parsed *url.URL) (TLSMode, error) {
	query := parsed.Query()
	mode := TLSMode(query.Get("tls"))
	if query.Del("tls"); len(query) > 0 {
		return "", errors.New("the server's URL takes no parameter but tls")
	}
	switch {
	case parsed.Scheme == "smtps" && mode == TLSDefault:
		return TLSImplicit, nil
	case parsed.Scheme == "smtp" && (mode == TLSDefault || mode == TLSStartTLS || mode == TLSOpportunistic || mode == TLSNone):
		return mode, nil
	}
	return "", errors.New("the server's URL: tls is starttls, opportunistic or none, or the URL begins with smtps://")
}

// lookupName maps internationalised host names to A-labels, as a resolver does:
// underscores pass.
var lookupName = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// serverName gives a host name in A-labels, or an IP address in its usual form.
func serverName(text string) (string, error) {
	bare := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if ip, err := netip.ParseAddr(bare); err == nil && ip.Zone() == "" {
		return ip.Unmap().String(), nil
	}
	name, err := lookupName.ToASCII(text)
	name = strings.TrimSuffix(name, ".")
	if err != nil || name == "" || len(name) > 253 || strings.Contains(name, "..") {
		return "", fmt.Errorf("%q is neither a host name nor an IP address", shortened(text))
	}
	for _, c := range []byte(name) {
		if strings.IndexByte(hostCharacters, c) < 0 {
			return "", fmt.Errorf("%q is neither a host name nor an IP address", shortened(text))
		}
	}
	return name, nil
}

const hostCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
