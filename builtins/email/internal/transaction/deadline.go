package transaction

import (
	"errors"
	"net"
	"os"
	"time"
)

// deadline is the end of the reads or of the writes of a connection. Setting it has
// its price, which short replies would pay again and again. So one that comes too
// early stays: when it passes it is put off, and what it ended is begun again.
type deadline struct {
	set  func(time.Time) error // of the connection
	at   time.Time             // that is set; zero: none
	firm bool                  // an early one would harm the connection
}

// newDeadline is a deadline that set sets for a connection. Only sockets are known to
// go on after one has passed.
func newDeadline(conn net.Conn, set func(time.Time) error) deadline {
	switch conn.(type) {
	case *net.TCPConn, *net.UnixConn:
		return deadline{set: set}
	}
	return deadline{set: set, firm: true}
}

// by sees to it that nothing lasts longer than to a time.
func (d *deadline) by(end time.Time) error {
	if !d.firm && !d.at.IsZero() && !d.at.After(end) {
		return nil
	}
	return d.move(end)
}

// tooEarly reports that an error came of a deadline before its time, and puts this
// off.
func (d *deadline) tooEarly(err error, end time.Time) bool {
	return err != nil && !d.firm && errors.Is(err, os.ErrDeadlineExceeded) && time.Now().Before(end) && d.move(end) == nil
}

// keepOff keeps it away from what does not wait, which it would end all the same
// when it has passed.
func (d *deadline) keepOff() error {
	const near = time.Second
	if d.at.IsZero() || time.Until(d.at) > near {
		return nil
	}
	return d.move(time.Time{})
}

func (d *deadline) move(end time.Time) error {
	d.at = end
	return d.set(end)
}
