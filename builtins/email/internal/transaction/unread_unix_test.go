//go:build unix

package transaction_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

// talkative is a server that, after the first message over its first connection,
// says what nobody asked for, and hangs up or stays.
type talkative struct {
	transaction.Server
	taken   atomic.Int32
	arrived func() // waits until what it says has come to the client
}

func newTalkative(t *testing.T, mode transaction.TLSMode, unasked string, hangsUp bool) *talkative {
	t.Helper()
	var own tls.Config
	if mode == transaction.Implicit {
		web := httptest.NewTLSServer(nil)
		web.Close()
		own.Certificates = web.TLS.Certificates
	}
	m := &talkative{}
	answered, connections := make(chan bool, 1), 0
	m.Server = playAgain(t, 2, func(s *scripted) {
		connections++
		if mode == transaction.Implicit {
			s.Conn = tls.Server(s.Conn, &own)
			s.in = bufio.NewReader(s.Conn)
		}
		s.greet()
		s.answer("250 ok", "250 ok", "354 go")
		s.content()
		m.taken.Add(1)
		s.say("250 taken")
		if connections > 1 {
			return
		}
		<-answered
		if unasked != "" {
			s.say(unasked)
		}
		if hangsUp {
			s.Close()
		}
	})
	m.TLS, m.SkipVerify, m.Route = mode, true, "through the test"
	var made net.Conn
	m.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if made == nil {
			made = conn
		}
		return conn, err
	}
	m.arrived = func() {
		answered <- true
		raw, err := made.(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		raw.Read(func(fd uintptr) bool {
			_, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK)
			return err != syscall.EAGAIN
		})
	}
	return m
}

// A farewell costs nothing, whatever its code, and a reply that nobody asked for is
// not taken for the answer to the next command.
func TestWhatAKeptServerSaidMeanwhileCostsNothing(t *testing.T) {
	for _, mode := range []transaction.TLSMode{transaction.Off, transaction.Implicit} {
		for _, unasked := range []string{"", "421 4.4.2 idle", "451 4.4.2 timeout", "554 5.4.0 idle too long", "221 2.0.0 bye", "550 5.1.1 no such user", "250 ok again"} {
			for _, hangsUp := range []bool{true, false} {
				if unasked == "" && !hangsUp {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%v", mode, unasked, hangsUp), func(t *testing.T) {
					server := newTalkative(t, mode, unasked, hangsUp)
					pool := newPool(t, transaction.PoolLimits{})
					wantSent(t, pool.Send(soon(t), server.Server, to("bob@b.example"), spool(t, letter)))
					server.arrived()
					wantSent(t, pool.Send(soon(t), server.Server, to("carl@b.example"), spool(t, letter)))
					if n := server.taken.Load(); n != 2 {
						t.Errorf("%d mails were taken", n)
					}
				})
			}
		}
	}
}

// The tickets of TLS 1.3, which nobody asks for either, end no session.
func TestEncryptedSessionIsUsedAgain(t *testing.T) {
	for _, mode := range []transaction.TLSMode{transaction.STARTTLS, transaction.Implicit} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			t.Run(fmt.Sprintf("%s/%s", mode, tls.VersionName(version)), func(t *testing.T) {
				sandbox := start(t, mailtest.WithTLSConfig(func(config *tls.Config) { config.MaxVersion = version }))
				server := over(sandbox)
				if mode == transaction.Implicit {
					server.TLS, server.Port = mode, sandbox.TLSPort()
				}
				pool := newPool(t, transaction.PoolLimits{})
				for range 5 {
					result := pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter))
					if wantSent(t, result); result.TLS != tls.VersionName(version) {
						t.Errorf("encrypted by %q", result.TLS)
					}
				}
				wantConnections(t, sandbox, 1)
			})
		}
	}
}
