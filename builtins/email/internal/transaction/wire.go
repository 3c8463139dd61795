package transaction

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"
)

const (
	maxReplyBytes   = 64 << 10  // one reply, TLS overhead included
	maxConnectBytes = 512 << 10 // all that a server says before the first transaction
	writePiece      = 16 << 10
)

// wire is the TCP connection of a session. Each read and each piece of a write
// has a time limit of its own; the limits that go-mail and crypto/tls try to set
// are ignored. What it may read is rationed, and a reply has an end in time, however
// slowly it trickles. Close may be called at any time from
// any goroutine and ends whatever stalls.
type wire struct {
	net.Conn
	readLimit  time.Duration
	writeLimit time.Duration
	replyLimit time.Duration // for a whole reply; 0: none
	replyBy    time.Time     // when a whole reply must be in; zero: its first read is to come
	ration     int           // bytes that may still be read
	looking    bool          // whether a read takes only what has come
	reads      deadline
	writes     deadline
	socket     syscall.RawConn // nil: the connection is more than a socket
	habit      *habit          // of the reply that is read; nil: it is not watched for

	listening bool   // whether heard is kept: until secrets may be in it
	heard     []byte // the beginning of what came since the last write
}

func newWire(conn net.Conn) *wire {
	return &wire{
		Conn: conn, socket: socketOf(conn),
		reads: newDeadline(conn, conn.SetReadDeadline), writes: newDeadline(conn, conn.SetWriteDeadline),
	}
}

// socketOf is the socket of a connection that is nothing but one, else nil.
func socketOf(conn net.Conn) syscall.RawConn {
	switch conn.(type) {
	case *net.TCPConn, *net.UnixConn:
		socket, err := conn.(syscall.Conn).SyscallConn()
		if err == nil {
			return socket
		}
	}
	return nil
}

func (w *wire) Read(p []byte) (int, error) {
	if w.ration <= 0 {
		return 0, heardError(errFlood, w.heard)
	}
	if w.looking {
		n, err := w.look(p)
		w.ration -= n
		return n, err
	}
	from := time.Now()
	end := from.Add(w.readLimit)
	if w.replyLimit > 0 && w.replyBy.IsZero() {
		w.replyBy = from.Add(w.replyLimit)
	}
	if w.replyLimit > 0 && w.replyBy.Before(end) {
		end = w.replyBy
	}
	if err := w.reads.by(end); err != nil {
		return 0, err
	}
	n, err := w.readReply(p, from, end)
	for n == 0 && w.reads.tooEarly(err, end) {
		n, err = w.Conn.Read(p)
	}
	w.ration -= n
	if w.listening {
		w.heard = append(w.heard, p[:min(n, max(0, maxHeard+1-len(w.heard)))]...)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = heardError(err, w.heard)
	}
	return n, err
}

// limitReply sets the limits of the next reply, until endReply, and the server's habit
// with such replies.
func (w *wire) limitReply(limit time.Duration, of *habit) {
	w.readLimit, w.replyLimit, w.ration, w.habit = limit, wholeReply*limit, maxReplyBytes, of
}

func (w *wire) endReply() { w.replyLimit, w.replyBy, w.habit = 0, time.Time{}, nil }

// stopListening forgets what the server said, and what it will say: it may repeat
// a password.
func (w *wire) stopListening() { w.listening, w.heard = false, nil }

func (w *wire) Write(p []byte) (written int, err error) {
	w.heard = w.heard[:0]
	for written < len(p) {
		end := time.Now().Add(w.writeLimit)
		if err := w.writes.by(end); err != nil {
			return written, err
		}
		n, err := w.Conn.Write(p[written:min(len(p), written+writePiece)])
		for n == 0 && w.writes.tooEarly(err, end) {
			n, err = w.Conn.Write(p[written:min(len(p), written+writePiece)])
		}
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
