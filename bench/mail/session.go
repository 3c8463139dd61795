package mail

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"net"
	"strings"
)

// session is an SMTP session of the sink (RFC 5321, with PIPELINING of RFC 2920 and
// STARTTLS of RFC 3207). It takes every command in any order: what clients do is
// not what is judged here.
type session struct {
	sink *Sink
	conn net.Conn
	in   *bufio.Reader
	out  *bufio.Writer
	mail Mail
}

func newSession(sink *Sink, conn net.Conn) *session {
	s := &session{sink: sink}
	s.talkOver(conn)
	return s
}

func (s *session) talkOver(conn net.Conn) {
	const buffer = 64 << 10
	s.conn, s.in, s.out = conn, bufio.NewReaderSize(conn, buffer), bufio.NewWriter(conn)
}

// serve talks until the client leaves.
func (s *session) serve() {
	s.out.WriteString("220 sink.example\r\n")
	for {
		if s.in.Buffered() == 0 && s.out.Flush() != nil {
			return
		}
		line, err := s.in.ReadString('\n')
		if err != nil || !s.answer(strings.TrimRight(line, "\r\n")) {
			s.out.Flush()
			return
		}
	}
}

// answer answers a command and tells whether the session goes on.
func (s *session) answer(line string) bool {
	verb, argument, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		s.greet()
	case "MAIL":
		s.mail = Mail{From: path(argument)}
		s.out.WriteString("250 ok\r\n")
	case "RCPT":
		s.mail.To = append(s.mail.To, path(argument))
		s.out.WriteString("250 ok\r\n")
	case "DATA":
		return s.take()
	case "STARTTLS":
		return s.encrypt()
	case "HELO", "RSET", "NOOP":
		s.out.WriteString("250 ok\r\n")
	case "QUIT":
		s.out.WriteString("221 bye\r\n")
		return false
	default:
		s.out.WriteString("502 unknown command\r\n")
	}
	return true
}

func (s *session) greet() {
	s.out.WriteString("250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE\r\n")
	if s.sink.secure != nil && !s.encrypted() {
		s.out.WriteString("250-STARTTLS\r\n")
	}
	s.out.WriteString("250 ENHANCEDSTATUSCODES\r\n")
}

func (s *session) encrypted() bool {
	_, secure := s.conn.(*tls.Conn)
	return secure
}

// path is the address of "FROM:<ann@example.com> SIZE=1".
func path(argument string) string {
	_, address, _ := strings.Cut(argument, "<")
	address, _, _ = strings.Cut(address, ">")
	return address
}

// take reads the content up to the dot that stands alone.
func (s *session) take() bool {
	s.out.WriteString("354 go on\r\n")
	if s.out.Flush() != nil {
		return false
	}
	for {
		line, err := s.in.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			return false
		}
		if bytes.Equal(line, []byte(".\r\n")) {
			break
		}
		if s.sink.receive != nil {
			s.mail.Content = append(s.mail.Content, line...)
		}
	}
	if s.sink.receive != nil {
		s.mail.Encrypted = s.encrypted()
		s.sink.receive(s.mail)
	}
	s.sink.taken.Add(1)
	s.out.WriteString("250 taken\r\n")
	return true
}

func (s *session) encrypt() bool {
	if s.sink.secure == nil {
		s.out.WriteString("502 not offered\r\n")
		return true
	}
	s.out.WriteString("220 go on\r\n")
	if s.out.Flush() != nil {
		return false
	}
	conn := tls.Server(s.conn, s.sink.secure)
	if conn.Handshake() != nil {
		return false
	}
	s.talkOver(conn)
	return true
}
