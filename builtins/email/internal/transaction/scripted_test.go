package transaction_test

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"

	"flowrun/builtins/email/internal/transaction"
)

// scripted is a plain-text server that behaves as its play says, for what the
// sandbox is too well-mannered to do.
type scripted struct {
	net.Conn
	in *bufio.Reader
}

// play starts a server that plays the session for one connection. The channel
// gives everything that the client sent after the play had ended.
func play(t *testing.T, play func(*scripted)) (transaction.Server, <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	rest := make(chan string, 1)
	var playing sync.WaitGroup
	playing.Go(func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		server := &scripted{Conn: conn, in: bufio.NewReader(conn)}
		play(server)
		rest <- server.rest()
	})
	t.Cleanup(func() {
		listener.Close()
		playing.Wait()
	})
	port := listener.Addr().(*net.TCPAddr).Port
	return transaction.Server{Host: "127.0.0.1", Port: port, TLS: transaction.Off}, rest
}

// playAgain is play for one connection after another.
func playAgain(t *testing.T, times int, play func(*scripted)) transaction.Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var playing sync.WaitGroup
	playing.Go(func() {
		for range times {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			server := &scripted{Conn: conn, in: bufio.NewReader(conn)}
			play(server)
			server.rest()
			conn.Close()
		}
	})
	t.Cleanup(func() {
		listener.Close()
		playing.Wait()
	})
	port := listener.Addr().(*net.TCPAddr).Port
	return transaction.Server{Host: "127.0.0.1", Port: port, TLS: transaction.Off}
}

// say writes lines.
func (s *scripted) say(lines ...string) {
	for _, line := range lines {
		s.Write([]byte(line + "\r\n"))
	}
}

// hear reads one line.
func (s *scripted) hear() string {
	line, _ := s.in.ReadString('\n')
	return strings.TrimRight(line, "\r\n")
}

// answer answers as many commands as there are replies.
func (s *scripted) answer(replies ...string) {
	for _, reply := range replies {
		s.hear()
		s.say(reply)
	}
}

// greet gets through the banner and EHLO.
func (s *scripted) greet(extensions ...string) {
	s.say("220 scripted")
	s.hear()
	s.say("250-scripted")
	for _, extension := range extensions {
		s.say("250-" + extension)
	}
	s.say("250 HELP")
}

// content reads up to the final dot.
func (s *scripted) content() {
	for {
		if line, err := s.in.ReadString('\n'); err != nil || line == ".\r\n" {
			return
		}
	}
}

// rest reads until the client leaves, and answers what a client says in leaving.
func (s *scripted) rest() string {
	var rest strings.Builder
	for {
		line, err := s.in.ReadString('\n')
		rest.WriteString(line)
		if err != nil {
			return rest.String()
		}
		switch line {
		case "*\r\n":
			s.say("501 cancelled")
		case "QUIT\r\n":
			s.say("221 bye")
		}
	}
}
