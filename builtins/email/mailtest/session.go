package mailtest

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// errNotKept makes the SMTP engine answer a content that a fault refuses; the
// gate puts the fault's reply in its place.
var errNotKept = errors.New("not kept")

// errFull is the reply of a server that has no room left (RFC 5321 section 4.2.3,
// RFC 3463 section 3.4).
var errFull = &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "Insufficient system storage"}

// session is the SMTP engine's view of one connection.
type session struct {
	gate *gate
	user string
	mail Mail
}

func (s *Server) newSession(conn *smtp.Conn) (smtp.Session, error) {
	return &session{gate: conn.Conn().(*engineEnd).gate}, nil
}

// Reset implements [smtp.Session].
func (s *session) Reset() { s.mail = Mail{} }

// Logout implements [smtp.Session].
func (s *session) Logout() error { return nil }

// AuthMechanisms implements [smtp.AuthSession].
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login, xoauth2} }

// Auth implements [smtp.AuthSession].
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(identity, user, password string) error {
			return s.authenticate(user, password)
		}), nil
	case sasl.Login:
		return &loginServer{authenticate: s.authenticate}, nil
	case xoauth2:
		return &xoauth2Server{authenticate: s.authenticate}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *session) authenticate(user, password string) error {
	credentials := s.gate.server.settings.credentials
	if credentials != nil {
		if want, known := credentials[user]; !known || want != password {
			return smtp.ErrAuthFailed
		}
	}
	s.user = user
	return nil
}

// Mail implements [smtp.Session].
func (s *session) Mail(from string, options *smtp.MailOptions) error {
	if s.gate.server.settings.authRequired && s.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	s.mail = Mail{
		From: quoteAddress(from),
		Size: options.Size,
		Body: string(options.Body),
		UTF8: options.UTF8,
	}
	return nil
}

// Rcpt implements [smtp.Session].
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, quoteAddress(to))
	return nil
}

// Data implements [smtp.Session].
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if !s.gate.keep {
		return errNotKept
	}
	mail := s.mail
	mail.Raw = raw
	mail.TLS = s.gate.tls
	mail.User = s.user
	mail.Received = time.Now()
	mail.Conn = s.gate.number
	if !s.gate.server.recordMail(mail) {
		return errFull
	}
	return nil
}

// quoteAddress puts back the quotes (RFC 5321 section 4.1.2) which the engine
// takes from a local part.
func quoteAddress(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || !strings.ContainsAny(address[:at], " \"(),:;<>@[\\]") {
		return address
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(address[:at])
	return `"` + quoted + `"` + address[at:]
}

// loginServer is the server's side of AUTH LOGIN, which go-sasl has for clients
// only.
type loginServer struct {
	authenticate func(user, password string) error
	asked        bool
	user         *string
}

// Next implements [sasl.Server].
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil && !l.asked:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.authenticate(*l.user, string(response))
	}
}
