package email

import (
	"time"

	"flowrun/builtins/email/internal/transaction"
)

// PoolLimits bound the connections of a [Pool], for each server and user by
// itself. A zero field means its default.
type PoolLimits struct {
	// Connections may be open at once; further mails wait for their turn, first
	// come, first served. 4; a negative number is no bound.
	Connections int
	// MessagesPerConnection go over one connection before another takes its place.
	// 100; a negative number is no bound.
	MessagesPerConnection int
	// Idle is how long a connection is kept for the next mail. 30 seconds; a
	// negative time keeps none.
	Idle time.Duration
	// Rate is how many messages a second may go, each attempt counting. 0 is no
	// bound.
	Rate float64
}

// Pool keeps the connections of sendEmail for the next mail, over all runs of all
// components that share it. A connection serves only mails for the same server
// with the same user, password, certificates and restrictions.
type Pool struct {
	sessions *transaction.Pool
}

// NewPool makes a pool. It holds connections only while mails are sent and for
// PoolLimits.Idle after that.
func NewPool(limits PoolLimits) *Pool {
	return &Pool{transaction.NewPool(transaction.PoolLimits{
		Connections: limits.Connections,
		Messages:    limits.MessagesPerConnection,
		Idle:        limits.Idle,
		Rate:        limits.Rate,
	})}
}

// Close closes the idle connections politely and keeps none from now on; it takes
// two seconds at most. Mails under way are not disturbed, and further ones can be
// sent, each over a connection of its own. The error is always nil.
func (p *Pool) Close() error { return p.sessions.Close() }
