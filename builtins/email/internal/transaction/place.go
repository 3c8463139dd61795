package transaction

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// poolKey stands for all of a Server but its certificate authorities. It is a hash
// that begins with the pool's salt, so that it shows no password.
type poolKey [sha256.Size]byte

func (p *Pool) keyOf(server *Server) poolKey {
	var room [512]byte
	told := append(room[:0], p.salt[:]...)
	number := func(n int64) { told = binary.BigEndian.AppendUint64(told, uint64(n)) }
	text := func(s string) {
		number(int64(len(s)))
		told = append(told, s...)
	}
	flag := func(on bool) {
		if on {
			number(1)
		} else {
			number(0)
		}
	}
	mode := server.TLS
	if mode == "" {
		mode = STARTTLS
	}
	for _, s := range [...]string{server.Host, string(mode), server.User, server.Password, server.Token, server.helo(), server.Route} {
		text(s)
	}
	number(int64(server.port()))
	flag(server.SkipVerify)
	flag(server.RootCAs != nil)
	flag(server.AllowAddress != nil)
	flag(server.Dial != nil)
	flag(server.Certificate != nil)
	if server.Certificate != nil {
		for _, der := range server.Certificate.Certificate {
			text(string(der))
		}
	}
	timeouts := server.Timeouts.withDefaults()
	for _, limit := range [...]time.Duration{timeouts.Connect, timeouts.Command, timeouts.Content, timeouts.Dot} {
		number(int64(limit))
	}
	return sha256.Sum256(told)
}

// place is what a pool knows of one server. The pool's mutex guards it.
type place struct {
	roots   *x509.CertPool
	senders int             // that are in Pool.Send
	open    int             // connections, those that are being made or closed among them
	idle    []*Session      // the last used one last
	waiting []chan *Session // in the order of coming; each gets a session, or nil to connect
	pacer   *rate.Limiter   // nil: no rate
	habits  habits          // of the server, as the last session has learnt them
}

// enter gives the place of a server, and counts who is there.
func (p *Pool) enter(server Server) *place {
	key := p.keyOf(&server)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, at := range p.places[key] {
		if at.roots == server.RootCAs || at.roots.Equal(server.RootCAs) {
			at.senders++
			return at
		}
	}
	p.forget()
	at := &place{roots: server.RootCAs, senders: 1}
	if p.limits.Rate > 0 {
		at.pacer = rate.NewLimiter(rate.Limit(p.limits.Rate), 1)
	}
	p.places[key] = append(p.places[key], at)
	return at
}

func (p *Pool) leave(at *place) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	at.senders--
}

// forget drops the places that nobody needs: without sender and connection, and
// with a rate that would let the next message go at once. The mutex is held.
func (p *Pool) forget() {
	for key, places := range p.places {
		places = slices.DeleteFunc(places, func(at *place) bool {
			return at.senders == 0 && at.open == 0 && (at.pacer == nil || at.pacer.Tokens() >= 1)
		})
		if p.places[key] = places; len(places) == 0 {
			delete(p.places, key)
		}
	}
}

// pace waits as the rate wants it.
func (at *place) pace(ctx context.Context) error {
	if at.pacer == nil {
		return ctx.Err()
	}
	reservation := at.pacer.Reserve()
	timer := time.NewTimer(reservation.Delay())
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		reservation.Cancel()
		return ctx.Err()
	}
}

// acquire gives an idle session, or nil for the right to make a connection, and
// waits for either when all connections are in use.
func (p *Pool) acquire(ctx context.Context, at *place) (*Session, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	p.mutex.Lock()
	if last := len(at.idle) - 1; last >= 0 {
		session := at.idle[last]
		at.idle = at.idle[:last]
		p.mutex.Unlock()
		return session, nil
	}
	if p.limits.Connections < 0 || at.open < p.limits.Connections {
		at.open++
		p.mutex.Unlock()
		return nil, nil
	}
	turn := make(chan *Session, 1)
	at.waiting = append(at.waiting, turn)
	p.mutex.Unlock()
	select {
	case session := <-turn:
		return session, nil
	case <-ctx.Done():
	}
	p.mutex.Lock()
	if i := slices.Index(at.waiting, turn); i >= 0 {
		at.waiting = slices.Delete(at.waiting, i, i+1)
		p.mutex.Unlock()
		return nil, ctx.Err()
	}
	p.mutex.Unlock()
	p.release(ctx, at, <-turn)
	return nil, ctx.Err()
}

// known is what is known of the server's habits.
func (p *Pool) known(at *place) habits {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return at.habits
}

// release hands a connection on to who has waited longest, keeps it for the next
// message, or closes it when it has served its time. A nil session is a connection
// that is closed.
func (p *Pool) release(ctx context.Context, at *place, session *Session) {
	p.mutex.Lock()
	if session != nil {
		at.habits = session.habits
	}
	if session != nil && !p.keeps(session) {
		p.mutex.Unlock()
		session.leave(ctx)
		session = nil
		p.mutex.Lock()
	}
	defer p.mutex.Unlock()
	switch {
	case len(at.waiting) > 0:
		turn := at.waiting[0]
		at.waiting = at.waiting[1:]
		turn <- session
	case session == nil:
		at.open--
	default:
		session.freed = time.Now()
		at.idle = append(at.idle, session)
		p.watch(at, session)
	}
}

// watch has a session closed when it has been idle for long. The timer is not set
// anew at each use, which would wake the scheduler each time, but looks at its end
// whether the session was used meanwhile. The mutex is held.
func (p *Pool) watch(at *place, session *Session) {
	switch {
	case session.expiry == nil:
		session.expiry = time.AfterFunc(p.limits.Idle, func() { p.expire(at, session) })
	case !session.watched:
		session.expiry.Reset(p.limits.Idle)
	}
	session.watched = true
}

// expire closes a session that has been idle for long, and watches one on that has
// not.
func (p *Pool) expire(at *place, session *Session) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	i := slices.Index(at.idle, session)
	if i < 0 {
		session.watched = false
		return
	}
	if left := p.limits.Idle - time.Since(session.freed); left > 0 {
		session.expiry.Reset(left)
		return
	}
	at.idle = slices.Delete(at.idle, i, i+1)
	p.retire(at, session)
}
