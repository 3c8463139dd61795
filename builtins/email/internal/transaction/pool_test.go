package transaction_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

func newPool(t *testing.T, limits transaction.PoolLimits) *transaction.Pool {
	t.Helper()
	pool := transaction.NewPool(limits)
	t.Cleanup(func() { pool.Close() })
	return pool
}

func wantSent(t *testing.T, result transaction.Result) {
	t.Helper()
	if result.State != transaction.Sent {
		t.Errorf("state %s: %v", result.State, result.Err)
	}
}

func wantConnections(t *testing.T, sandbox *mailtest.Server, want int) {
	t.Helper()
	if got := sandbox.Connections(); got != want {
		t.Errorf("%d connections were made, want %d", got, want)
	}
}

func TestPoolSendsOneMailAfterAnotherOverOneConnection(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{})
	for range 20 {
		wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	}
	wantConnections(t, sandbox, 1)
	if n := len(sandbox.Mails()); n != 20 {
		t.Errorf("%d mails", n)
	}
	pool.Close()
	seen := lines(t, sandbox)
	if seen[len(seen)-1] != "QUIT" || slices.Contains(seen, "RSET") || slices.Contains(seen, "NOOP") {
		t.Errorf("commands %q", seen[len(seen)-5:])
	}
}

func TestPoolRenewsAConnectionAfterItsMessages(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{Messages: 3})
	for range 7 {
		wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	}
	wantConnections(t, sandbox, 3)
}

func TestPoolKeepsToItsConnections(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{Connections: 3})
	var sending sync.WaitGroup
	for range 60 {
		sending.Go(func() { wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter))) })
	}
	sending.Wait()
	if n := sandbox.Connections(); n > 3 || len(sandbox.Mails()) != 60 {
		t.Errorf("%d connections, %d mails", n, len(sandbox.Mails()))
	}
}

// Whoever differs in what a session may do or prove gets one of its own.
func TestPoolKeepsApartWhoDiffers(t *testing.T) {
	sandbox := start(t, mailtest.WithPlaintextAuth())
	other := start(t)
	base := over(sandbox)
	base.User, base.Password = "ann", "secret"
	refuse := errors.New("private addresses are refused")
	for name, c := range map[string]struct {
		change func(*transaction.Server)
		want   transaction.Kind // of the failure; "" for none
		made   int              // connections
	}{
		"nothing":                  {func(*transaction.Server) {}, "", 1},
		"the default mode by name": {func(s *transaction.Server) { s.TLS = transaction.STARTTLS }, "", 1},
		"an equal pool of CAs":     {func(s *transaction.Server) { s.RootCAs = s.RootCAs.Clone() }, "", 1},
		"password":                 {func(s *transaction.Server) { s.Password = "other" }, "", 2},
		"user":                     {func(s *transaction.Server) { s.User = "bob" }, "", 2},
		"no user":                  {func(s *transaction.Server) { s.User, s.Password = "", "" }, "", 2},
		"token":                    {func(s *transaction.Server) { s.Token = "secret" }, "", 2},
		"HELO":                     {func(s *transaction.Server) { s.HELO = "a.example" }, "", 2},
		"no encryption":            {func(s *transaction.Server) { s.TLS = transaction.Off }, "", 2},
		"opportunistic":            {func(s *transaction.Server) { s.TLS = transaction.Opportunistic }, "", 2},
		"name":                     {func(s *transaction.Server) { s.Host = "localhost" }, "", 2},
		"skipped verification":     {func(s *transaction.Server) { s.SkipVerify = true }, "", 2},
		"other CAs":                {func(s *transaction.Server) { s.RootCAs = other.CertPool() }, transaction.KindTLS, 2},
		"the system's CAs":         {func(s *transaction.Server) { s.RootCAs = nil }, transaction.KindTLS, 2},
		"client certificate":       {func(s *transaction.Server) { s.Certificate = &tls.Certificate{Certificate: [][]byte{{1}}} }, "", 2},
		"time limits":              {func(s *transaction.Server) { s.Timeouts.Command = time.Minute }, "", 2},
		"a policy that allows":     {func(s *transaction.Server) { s.AllowAddress = func(netip.Addr) error { return nil } }, "", 2},
		"a policy that refuses":    {func(s *transaction.Server) { s.AllowAddress = func(netip.Addr) error { return refuse } }, transaction.KindForbidden, 1},
		"a dialler": {func(s *transaction.Server) {
			s.Dial, s.Route = (&net.Dialer{}).DialContext, "somewhere"
		}, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			before := sandbox.Connections()
			pool := newPool(t, transaction.PoolLimits{})
			wantSent(t, pool.Send(soon(t), base, to("bob@b.example"), spool(t, letter)))
			changed := base
			c.change(&changed)
			result := pool.Send(soon(t), changed, to("bob@b.example"), spool(t, letter))
			if c.want == "" {
				wantSent(t, result)
			} else if got := failure(t, result.Err); got.Kind != c.want {
				t.Errorf("kind %s, want %s: %v", got.Kind, c.want, result.Err)
			}
			if made := sandbox.Connections() - before; made != c.made {
				t.Errorf("%d connections, want %d", made, c.made)
			}
		})
	}
}

func TestPoolJudgesTheAddressForEveryMail(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{})
	forbidden := false
	server := over(sandbox)
	server.AllowAddress = func(netip.Addr) error {
		if forbidden {
			return errors.New("not any more")
		}
		return nil
	}
	wantSent(t, pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter)))
	forbidden = true
	result := pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter))
	if got := failure(t, result.Err); got.Kind != transaction.KindForbidden || len(sandbox.Mails()) != 1 {
		t.Errorf("%v, %d mails", result.Err, len(sandbox.Mails()))
	}
}

func TestPoolSharesNoDiallerWithoutRoute(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{})
	server := over(sandbox)
	server.Dial = (&net.Dialer{}).DialContext
	for range 2 {
		wantSent(t, pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter)))
	}
	wantConnections(t, sandbox, 2)
}

func TestSessionThatHasServedItsTimeCostsNothing(t *testing.T) {
	for name, fault := range map[string]mailtest.Fault{
		"the server hangs up":    mailtest.Drop(mailtest.StageMAIL).After(1).First(1),
		"421 at MAIL":            mailtest.Refuse(mailtest.StageMAIL, 421, "4.4.2", "idle for too long").After(1).First(1),
		"too many messages":      mailtest.Refuse(mailtest.StageMAIL, 452, "4.5.3", "Too many messages in this connection").After(1).First(1),
		"a maximum":              mailtest.Refuse(mailtest.StageMAIL, 450, "4.7.0", "Maximum number of messages per connection exceeded").After(1).First(1),
		"too many, with another": mailtest.Refuse(mailtest.StageMAIL, 550, "", "too many mails sent over this SMTP session").After(1).First(1),
	} {
		t.Run(name, func(t *testing.T) {
			sandbox := start(t, mailtest.WithFaults(fault))
			pool := newPool(t, transaction.PoolLimits{})
			for range 3 {
				wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
			}
			wantConnections(t, sandbox, 2)
			if n := len(sandbox.Mails()); n != 3 {
				t.Errorf("%d mails", n)
			}
		})
	}
}

func TestConnectionThatTheServerClosedCostsNothing(t *testing.T) {
	var mutex sync.Mutex
	var made []net.Conn
	sandbox := start(t)
	server := over(sandbox)
	server.Route = "through the test"
	server.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		mutex.Lock()
		defer mutex.Unlock()
		made = append(made, conn)
		return conn, err
	}
	pool := newPool(t, transaction.PoolLimits{})
	wantSent(t, pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter)))
	made[0].Close()
	wantSent(t, pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter)))
	wantConnections(t, sandbox, 2)
}

func TestRefusalOverAKeptSessionIsARefusal(t *testing.T) {
	for name, fault := range map[string]mailtest.Fault{
		"at MAIL":       mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").After(1).First(1),
		"at RCPT":       mailtest.Refuse(mailtest.StageRCPT, 451, "4.7.1", "greylisted").After(1).First(1),
		"421 at RCPT":   mailtest.Refuse(mailtest.StageRCPT, 421, "4.3.2", "shutting down").After(1).First(1),
		"cut at DATA":   mailtest.Drop(mailtest.StageDATA).After(1).First(1),
		"after the dot": mailtest.Refuse(mailtest.StageDot, 452, "4.3.1", "full").After(1).First(1),
	} {
		t.Run(name, func(t *testing.T) {
			sandbox := start(t, mailtest.WithFaults(fault))
			pool := newPool(t, transaction.PoolLimits{})
			wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
			if result := pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)); result.State != transaction.Failed || !result.Temporary {
				t.Errorf("result %+v", result)
			}
			wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
			if n := len(sandbox.Mails()); n != 2 {
				t.Errorf("%d mails", n)
			}
		})
	}
}

func TestUnknownOutcomeIsNotSentAgain(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Drop(mailtest.StageDot).After(1).First(1)))
	pool := newPool(t, transaction.PoolLimits{})
	wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	if result := pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)); result.State != transaction.Unknown {
		t.Errorf("result %+v", result)
	}
	wantConnections(t, sandbox, 1)
	wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	wantConnections(t, sandbox, 2)
}

func TestUnfinishedTransactionIsResetBeforeTheNext(t *testing.T) {
	for name, c := range map[string]struct {
		faults      []mailtest.Fault
		connections int
	}{
		"RSET":         {nil, 1},
		"unknown RSET": {[]mailtest.Fault{mailtest.Refuse(mailtest.StageRSET, 502, "5.5.1", "what?")}, 2},
		"cut at RSET":  {[]mailtest.Fault{mailtest.Drop(mailtest.StageRSET)}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			faults := append(c.faults, mailtest.RefuseRecipient("eve@b.example", 550, "5.1.1", "no such user"))
			sandbox := start(t, mailtest.WithFaults(faults...), mailtest.WithoutExtension("PIPELINING"))
			pool := newPool(t, transaction.PoolLimits{})
			if result := pool.Send(soon(t), over(sandbox), to("eve@b.example"), spool(t, letter)); result.State != transaction.Failed {
				t.Errorf("result %+v", result)
			}
			wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
			wantConnections(t, sandbox, c.connections)
			pool.Close()
			if !slices.Contains(lines(t, sandbox), "RSET") {
				t.Error("no RSET was sent")
			}
		})
	}
}

// A reply that nobody asked for would be taken for the answer to the next command.
func TestServerThatAnswersUnaskedIsLeft(t *testing.T) {
	var taken atomic.Int32
	server := playAgain(t, 2, func(s *scripted) {
		s.greet()
		s.answer("250 ok", "250 ok", "354 go")
		s.content()
		taken.Add(1)
		s.Write([]byte("250 taken\r\n250 and another\r\n"))
	})
	pool := newPool(t, transaction.PoolLimits{})
	for range 2 {
		wantSent(t, pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter)))
	}
	if n := taken.Load(); n != 2 {
		t.Errorf("%d mails were taken over connections of their own", n)
	}
}

// Replies that come one command late are seen at DATA at the latest, before the
// server took anything.
func TestRepliesToOtherCommandsAreLeft(t *testing.T) {
	var connections atomic.Int32
	server := playAgain(t, 2, func(s *scripted) {
		late := connections.Add(1) == 1
		s.greet()
		s.answer("250 ok", "250 ok", "354 go")
		s.content()
		s.say("250 taken")
		if late {
			s.answer("250 ok", "250 ok", "250 ok")
		}
	})
	pool := newPool(t, transaction.PoolLimits{})
	for range 2 {
		wantSent(t, pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter)))
	}
	if n := connections.Load(); n != 2 {
		t.Errorf("%d connections", n)
	}
}

func TestDATAThatIsTakenForAnotherCommandIsTold(t *testing.T) {
	server, _ := play(t, func(s *scripted) {
		s.greet()
		s.answer("250 ok", "250 ok", "250 ok too")
	})
	result := newPool(t, transaction.PoolLimits{}).Send(soon(t), server, to("bob@b.example"), spool(t, letter))
	if got := failure(t, result.Err); got.Kind != transaction.KindReply || got.Temporary || !strings.Contains(got.Error(), "answered DATA by 250 ok too: its replies are those to other commands") {
		t.Errorf("result %+v", result)
	}
}

func TestMailsWaitTheirTurn(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageDot).First(1)))
	pool := newPool(t, transaction.PoolLimits{Connections: 1})
	ctx, cancel := context.WithCancel(soon(t))
	first := make(chan transaction.Result, 1)
	go func() { first <- pool.Send(ctx, over(sandbox), to("first@b.example"), spool(t, letter)) }()
	if err := sandbox.WaitForStage(soon(t), mailtest.StageDot, 1); err != nil {
		t.Fatal(err)
	}
	var sending sync.WaitGroup
	for i := range 5 {
		sending.Go(func() {
			wantSent(t, pool.Send(soon(t), over(sandbox), to(fmt.Sprintf("%d@b.example", i)), spool(t, letter)))
		})
		for transaction.Waiting(pool) != i+1 {
			runtime.Gosched()
		}
	}
	cancel()
	if result := <-first; result.State != transaction.Unknown {
		t.Errorf("result %+v", result)
	}
	sending.Wait()
	for i, mail := range sandbox.Mails() {
		if want := fmt.Sprintf("%d@b.example", i); mail.To[0] != want {
			t.Errorf("mail %d went to %s", i, mail.To[0])
		}
	}
	wantConnections(t, sandbox, 2)
}

func TestRateHoldsMessagesBack(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{Rate: 20})
	began := time.Now()
	for range 5 {
		wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	}
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("5 messages went in %s", took)
	}
}

func TestIdleConnectionsGoByQUIT(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{Idle: 20 * time.Millisecond})
	wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	if seen := lines(t, sandbox); seen[len(seen)-1] != "QUIT" {
		t.Errorf("commands %q", seen)
	}
	wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	wantConnections(t, sandbox, 2)
}

func TestPoolWithoutIdleTimeKeepsNothing(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{Idle: -1, Connections: -1, Messages: -1})
	for range 2 {
		wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	}
	lines(t, sandbox)
	wantConnections(t, sandbox, 2)
}

func TestClosedPoolStillSends(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{})
	wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	pool.Close()
	wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
	lines(t, sandbox)
	wantConnections(t, sandbox, 2)
}

func TestPoolShowsNoPassword(t *testing.T) {
	sandbox := start(t)
	pool := newPool(t, transaction.PoolLimits{})
	server := over(sandbox)
	server.User, server.Password = "ann", "hunter2"
	wantSent(t, pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter)))
	for _, format := range []string{"%v", "%+v", "%#v"} {
		if strings.Contains(fmt.Sprintf(format, pool), "hunter2") {
			t.Errorf("%s shows the password", format)
		}
	}
}
