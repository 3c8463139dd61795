package mailtest

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"strconv"
	"sync"

	"github.com/emersion/go-smtp"
)

// Server is a running sandbox server; see [Start].
type Server struct {
	settings  *settings
	authority *authority
	tlsConfig *tls.Config
	plain     net.Listener
	implicit  net.Listener
	engine    *smtp.Server
	backend   *pipeListener
	script    script
	closing   chan struct{}
	closeOnce sync.Once
	closeErr  error
	gates     sync.WaitGroup
	serving   sync.WaitGroup

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change below
	conns    map[*gate]struct{}
	accepted int
	open     int // connections that have not left
	mostOpen int
	mails    []Mail
	stored   int // bytes of their contents
	commands []Command
	reached  map[Stage]int
	aborted  int
}

// Command is one line that a client sent outside of message content.
type Command struct {
	Conn int    // connection number, from 1
	Line string // without its line end; credentials are replaced by "***"
}

// Start starts a server on two free ports of 127.0.0.1, one for plain text and
// STARTTLS, one for TLS from the first byte. Close it when done.
func Start(options ...Option) (*Server, error) {
	settings := defaultSettings()
	for _, option := range options {
		option(settings)
	}
	authority, err := newAuthority()
	if err != nil {
		return nil, err
	}
	tlsConfig, err := authority.serverConfig(settings)
	if err != nil {
		return nil, err
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the sandbox mail server: %w", err)
	}
	implicit, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		plain.Close()
		return nil, fmt.Errorf("start the sandbox mail server: %w", err)
	}
	s := &Server{
		settings:  settings,
		authority: authority,
		tlsConfig: tlsConfig,
		plain:     plain,
		implicit:  implicit,
		closing:   make(chan struct{}),
		changed:   make(chan struct{}),
		conns:     map[*gate]struct{}{},
		reached:   map[Stage]int{},
	}
	s.script.replace(settings.faults)
	s.engine = s.newEngine()
	s.backend = newPipeListener()
	s.serving.Go(func() { s.engine.Serve(s.backend) })
	s.serving.Go(func() { s.accept(plain, false) })
	s.serving.Go(func() { s.accept(implicit, true) })
	return s, nil
}

func (s *Server) newEngine() *smtp.Server {
	engine := smtp.NewServer(smtp.BackendFunc(s.newSession))
	engine.Domain = "sandbox.example"
	engine.MaxMessageBytes = s.settings.maxSize
	engine.MaxLineLength = 0
	engine.AllowInsecureAuth = true
	engine.EnableSMTPUTF8 = !s.settings.missingExtensions["SMTPUTF8"]
	engine.ErrorLog = log.New(io.Discard, "", 0)
	return engine
}

func (s *Server) accept(listener net.Listener, implicitTLS bool) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.accepted++
		g := &gate{server: s, number: s.accepted, outer: conn}
		select {
		case <-s.closing:
			s.mu.Unlock()
			conn.Close()
			return
		default:
		}
		s.conns[g] = struct{}{}
		s.open++
		s.mostOpen = max(s.mostOpen, s.open)
		s.gates.Add(1)
		s.notify()
		s.mu.Unlock()
		go func() {
			defer s.gates.Done()
			g.serve(implicitTLS)
			s.recordLeaving(g)
			s.mu.Lock()
			delete(s.conns, g)
			s.notify()
			s.mu.Unlock()
		}()
	}
}

// Host returns the address that the server listens on, "127.0.0.1".
func (s *Server) Host() string { return "127.0.0.1" }

// Port returns the port for plain text and STARTTLS.
func (s *Server) Port() int { return port(s.plain) }

// TLSPort returns the port for TLS from the first byte (RFC 8314 section 3.3).
func (s *Server) TLSPort() int { return port(s.implicit) }

// Addr returns Host and Port as "127.0.0.1:port".
func (s *Server) Addr() string { return net.JoinHostPort(s.Host(), strconv.Itoa(s.Port())) }

func port(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }

// Script replaces the server's faults; their occasions are counted from now.
// Without arguments the server behaves.
func (s *Server) Script(faults ...Fault) { s.script.replace(faults) }

// AddFaults puts faults behind those that the server has, whose occasions stay
// counted.
func (s *Server) AddFaults(faults ...Fault) { s.script.add(faults) }

// Acted tells how often each of the server's faults has acted, in their order.
func (s *Server) Acted() []int { return s.script.counts() }

// Close ends every session and both listeners, and returns when all is quiet.
// What was captured stays readable.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.mu.Lock()
		close(s.closing)
		for g := range s.conns {
			g.outer.Close()
		}
		s.mu.Unlock()
		s.plain.Close()
		s.implicit.Close()
		s.gates.Wait()
		s.closeErr = s.engine.Close()
		s.backend.Close()
		s.serving.Wait()
	})
	return s.closeErr
}

// notify wakes everyone who waits; s.mu is held.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait returns when done holds, which is asked under s.mu.
func (s *Server) wait(ctx context.Context, done func() bool) error {
	for {
		s.mu.Lock()
		ok, changed := done(), s.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.closing:
			return net.ErrClosed
		}
	}
}
