package transaction

import (
	"context"
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
	mechanism, err := s.choose()
	if err != nil {
		return &Error{Kind: KindAuth, Doing: doing, Err: err}
	}
	s.mechanism = mechanism.name
	s.wire.stopListening()
	if err := s.client.Auth(mechanism.auth()); err != nil {
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

// mechanism is a way to authenticate, RFC 4954 section 4.
type mechanism struct {
	name   string
	usable bool // without showing the password to others
	auth   func() smtp.Auth
}

// choose takes the first mechanism that the server offers too.
func (s *Session) choose() (mechanism, error) {
	offered, list := s.client.Extension("AUTH")
	if !offered {
		return mechanism{}, errors.New("the server offers no AUTH here; leave user and password out, or turn TLS on")
	}
	mechanisms := strings.Fields(strings.ToUpper(list))
	shows := false
	for _, candidate := range s.mechanisms() {
		if !slices.Contains(mechanisms, candidate.name) {
			continue
		}
		if candidate.usable {
			return candidate, nil
		}
		shows = true
	}
	if shows {
		return mechanism{}, errors.New("the connection is not encrypted and the password would be shown to anyone; turn TLS on")
	}
	return mechanism{}, fmt.Errorf("no common mechanism: the server offers %s", Printable(list))
}

// mechanisms are those of the client, the best first: XOAUTH2 alone with a token;
// else those of go-mail's automatic discovery in its order, less NTLM, which needs
// a domain, and CRAM-MD5, which servers offer without being able to.
func (s *Session) mechanisms() []mechanism {
	state := s.state
	plain := state != nil || s.mayShowPassword()
	user, password, host := s.server.User, s.server.Password, s.server.Host
	if token := s.server.Token; token != "" {
		return []mechanism{{string(mail.SMTPAuthXOAUTH2), plain, func() smtp.Auth { return smtp.XOAuth2Auth(user, token) }}}
	}
	return []mechanism{
		{string(mail.SMTPAuthSCRAMSHA256PLUS), state != nil, func() smtp.Auth { return smtp.ScramSHA256PlusAuth(user, password, state) }},
		{string(mail.SMTPAuthSCRAMSHA256), true, func() smtp.Auth { return smtp.ScramSHA256Auth(user, password) }},
		{string(mail.SMTPAuthSCRAMSHA1PLUS), state != nil, func() smtp.Auth { return smtp.ScramSHA1PlusAuth(user, password, state) }},
		{string(mail.SMTPAuthSCRAMSHA1), true, func() smtp.Auth { return smtp.ScramSHA1Auth(user, password) }},
		{string(mail.SMTPAuthPlain), plain, func() smtp.Auth { return smtp.PlainAuth("", user, password, host, plain) }},
		{string(mail.SMTPAuthLogin), plain, func() smtp.Auth { return smtp.LoginAuth(user, password, host, plain) }},
	}
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

// redact takes the password and the token out of what a server said about them.
func (s Server) redact(failure *Error) *Error {
	scrub := s.scrubber().scrub
	failure.Reply.Text = scrub(failure.Reply.Text)
	if failure.Err != nil {
		if text := failure.Err.Error(); scrub(text) != text {
			failure.Err = errors.New(scrub(text))
		}
	}
	return failure
}

// scrubber gives what takes the password and the token out of a text, as they are
// and as AUTH has them.
func (s Server) scrubber() scrubber {
	encode := base64.StdEncoding.EncodeToString
	var pairs, forms []string
	for _, secret := range []string{s.Password, s.Token} {
		if secret != "" {
			forms = append(forms,
				encode([]byte("\x00"+s.User+"\x00"+secret)),
				encode([]byte("user="+s.User+"\x01auth=Bearer "+secret+"\x01\x01")),
				encode([]byte(secret)),
				secret)
		}
	}
	longest := 0
	for _, form := range forms {
		pairs = append(pairs, form, "***")
		longest = max(longest, len(form))
	}
	return scrubber{strings.NewReplacer(pairs...), longest}
}

// scrubber takes secrets out of texts.
type scrubber struct {
	secrets *strings.Replacer
	longest int // form of a secret, in bytes
}

func (s scrubber) scrub(text string) string {
	if s.longest == 0 {
		return text
	}
	return s.secrets.Replace(text)
}

// scrubCut is scrub for a text that was cut somewhere, perhaps in a secret: it
// leaves the end out, which may be the beginning of one.
func (s scrubber) scrubCut(text string) string {
	text = s.scrub(text)
	return text[:max(0, len(text)-s.longest)]
}
