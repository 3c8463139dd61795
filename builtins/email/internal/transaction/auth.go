package transaction

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// authenticate runs AUTH (RFC 4954) with the strongest mechanism that both sides
// know and that is safe here; see Server.User.
func (s *Session) authenticate(ctx, limited context.Context) *Error {
	if s.server.User == "" {
		return nil
	}
	doing := fmt.Sprintf("authenticate %s at %s", s.server.User, s.server.Address())
	mechanism, err := s.mechanism()
	if err != nil {
		return &Error{Kind: KindAuth, Doing: doing, Err: err}
	}
	if err := s.client.Auth(mechanism); err != nil {
		failure := connectError(ctx, limited, doing, err)
		switch failure.Kind {
		case KindReply:
			failure.Kind = KindAuth
		case KindConnection:
			var network net.Error
			if !errors.As(err, &network) && !isEOF(err) {
				failure.Kind, failure.Temporary = KindAuth, false
			}
		}
		return s.server.redact(failure)
	}
	return nil
}

// mechanism chooses in the order of go-mail's automatic discovery, less NTLM,
// which needs a domain, and CRAM-MD5, which servers offer without being able to.
func (s *Session) mechanism() (smtp.Auth, error) {
	offered, list := s.client.Extension("AUTH")
	if !offered {
		return nil, errors.New("the server offers no AUTH here; leave user and password out, or turn TLS on")
	}
	var state *tls.ConnectionState
	if got, encrypted := s.client.TLSConnectionState(); encrypted {
		state = &got
	}
	plain := state != nil || s.mayShowPassword()
	user, password, host := s.server.User, s.server.Password, s.server.Host
	candidates := []struct {
		name   mail.SMTPAuthType
		usable bool
		auth   func() smtp.Auth
	}{
		{mail.SMTPAuthSCRAMSHA256PLUS, state != nil, func() smtp.Auth { return smtp.ScramSHA256PlusAuth(user, password, state) }},
		{mail.SMTPAuthSCRAMSHA256, true, func() smtp.Auth { return smtp.ScramSHA256Auth(user, password) }},
		{mail.SMTPAuthSCRAMSHA1PLUS, state != nil, func() smtp.Auth { return smtp.ScramSHA1PlusAuth(user, password, state) }},
		{mail.SMTPAuthSCRAMSHA1, true, func() smtp.Auth { return smtp.ScramSHA1Auth(user, password) }},
		{mail.SMTPAuthPlain, plain, func() smtp.Auth { return smtp.PlainAuth("", user, password, host, plain) }},
		{mail.SMTPAuthLogin, plain, func() smtp.Auth { return smtp.LoginAuth(user, password, host, plain) }},
	}
	mechanisms := strings.Fields(strings.ToUpper(list))
	shows := false
	for _, candidate := range candidates {
		if !slices.Contains(mechanisms, string(candidate.name)) {
			continue
		}
		if candidate.usable {
			return candidate.auth(), nil
		}
		shows = true
	}
	if shows {
		return nil, errors.New("the connection is not encrypted and the password would be shown to anyone; turn TLS on")
	}
	return nil, fmt.Errorf("no common mechanism: the server offers %s", printable(list))
}

// mayShowPassword reports whether the password may go unencrypted: to this
// machine or its private network, when plain text was asked for.
func (s *Session) mayShowPassword() bool {
	if s.server.TLS != Off {
		return false
	}
	remote, err := netip.ParseAddrPort(s.wire.RemoteAddr().String())
	if err != nil {
		return false
	}
	address := remote.Addr().Unmap()
	return address.IsLoopback() || address.IsPrivate()
}

// redact takes the password out of what a server said about it.
func (s Server) redact(failure *Error) *Error {
	if s.Password == "" {
		return failure
	}
	encode := base64.StdEncoding.EncodeToString
	scrub := strings.NewReplacer(
		encode([]byte("\x00"+s.User+"\x00"+s.Password)), "***",
		encode([]byte(s.Password)), "***",
		s.Password, "***",
	).Replace
	failure.Reply.Text = scrub(failure.Reply.Text)
	if failure.Err != nil {
		if text := failure.Err.Error(); scrub(text) != text {
			failure.Err = errors.New(scrub(text))
		}
	}
	return failure
}
