package store

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// silence is how long a PostgreSQL server may say nothing. One whose process is
// frozen accepts connections and does not answer.
type silence struct {
	connect time.Duration // for a connection, unless the URL has a connect_timeout
	open    time.Duration // for the first answer when a store is opened
	answer  time.Duration // for the next byte of an answer
}

var defaultSilence = silence{connect: 10 * time.Second, open: 30 * time.Second, answer: time.Minute}

// dial has connections wait no longer for an answer.
func (s silence) dial(dial pgconn.DialFunc) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &patientConn{Conn: conn, answer: s.answer}, nil
	}
}

// patientConn gives each operation its own deadline, unless the driver has set one:
// that is how it ends an operation whose context has ended.
type patientConn struct {
	net.Conn
	answer time.Duration

	mutex  sync.Mutex
	driven bool // the driver has set a deadline
}

func (c *patientConn) Read(p []byte) (int, error) {
	c.renew()
	return c.Conn.Read(p)
}

func (c *patientConn) Write(p []byte) (int, error) {
	c.renew()
	return c.Conn.Write(p)
}

func (c *patientConn) renew() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.driven {
		// Where this fails, so does the operation.
		_ = c.Conn.SetDeadline(time.Now().Add(c.answer))
	}
}

// SetDeadline is what the driver sets deadlines by.
func (c *patientConn) SetDeadline(t time.Time) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.driven = !t.IsZero()
	return c.Conn.SetDeadline(t)
}
