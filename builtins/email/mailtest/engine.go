package mailtest

import (
	"bufio"
	"io"
	"net"
	"strings"
)

// engineLink is a gate's connection, in memory, to the SMTP engine. The engine's
// replies are read as they come, so that the engine, which may say more than one
// thing to a command, never waits for the gate.
type engineLink struct {
	conn    net.Conn
	out     *bufio.Writer
	replies chan string
	closed  chan struct{}
}

func (s *Server) linkEngine(g *gate) (*engineLink, error) {
	conn, err := s.backend.dial(g)
	if err != nil {
		return nil, err
	}
	link := &engineLink{
		conn:    conn,
		out:     bufio.NewWriter(conn),
		replies: make(chan string),
		closed:  make(chan struct{}),
	}
	go link.read()
	return link, nil
}

func (l *engineLink) read() {
	defer close(l.replies)
	in := bufio.NewReader(l.conn)
	for {
		reply, err := readReply(in)
		if err != nil {
			return
		}
		select {
		case l.replies <- reply:
		case <-l.closed:
			return
		}
	}
}

// readReply reads one reply with all its lines.
func readReply(in *bufio.Reader) (string, error) {
	var reply strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		reply.WriteString(line)
		if len(line) < 4 || line[3] != '-' {
			return reply.String(), nil
		}
	}
}

// reply returns the engine's next reply, or io.EOF when it has hung up.
func (l *engineLink) reply() (string, error) {
	reply, ok := <-l.replies
	if !ok {
		return "", io.EOF
	}
	return reply, nil
}

// ask passes a command on and returns the reply.
func (l *engineLink) ask(line string) (string, error) {
	if err := l.write(line + "\r\n"); err != nil {
		return "", err
	}
	return l.reply()
}

func (l *engineLink) write(text string) error {
	if _, err := l.out.WriteString(text); err != nil {
		return err
	}
	return l.out.Flush()
}

func (l *engineLink) close() {
	close(l.closed)
	l.conn.Close()
}
