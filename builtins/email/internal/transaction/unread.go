package transaction

import (
	"errors"
	"io"
	"os"
	"time"
)

// shortLook is how long a connection that cannot be asked otherwise is listened at
// for what lies there unread.
const shortLook = time.Millisecond

// silent reports whether a session between two messages is still open and its
// server has said nothing since its last answer. What TLS says for itself, such as
// new session tickets (RFC 8446 section 4.6.1), is nothing of the server's.
func (s *Session) silent() bool {
	s.wire.looking, s.wire.ration = true, maxReplyBytes
	defer func() { s.wire.looking = false }()
	_, err := s.text.R.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded)
}

// look reads what has come, and does not wait for more: os.ErrDeadlineExceeded is
// nothing, which crypto/tls takes for an error that passes.
func (w *wire) look(p []byte) (int, error) {
	if n, err, can := w.lookAtSocket(p); can {
		if n == 0 && err == nil {
			err = io.EOF
		}
		return n, err
	}
	if err := w.reads.move(time.Now().Add(shortLook)); err != nil {
		return 0, err
	}
	return w.Conn.Read(p)
}
