package transaction

import (
	"errors"
	"net"
	"os"
	"time"
)

const (
	maxReplyBytes   = 64 << 10  // one reply, TLS overhead included
	maxConnectBytes = 512 << 10 // all that a server says before the first transaction
	writePiece      = 16 << 10
)

// errFlood ends a connection whose server sends without end.
var errFlood = errors.New("the server sends more than any reply needs")

// wire is the TCP connection of a session. Each read and each piece of a write
// has a time limit of its own; the limits that go-mail and crypto/tls try to set
// are ignored. What it may read is rationed. Close may be called at any time from
// any goroutine and ends whatever stalls.
type wire struct {
	net.Conn
	readLimit  time.Duration
	writeLimit time.Duration
	ration     int // bytes that may still be read
}

func (w *wire) Read(p []byte) (int, error) {
	if w.ration <= 0 {
		return 0, errFlood
	}
	if err := w.Conn.SetReadDeadline(time.Now().Add(w.readLimit)); err != nil {
		return 0, err
	}
	n, err := w.Conn.Read(p)
	w.ration -= n
	return n, err
}

func (w *wire) Write(p []byte) (written int, err error) {
	for written < len(p) {
		if err := w.Conn.SetWriteDeadline(time.Now().Add(w.writeLimit)); err != nil {
			return written, err
		}
		n, err := w.Conn.Write(p[written:min(len(p), written+writePiece)])
		written += n
		if err != nil && (n == 0 || !errors.Is(err, os.ErrDeadlineExceeded)) {
			return written, err
		}
	}
	return written, nil
}

// SetDeadline does nothing; the wire sets its own.
func (w *wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing; the wire sets its own.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing; the wire sets its own.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
