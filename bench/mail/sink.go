package mail

import (
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
)

// Sink is an SMTP server inside this process that does as little as a server can.
type Sink struct {
	listener net.Listener
	secure   *tls.Config // nil: no STARTTLS
	roots    string
	receive  func(Mail) // nil: mails are read and forgotten
	taken    atomic.Int64
	serving  sync.WaitGroup

	mu     sync.Mutex
	closed bool
	open   map[net.Conn]bool
}

// Mail is a mail as the sink got it.
type Mail struct {
	From      string
	To        []string
	Content   []byte // with dots doubled as they came
	Encrypted bool
}

// StartSink starts one. With encryption it offers STARTTLS, and only then.
// receive, which may be nil, gets the mails, of several sessions at a time. Close
// it when done.
func StartSink(encryption bool, receive func(Mail)) (*Sink, error) {
	s := &Sink{receive: receive, open: map[net.Conn]bool{}}
	if encryption {
		certificate, roots, err := newCertificate()
		if err != nil {
			return nil, err
		}
		s.secure, s.roots = &tls.Config{Certificates: []tls.Certificate{certificate}}, roots
	}
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	s.serving.Go(s.accept)
	return s, nil
}

func (s *Sink) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.serving.Go(func() {
			if s.enter(conn) {
				newSession(s, conn).serve()
			}
			s.leave(conn)
		})
	}
}

// enter registers a connection, unless the sink is closed.
func (s *Sink) enter(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.open[conn] = true
	}
	return !s.closed
}

func (s *Sink) leave(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, conn)
}

// Server is where clients send to.
func (s *Sink) Server() Server {
	return Server{Host: "127.0.0.1", Port: s.listener.Addr().(*net.TCPAddr).Port, Roots: s.roots}
}

// Taken is how many mails came.
func (s *Sink) Taken() int { return int(s.taken.Load()) }

// Close ends all sessions.
func (s *Sink) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for conn := range s.open {
		conn.Close()
	}
	s.mu.Unlock()
	s.serving.Wait()
	return err
}
