package transaction

import (
	"context"
	"crypto/rand"
	"sync"
	"time"
)

// Defaults of [PoolLimits].
const (
	DefaultConnections = 4
	DefaultMessages    = 100
	DefaultIdle        = 30 * time.Second
)

// PoolLimits bound the sessions of a [Pool]. They count for each server by itself;
// see Pool for what makes two servers differ.
type PoolLimits struct {
	Connections int           // open at once; 0 is DefaultConnections, below it there is no bound
	Messages    int           // over one connection; 0 is DefaultMessages, below it there is no bound
	Idle        time.Duration // how long a session is kept for the next message; 0 is DefaultIdle, below it none is kept
	Rate        float64       // messages a second, each attempt counting; 0 and below: no bound
}

func (l PoolLimits) withDefaults() PoolLimits {
	if l.Connections == 0 {
		l.Connections = DefaultConnections
	}
	if l.Messages == 0 {
		l.Messages = DefaultMessages
	}
	if l.Idle == 0 {
		l.Idle = DefaultIdle
	}
	return l
}

// Pool sends over sessions that it keeps for the next message. A session is used
// again only for a Server that is the same in all that it may do or prove: host,
// port, encryption, user, password, token, certificate authorities, client
// certificate, HELO, limits of time and the way of dialling; and its address is
// judged again by the AllowAddress of whom it is given to. A Pool may be used by
// several goroutines.
type Pool struct {
	limits PoolLimits
	salt   [32]byte // of the keys, which hide passwords

	mutex    sync.Mutex
	places   map[poolKey][]*place
	closed   bool
	quitting sync.WaitGroup // sessions that are closed in the background
}

// NewPool makes an empty pool.
func NewPool(limits PoolLimits) *Pool {
	p := &Pool{limits: limits.withDefaults(), places: map[poolKey][]*place{}}
	rand.Read(p.salt[:])
	return p
}

// Send runs one transaction over a session of the pool, or over a new one. It
// waits for its turn when the limits want it, first come, first served, and no
// longer than ctx lasts. A kept session that turns out to be of no more use before
// the server took anything of the message is replaced by a new one, once.
func (p *Pool) Send(ctx context.Context, server Server, envelope Envelope, spool *Spool) Result {
	if failure := fault(envelope, spool); failure != nil {
		return failedResult(envelope, failure)
	}
	if server.Dial != nil && server.Route == "" {
		return Send(ctx, server, envelope, spool)
	}
	at := p.enter(server)
	defer p.leave(at)
	kept, err := p.acquire(ctx, at)
	if err != nil {
		return failedResult(envelope, unserved(ctx, server, err))
	}
	// The rate counts from here: whoever waited for a connection has used nothing
	// of it up meanwhile.
	if err := at.pace(ctx); err != nil {
		p.release(ctx, at, kept)
		return failedResult(envelope, unserved(ctx, server, err))
	}
	if kept != nil {
		if kept.usableFor(server) {
			if result := kept.send(ctx, envelope, spool); !kept.worn {
				p.release(ctx, at, kept)
				return result
			}
		}
		kept.leave(ctx)
	}
	session, failure := connect(ctx, server)
	if failure != nil {
		p.release(ctx, at, nil)
		return failedResult(envelope, failure)
	}
	session.habits = p.known(at)
	result := session.send(ctx, envelope, spool)
	p.release(ctx, at, session)
	return result
}

// unserved is the Error of who got no connection in time.
func unserved(ctx context.Context, server Server, err error) *Error {
	return wireError(ctx, "wait for a connection to "+server.Address(), err)
}

// Close closes the sessions that are not in use, by QUIT, and keeps none from now
// on: those in use are closed when their message is through. Messages can still be
// sent. It returns when the idle ones are closed, after two seconds at most.
func (p *Pool) Close() error {
	p.mutex.Lock()
	p.closed = true
	for _, places := range p.places {
		for _, at := range places {
			for _, session := range at.idle {
				p.retire(at, session)
			}
			at.idle = nil
		}
	}
	p.mutex.Unlock()
	p.quitting.Wait()
	return nil
}

// retire closes a session in the background; the mutex is held.
func (p *Pool) retire(at *place, session *Session) {
	session.expiry.Stop()
	p.quitting.Go(func() {
		session.Close()
		p.release(context.Background(), at, nil)
	})
}

// keeps reports whether a session is fit to be kept; the mutex is held.
func (p *Pool) keeps(session *Session) bool {
	return !session.broken && !session.worn && !p.closed && p.limits.Idle > 0 &&
		(p.limits.Messages < 0 || session.messages < p.limits.Messages)
}

// usableFor reports whether a kept session may serve somebody who asks for the
// server. What the server said unasked makes it useless: it is a farewell, or would
// be taken for an answer.
func (s *Session) usableFor(server Server) bool {
	return (server.AllowAddress == nil || server.judge(s.wire.RemoteAddr().String()) == nil) && s.silent()
}

// leave is Close that ends at once with ctx.
func (s *Session) leave(ctx context.Context) {
	if s.expiry != nil {
		s.expiry.Stop()
	}
	stop := context.AfterFunc(ctx, func() { s.wire.Close() })
	defer stop()
	s.Close()
}
