package email

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// ServerName is a setting that takes a host name or an IP address.
type ServerName string

// SettingType says what the setting takes.
func (*ServerName) SettingType() string { return "host name or IP address" }

// DecodeSetting reads a string of a flow; blank is none.
func (n *ServerName) DecodeSetting(v any) error {
	if t, ok := v.(*value.Template); ok {
		text, err := t.String()
		if err != nil {
			return err
		}
		v = text
	}
	text, ok := v.(string)
	if !ok {
		return &runtime.Failure{Message: fmt.Sprintf("%s where a host name is wanted", value.Phrase(v))}
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	name, err := serverName(text)
	if err != nil {
		return &runtime.Failure{Message: err.Error(), Hint: adviceForServer(text), Cause: err}
	}
	*n = ServerName(strings.ToLower(name))
	return nil
}

// adviceForServer tells what to write in the place of a URL or host:port.
func adviceForServer(text string) string {
	if strings.Contains(text, "://") {
		return `write the host name alone, and port: and tls: as settings of their own`
	}
	if host, port, found := strings.Cut(text, ":"); found {
		return fmt.Sprintf("write server: %q, port: %s", host, port)
	}
	return ""
}

// namedServer is the server of a call without a profile: the one that it names,
// else the host's.
func (c *Config) namedServer(s *Settings) (*transaction.Server, error) {
	switch {
	case s.Server != "":
		return c.inlineServer(s)
	case c.Server != nil:
		return c.hostServer(s)
	case c.Redirect != nil:
		return newServer(sandboxHost, s), nil
	}
	return nil, noServer()
}

// newServer is the server at host with the settings of the call.
func newServer(host string, s *Settings) *transaction.Server {
	to := &transaction.Server{Host: host}
	to.Port, to.TLS = portAndMode(s.Port, s.tlsMode())
	authorize(to, s)
	return to
}

// portAndMode completes a port and a mode, of which either may be left open.
func portAndMode(port int, mode TLSMode) (int, transaction.TLSMode) {
	if port == 0 {
		port = mode.defaultPort()
	}
	return port, mode.on(port)
}

// authorize takes the user and password that the call gives.
func authorize(to *transaction.Server, s *Settings) {
	if s.SMTP != nil {
		to.User, to.Password = s.SMTP.User, s.SMTP.Password.Reveal()
	}
}

func (c *Config) inlineServer(s *Settings) (*transaction.Server, error) {
	to := newServer(string(s.Server), s)
	if !c.PrivateAddresses {
		to.AllowAddress = publicOnly
	}
	return to, c.allow(to, "server")
}

// allow asks the host's policy about a server that a flow names or changes.
func (c *Config) allow(to *transaction.Server, setting string) error {
	if c.Inline == nil || c.Inline(to.Host, to.Port) {
		return nil
	}
	return &runtime.Failure{
		Kind:    KindServer,
		Setting: setting,
		Message: fmt.Sprintf("the host does not let flows use the server %s, port %d", to.Host, to.Port),
	}
}

// hostServer is the host's server. Its user and password are for its own port
// and encryption only: a flow that could change these could have the password
// sent in plain text.
func (c *Config) hostServer(s *Settings) (*transaction.Server, error) {
	own := c.Server
	to := &transaction.Server{Host: own.Host, User: own.User, Password: own.Password, RootCAs: own.RootCAs}
	to.Port, to.TLS = portAndMode(own.Port, own.TLS)
	authorize(to, s)
	port, mode := own.Port, own.TLS
	setting := "tls"
	if s.Port != 0 {
		port, setting = s.Port, "port"
	}
	if s.TLS != nil {
		mode = *s.TLS
	}
	newPort, newTLS := portAndMode(port, mode)
	if newPort == to.Port && newTLS == to.TLS {
		return to, nil
	}
	if s.SMTP == nil && own.User != "" {
		return nil, &runtime.Failure{
			Kind:    KindServer,
			Setting: setting,
			Message: fmt.Sprintf("%s cannot be changed for the host's own server, whose password depends on it", setting),
			Hint:    "give server: and smtp: too, or leave this out",
		}
	}
	to.Port, to.TLS = newPort, newTLS
	return to, c.allow(to, setting)
}

// lead turns a session to the redirect's server, whose certificate is verified
// for the name that was meant.
func (r *Redirect) lead(to *transaction.Server) *transaction.Server {
	led := *to
	led.RootCAs, led.AllowAddress = r.RootCAs, nil
	address := r.Address
	if to.TLS == transaction.Implicit {
		address = r.TLSAddress
	}
	led.Route = address
	led.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, address)
	}
	if _, err := netip.ParseAddr(to.Host); err == nil {
		led.Host = sandboxHost
	}
	return &led
}
