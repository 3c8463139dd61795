package transaction_test

import (
	"bufio"
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"flowrun/builtins/email/internal/transaction"
)

// inMemory is a server that a pool reaches without a network, so that its clock
// can be moved.
type inMemory struct {
	transaction.Server
	made, taken, quit atomic.Int32
}

func newInMemory() *inMemory {
	m := &inMemory{Server: transaction.Server{Host: "mail.example", TLS: transaction.Off, Route: "memory"}}
	m.Dial = func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		m.made.Add(1)
		go m.serve(&scripted{Conn: server, in: bufio.NewReader(server)})
		return client, nil
	}
	return m
}

func (m *inMemory) serve(s *scripted) {
	defer s.Close()
	s.greet("PIPELINING")
	for {
		switch line := s.hear(); line {
		case "":
			return
		case "QUIT":
			m.quit.Add(1)
			s.say("221 bye")
			return
		case "DATA":
			s.say("354 go")
			s.content()
			m.taken.Add(1)
			s.say("250 taken")
		default:
			s.say("250 ok")
		}
	}
}

func TestIdleConnectionsGoAfterThirtySeconds(t *testing.T) {
	message := spool(t, letter)
	synctest.Test(t, func(t *testing.T) {
		server := newInMemory()
		// The limits of time are for silences in a session, not between messages.
		server.Timeouts = transaction.Timeouts{Command: time.Second, Content: time.Second, Dot: time.Second}
		pool := transaction.NewPool(transaction.PoolLimits{})
		for range 3 {
			wantSent(t, pool.Send(t.Context(), server.Server, to("bob@b.example"), message))
			time.Sleep(29 * time.Second)
		}
		if made, quit := server.made.Load(), server.quit.Load(); made != 1 || quit != 0 {
			t.Errorf("%d connections, %d ended", made, quit)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if quit := server.quit.Load(); quit != 1 {
			t.Errorf("%d connections ended after 30 seconds", quit)
		}
		wantSent(t, pool.Send(t.Context(), server.Server, to("bob@b.example"), message))
		if made, taken := server.made.Load(), server.taken.Load(); made != 2 || taken != 4 {
			t.Errorf("%d connections, %d messages", made, taken)
		}
		pool.Close()
		synctest.Wait()
	})
}

func TestRateIsKeptExactly(t *testing.T) {
	message := spool(t, letter)
	synctest.Test(t, func(t *testing.T) {
		server := newInMemory()
		pool := transaction.NewPool(transaction.PoolLimits{Rate: 0.5})
		began := time.Now()
		for i := range 4 {
			wantSent(t, pool.Send(t.Context(), server.Server, to("bob@b.example"), message))
			if took, want := time.Since(began), time.Duration(i)*2*time.Second; took.Truncate(10*time.Millisecond) != want {
				t.Errorf("message %d went after %s, want %s", i+1, took, want)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		result := pool.Send(ctx, server.Server, to("bob@b.example"), message)
		if got := failure(t, result.Err); got.Kind != transaction.KindTimeout || time.Since(began).Truncate(10*time.Millisecond) != 7*time.Second {
			t.Errorf("%v after %s", got, time.Since(began))
		}
		// Who gives up takes nobody's turn.
		wantSent(t, pool.Send(t.Context(), server.Server, to("bob@b.example"), message))
		if took := time.Since(began); took.Truncate(10*time.Millisecond) != 8*time.Second {
			t.Errorf("the next went after %s", took)
		}
		pool.Close()
		synctest.Wait()
	})
}

// The mails that wait for a connection gather nothing of the rate meanwhile.
func TestRateIsKeptAfterAWaitForAConnection(t *testing.T) {
	message := spool(t, letter)
	synctest.Test(t, func(t *testing.T) {
		server := newInMemory()
		dial, stalled := server.Dial, false
		server.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if !stalled {
				stalled = true
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return dial(ctx, network, address)
		}
		pool := transaction.NewPool(transaction.PoolLimits{Connections: 1, Rate: 1})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var sending sync.WaitGroup
		sending.Go(func() { pool.Send(ctx, server.Server, to("bob@b.example"), message) })
		synctest.Wait()
		for range 10 {
			sending.Go(func() { wantSent(t, pool.Send(t.Context(), server.Server, to("bob@b.example"), message)) })
		}
		time.Sleep(time.Minute)
		cancel()
		began := time.Now()
		sending.Wait()
		if took := time.Since(began); took < 9*time.Second {
			t.Errorf("10 messages at 1 a second went within %s", took)
		}
		pool.Close()
		synctest.Wait()
	})
}
