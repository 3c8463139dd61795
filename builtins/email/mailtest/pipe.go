package mailtest

import (
	"net"
	"sync"
)

// pipeListener hands connections made in memory to the SMTP engine.
type pipeListener struct {
	conns     chan net.Conn
	closed    chan struct{}
	closeOnce sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// dial returns the gate's end of a new connection to the engine.
func (l *pipeListener) dial(g *gate) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- &engineEnd{Conn: far, gate: g}:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Accept implements [net.Listener].
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (l *pipeListener) Close() error {
	l.closeOnce.Do(func() { close(l.closed) })
	return nil
}

// Addr implements [net.Listener].
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "sandbox", Net: "pipe"} }

// engineEnd is the engine's end of a connection in memory; it knows the gate on
// the other side.
type engineEnd struct {
	net.Conn
	gate *gate
}
