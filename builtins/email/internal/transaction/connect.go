package transaction

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/textproto"
	"strings"
	"syscall"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Session is an open, authenticated connection. It sends one message after
// another and is not safe for concurrent use.
type Session struct {
	server Server
	wire   *wire
	client *smtp.Client
	text   *textproto.Conn
	tls    string
	state  *tls.ConnectionState // nil: not encrypted
	// mechanism is what authenticated the user, such as "PLAIN", or "".
	mechanism string
	broken    bool // the connection is of no more use
	unreset   bool // a transaction was begun and not finished
	timeouts  Timeouts
	secrets   scrubber // takes secrets out of what the server says
	sending   string   // what errors say of a transaction

	habits habits // of the server

	messages int  // transactions begun
	worn     bool // the last one failed by the session's age: a new session may do better

	freed   time.Time   // since when the session waits in a Pool
	expiry  *time.Timer // ends it there, or looks again later
	watched bool        // whether expiry is set
}

// Connect dials the server, encrypts as Server.TLS says, introduces itself and
// authenticates. An error is an *Error. ctx counts for Connect only.
func Connect(ctx context.Context, server Server) (*Session, error) {
	session, failure := connect(ctx, server)
	if failure != nil {
		return nil, failure
	}
	return session, nil
}

func connect(ctx context.Context, server Server) (*Session, *Error) {
	doing := "connect to " + server.Address()
	if server.Host == "" {
		return nil, &Error{Kind: KindLocal, Doing: "connect", Err: errors.New("no server is given")}
	}
	if strings.ContainsAny(server.helo(), " \t\r\n") {
		return nil, &Error{Kind: KindLocal, Doing: doing, Err: fmt.Errorf("%q is no name for EHLO", server.HELO)}
	}
	timeouts := server.Timeouts.withDefaults()
	limited, cancel := context.WithTimeout(ctx, timeouts.Connect)
	defer cancel()

	w, err := dial(limited, server)
	if err != nil {
		return nil, dialError(ctx, limited, doing, err)
	}
	w.readLimit, w.writeLimit, w.ration, w.listening = timeouts.Command, timeouts.Command, maxConnectBytes, true
	stop := context.AfterFunc(limited, func() { w.Close() })
	session := &Session{server: server, wire: w, timeouts: timeouts, secrets: server.scrubber(), sending: "send to " + server.Address()}
	if failure := session.introduce(ctx, limited, doing); failure != nil {
		w.Close()
		return nil, failure
	}
	if !stop() {
		w.Close()
		return nil, connectError(ctx, limited, doing, net.ErrClosed)
	}
	return session, nil
}

// dial makes the TCP connection and has its address judged.
func dial(ctx context.Context, server Server) (*wire, error) {
	if server.Dial != nil {
		conn, err := server.Dial(ctx, "tcp", server.Address())
		if err != nil {
			return nil, err
		}
		if err := server.judge(conn.RemoteAddr().String()); err != nil {
			conn.Close()
			return nil, err
		}
		return newWire(conn), nil
	}
	dialer := net.Dialer{
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			return server.judge(address)
		},
	}
	conn, err := dialer.DialContext(ctx, "tcp", server.Address())
	if err != nil {
		return nil, err
	}
	return newWire(conn), nil
}

// forbiddenError marks the refusal of AllowAddress on its way through net.
type forbiddenError struct{ cause error }

func (e *forbiddenError) Error() string { return e.cause.Error() }
func (e *forbiddenError) Unwrap() error { return e.cause }

func (s Server) judge(address string) error {
	if s.AllowAddress == nil {
		return nil
	}
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		return &forbiddenError{fmt.Errorf("the address %q cannot be judged: %w", address, err)}
	}
	if err := s.AllowAddress(parsed.Addr().Unmap()); err != nil {
		return &forbiddenError{err}
	}
	return nil
}

func dialError(ctx, limited context.Context, doing string, err error) *Error {
	var forbidden *forbiddenError
	var dns *net.DNSError
	failure := connectError(ctx, limited, doing, err)
	switch {
	case ctx.Err() != nil:
	case errors.As(err, &forbidden):
		failure = &Error{Kind: KindForbidden, Doing: doing, Err: forbidden.cause}
	case errors.As(err, &dns) && dns.IsNotFound:
		failure.Temporary = false
	}
	return failure
}

// connectError is wireError that knows of the limit for connecting.
func connectError(ctx, limited context.Context, doing string, err error) *Error {
	var reply *textproto.Error
	if ctx.Err() == nil && limited.Err() != nil && !errors.As(err, &reply) {
		return &Error{Kind: KindTimeout, Doing: doing, Temporary: true,
			Err: limited.Err()}
	}
	return wireError(ctx, doing, err)
}

// introduce takes the session from the TCP connection to where MAIL may be sent.
func (s *Session) introduce(ctx, limited context.Context, doing string) *Error {
	conn, policy, err := s.encrypt(limited)
	if err != nil {
		return connectError(ctx, limited, doing, err)
	}
	// The port, the deadlines and the encryption from the first byte belong to
	// conn; go-mail's options for them have side effects on each other.
	client, err := mail.NewClient(s.server.Host,
		mail.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { return &greeted{Conn: conn}, nil }),
		mail.WithTLSPolicy(policy),
		mail.WithTLSConfig(s.server.tlsConfig()),
		mail.WithHELO(s.server.helo()),
	)
	if err != nil {
		return &Error{Kind: KindLocal, Doing: doing, Err: err}
	}
	s.client, err = client.DialToSMTPClientWithContext(limited)
	if err != nil {
		failure := connectError(ctx, limited, doing, err)
		if failure.Kind == KindConnection && lacksSTARTTLS(policy, err) {
			failure = &Error{Kind: KindTLS, Doing: doing, Err: ErrNoSTARTTLS}
		}
		return failure
	}
	if state, encrypted := s.client.TLSConnectionState(); encrypted {
		s.state = &state
	} else if conn, encrypted := conn.(*tls.Conn); encrypted {
		state := conn.ConnectionState()
		s.state = &state
	}
	if s.state != nil {
		s.tls = tls.VersionName(s.state.Version)
	}
	if failure := s.authenticate(ctx, limited); failure != nil {
		return failure
	}
	s.wire.stopListening()
	s.text = s.client.Text
	return nil
}

// encrypt returns the connection to give to go-mail, and what go-mail is to do
// about STARTTLS on it.
func (s *Session) encrypt(ctx context.Context) (net.Conn, mail.TLSPolicy, error) {
	switch s.server.TLS {
	case Implicit:
		conn := tls.Client(s.wire, s.server.tlsConfig())
		return conn, mail.NoTLS, conn.HandshakeContext(ctx)
	case Opportunistic:
		return s.wire, mail.TLSOpportunistic, nil
	case Off:
		return s.wire, mail.NoTLS, nil
	}
	return s.wire, mail.TLSMandatory, nil
}

// lacksSTARTTLS tells go-mail's error for a server without STARTTLS, which has no
// type, from those of the network, which have one.
func lacksSTARTTLS(policy mail.TLSPolicy, err error) bool {
	return policy == mail.TLSMandatory && errors.Unwrap(err) == nil && strings.HasPrefix(err.Error(), "STARTTLS mode")
}

// Close ends the session politely with QUIT and closes the connection. A session
// that broke is only closed. It waits for the answer to QUIT for two seconds at
// most.
func (s *Session) Close() error {
	if s.broken {
		return nil
	}
	patience := time.AfterFunc(quitLimit, func() { s.wire.Close() })
	defer patience.Stop()
	s.command("QUIT")
	s.drop()
	return nil
}

// drop closes the TCP connection without a word.
func (s *Session) drop() {
	s.broken = true
	s.wire.Close()
}

// Broken reports whether the session can send nothing more.
func (s *Session) Broken() bool { return s.broken }

// Mechanism returns what authenticated the user, such as "PLAIN", or "".
func (s *Session) Mechanism() string { return s.mechanism }

// TLS returns the version of the encryption such as "TLS 1.3", or "".
func (s *Session) TLS() string { return s.tls }
