package email_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// strictServer is an SMTP server that takes RFC 5321 at its word, byte by byte,
// and notes every byte against it, where other servers look away. Its sessions can
// be scripted down to the bytes.
type strictServer struct {
	listener   net.Listener
	extensions []string
	script     func(connection int) script
	playing    sync.WaitGroup

	mutex       sync.Mutex
	connections int
	commands    []string
	contents    []strictContent
	violations  []string
}

// strictContent is what came after one DATA, without dot-stuffing.
type strictContent struct {
	from     string
	to       []string
	raw      []byte
	complete bool // its final dot came
}

// startStrictServer starts a server. Without extensions it offers PIPELINING,
// 8BITMIME, SIZE and SMTPUTF8.
func startStrictServer(t testing.TB, script func(connection int) script, extensions ...string) *strictServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if extensions == nil {
		extensions = []string{"PIPELINING", "8BITMIME", "SIZE 50000000", "SMTPUTF8"}
	}
	server := &strictServer{listener: listener, script: script, extensions: extensions}
	server.playing.Go(server.accept)
	t.Cleanup(func() {
		listener.Close()
		server.playing.Wait()
	})
	return server
}

func (s *strictServer) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

func (s *strictServer) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mutex.Lock()
		s.connections++
		session := &strictSession{server: s, number: s.connections, met: map[string]int{}}
		s.mutex.Unlock()
		if s.script != nil {
			session.script = s.script(session.number)
		}
		s.playing.Go(func() {
			defer conn.Close()
			session.use(conn)
			session.serve()
		})
	}
}

// stop returns when all sessions have ended; their clients have to leave.
func (s *strictServer) stop() {
	s.listener.Close()
	s.playing.Wait()
}

// forget drops what was noted.
func (s *strictServer) forget() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.commands, s.contents, s.violations = nil, nil, nil
}

// complete gives the contents whose final dot came, and how many others were begun.
func (s *strictServer) complete() (complete []strictContent, cut int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, content := range s.contents {
		if content.complete {
			complete = append(complete, content)
		} else {
			cut++
		}
	}
	return complete, cut
}

// strictSession is one connection.
type strictSession struct {
	server *strictServer
	number int
	script script
	conn   net.Conn
	buffer [4096]byte
	unread []byte

	met     map[string]int // how often each verb came
	command string         // the verb of the command that is due an answer
	path    string         // in its angle brackets
	mail    *strictContent // of the transaction under way
}

func (s *strictSession) use(conn net.Conn) { s.conn, s.unread = conn, nil }

// startTLS goes on encrypted, with what came too early thrown away.
func (s *strictSession) startTLS(certificate tls.Certificate) bool {
	conn := tls.Server(s.conn, &tls.Config{Certificates: []tls.Certificate{certificate}})
	if conn.Handshake() != nil {
		return false
	}
	s.use(conn)
	return true
}

func (s *strictSession) reply(lines ...string) bool {
	if len(lines) == 0 {
		return true
	}
	_, err := io.WriteString(s.conn, strings.Join(lines, "\r\n")+"\r\n")
	return err == nil
}

func (s *strictSession) violate(format string, arguments ...any) {
	s.server.mutex.Lock()
	defer s.server.mutex.Unlock()
	s.server.violations = append(s.server.violations, fmt.Sprintf(format, arguments...))
}

func (s *strictSession) readByte() (byte, error) {
	if len(s.unread) == 0 {
		n, err := s.conn.Read(s.buffer[:])
		if n == 0 {
			return 0, err
		}
		s.unread = s.buffer[:n]
	}
	c := s.unread[0]
	s.unread = s.unread[1:]
	return c, nil
}

// line reads up to CR LF. A CR or LF by itself, and a NUL, are violations (RFC 5321
// section 2.3.8).
func (s *strictSession) line(limit int) (string, error) {
	var line []byte
	for {
		c, err := s.readByte()
		if err != nil {
			return string(line), err
		}
		line = append(line, c)
		if len(line) > limit+2 {
			s.violate("a line of more than %d bytes: %.60q", limit, line)
			return "", io.ErrShortBuffer
		}
		if !bytes.HasSuffix(line, []byte("\r\n")) {
			continue
		}
		text := string(line[:len(line)-2])
		if strings.ContainsAny(text, "\r\n\x00") {
			s.violate("a CR, LF or NUL by itself in %.200q", text)
		}
		return text, nil
	}
}

// command lengths and grammar of RFC 5321 sections 4.1.1 and 4.5.3.1.4, with the
// room that SIZE, BODY and SMTPUTF8 add.
const strictCommandLine = 512 + 26 + 17 + 10

var (
	strictMail = regexp.MustCompile(`^MAIL FROM:<([^<>\pC]*)>((?: [A-Z0-9]+(?:=[\x21-\x3c\x3e-\x7e]+)?)*)$`)
	strictRcpt = regexp.MustCompile(`^RCPT TO:<([^<>\pC]+@[^<>\pC ]+)>$`)
	strictBare = regexp.MustCompile(`^(DATA|RSET|QUIT|STARTTLS|NOOP|HELO [!-~]+|EHLO [!-~]+|AUTH [!-~]+( [!-~]+)?)$`)
)

func (s *strictSession) serve() {
	s.conn.SetDeadline(time.Now().Add(time.Minute))
	if !s.act("connect", func() bool { return s.reply("220 strict.example") }) {
		return
	}
	for {
		s.conn.SetDeadline(time.Now().Add(time.Minute))
		line, err := s.line(strictCommandLine)
		if err != nil {
			return
		}
		s.server.mutex.Lock()
		s.server.commands = append(s.server.commands, line)
		s.server.mutex.Unlock()
		s.command, _, _ = strings.Cut(line, " ")
		s.checkTurn()
		s.path = ""
		s.met[s.command]++
		if !s.check(line) {
			s.violate("the command %.300q", line)
			s.reply("501 syntax")
			return
		}
		if !s.act(s.command, s.obey) || s.command == "QUIT" {
			return
		}
	}
}

// check holds a command to the grammar.
func (s *strictSession) check(line string) bool {
	var match []string
	switch s.command {
	case "MAIL":
		match = strictMail.FindStringSubmatch(line)
	case "RCPT":
		match = strictRcpt.FindStringSubmatch(line)
	default:
		return strictBare.MatchString(line)
	}
	if match == nil {
		return false
	}
	s.path = match[1]
	if s.command == "MAIL" {
		for _, word := range strings.Fields(match[2]) {
			s.checkWord(word)
		}
	}
	return true
}

// act makes the scripted move, else the usual one.
func (s *strictSession) act(stage string, usual func() bool) bool {
	if scripted := s.script[stage]; scripted != nil {
		return scripted(s)
	}
	return usual()
}

// taking has MAIL or RCPT take effect, whatever the answer looks like.
func taking(answer move) move {
	return func(s *strictSession) bool {
		s.take()
		return answer(s)
	}
}

func (s *strictSession) take() {
	switch {
	case s.command == "MAIL":
		s.mail = &strictContent{from: s.path}
	case s.mail != nil:
		s.mail.to = append(s.mail.to, s.path)
	}
}

func (s *strictSession) obey() bool {
	switch s.command {
	case "RCPT":
		if s.mail == nil {
			return s.reply("503 no sender")
		}
		fallthrough
	case "MAIL":
		s.take()
	case "DATA":
		if s.mail == nil || len(s.mail.to) == 0 {
			return s.reply("503 no recipient")
		}
		return s.data()
	case "EHLO":
		return s.reply(append(s.keywords(), "250 HELP")...)
	case "QUIT":
		return s.reply("221 bye")
	default:
		s.mail = nil
	}
	return s.reply("250 ok")
}

func (s *strictSession) keywords() []string {
	lines := []string{"250-strict.example"}
	for _, keyword := range s.server.extensions {
		lines = append(lines, "250-"+keyword)
	}
	return lines
}

// checkTurn finds what came before its turn: anything after a command that has to
// be the last of its group, or after any without PIPELINING (RFC 2920 section 3.1).
func (s *strictSession) checkTurn() {
	mayBeFollowed := (s.command == "MAIL" || s.command == "RCPT" || s.command == "RSET") && slices.Contains(s.server.extensions, "PIPELINING")
	if len(s.unread) > 0 && !mayBeFollowed {
		s.violate("%.60q came before the answer to %s", s.unread, s.command)
	}
}

// checkWord holds a parameter of MAIL to what was offered.
func (s *strictSession) checkWord(word string) {
	keyword, value, _ := strings.Cut(word, "=")
	if keyword == "BODY" {
		keyword = value
	}
	for _, offered := range s.server.extensions {
		if name, _, _ := strings.Cut(offered, " "); name == keyword {
			return
		}
	}
	s.violate("the parameter %q of MAIL, which is not offered", word)
}

// data reads content up to the final dot (RFC 5321 section 4.5.2).
func (s *strictSession) data() bool {
	if !s.reply("354 go ahead") {
		return false
	}
	content := s.mail
	s.mail = nil
	content.complete = s.read(content)
	s.server.mutex.Lock()
	s.server.contents = append(s.server.contents, *content)
	s.server.mutex.Unlock()
	if !content.complete {
		return false
	}
	s.met["."]++
	return s.act(".", func() bool { return s.reply("250 taken") })
}

// read fills a content and reports whether its final dot came.
func (s *strictSession) read(content *strictContent) bool {
	for {
		line, err := s.line(998)
		if err != nil {
			return false
		}
		if line == "." {
			return true
		}
		content.raw = append(content.raw, strings.TrimPrefix(line, ".")+"\r\n"...)
	}
}
