package transaction

import (
	"bytes"
	"net"
)

// greeted is a connection whose first bytes from the server must begin a reply of
// SMTP. What else a server begins with, such as "SSH-2.0", could pass for the first
// line of a reply that goes on.
type greeted struct {
	net.Conn
	heard bool
}

func (g *greeted) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if n == 0 || g.heard {
		return n, err
	}
	g.heard = true
	if p[0] < '2' || p[0] > '5' {
		line, _, _ := bytes.Cut(p[:n], []byte("\n"))
		return 0, &nonsenseError{said: string(line)}
	}
	return n, err
}
