package email_test

import (
	"context"
	"net"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// promptly is what a slow machine may take for the 100 ms in which a cancelled run
// returns.
const promptly = time.Second

// cancelledFlow goes through all phases of sending, with content that no buffer of
// the network holds.
const cancelledFlow = `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", files: [1]
	server: "s.example", smtp: { user: "u", password: secret("P") }, retryCount: 3, retryDelay: "5m" >`

// returns measures how long runs take to return.
type returns struct{ worst atomic.Int64 }

// cancel runs the flow, cancels it when reached returns, and wants it back at once.
func (r *returns) cancel(t *testing.T, p *runtime.Program, reached func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run(ctx, nil)
		ended <- err
	}()
	reached()
	began := time.Now()
	cancel()
	select {
	case err := <-ended:
		took := time.Since(began)
		r.worst.Store(max(r.worst.Load(), int64(took)))
		if took > promptly {
			t.Errorf("the run returned %v after it was cancelled", took)
		}
		if err == nil {
			t.Error("the run succeeded")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the run goes on after it was cancelled")
	}
}

// TestCancelledRunReturnsAtOnce cancels runs in every phase, over a connection that
// is new and over one that was kept.
func TestCancelledRunReturnsAtOnce(t *testing.T) {
	var taken returns
	session := []mailtest.Stage{mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA, mailtest.StageUpload, mailtest.StageDot}
	begin := []mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS, mailtest.StageAUTH}
	for _, stage := range append(begin, session...) {
		t.Run("new connection, "+string(stage), func(t *testing.T) {
			server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(stage)))
			taken.cancelAt(t, server, cancelProgram(t, server, email.PoolLimits{}), stage)
		})
	}
	for _, stage := range session {
		t.Run("kept connection, "+string(stage), func(t *testing.T) {
			server := startSandbox(t)
			p := cancelProgram(t, server, email.PoolLimits{})
			if _, err := p.Run(testContext(t), nil); err != nil {
				t.Fatal(err)
			}
			server.Forget()
			server.Script(mailtest.Stall(stage))
			taken.cancelAt(t, server, p, stage)
			if n := server.Connections(); n != 1 {
				t.Errorf("%d connections", n)
			}
		})
	}
	t.Run("wait for a connection", func(t *testing.T) {
		server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageMAIL)))
		p := cancelProgram(t, server, email.PoolLimits{Connections: 1})
		holder, release := context.WithCancel(testContext(t))
		released := make(chan struct{})
		go func() { p.Run(holder, nil); close(released) }()
		stageReached(t, server, mailtest.StageMAIL)
		taken.cancel(t, p, func() { stackReached(t, "transaction.(*Pool).acquire") })
		release()
		<-released
	})
	t.Run("wait for the rate", func(t *testing.T) {
		server := startSandbox(t)
		p := cancelProgram(t, server, email.PoolLimits{Rate: 0.001})
		if _, err := p.Run(testContext(t), nil); err != nil {
			t.Fatal(err)
		}
		taken.cancel(t, p, func() { stackReached(t, "transaction.(*place).pace") })
	})
	t.Run("wait for another attempt", func(t *testing.T) {
		server := startSandbox(t, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later")))
		taken.cancel(t, cancelProgram(t, server, email.PoolLimits{}), func() { stackReached(t, "email.(*delivery).wait") })
	})
	t.Run("TLS handshake", func(t *testing.T) {
		silent, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer silent.Close()
		config := withFiles(email.Config{Redirect: &email.Redirect{TLSAddress: silent.Addr().String()}, Pool: newPool(t, email.PoolLimits{})}, megabytes(8))
		p := program(t, config, strings.Replace(cancelledFlow, "smtp:", "port: 465, smtp:", 1))
		taken.cancel(t, p, func() { stackReached(t, "tls.(*Conn).HandshakeContext") })
	})
	t.Logf("a cancelled run returned after %v at most", time.Duration(taken.worst.Load()).Round(10*time.Microsecond))
}

// cancelProgram is the flow against the server.
func cancelProgram(t *testing.T, server *mailtest.Server, limits email.PoolLimits) *runtime.Program {
	t.Helper()
	config := withFiles(sandboxed(server), megabytes(8))
	config.Pool = newPool(t, limits)
	return program(t, config, cancelledFlow)
}

func newPool(t testing.TB, limits email.PoolLimits) *email.Pool {
	t.Helper()
	pool := email.NewPool(limits)
	t.Cleanup(func() { pool.Close() })
	return pool
}

func (r *returns) cancelAt(t *testing.T, server *mailtest.Server, p *runtime.Program, stage mailtest.Stage) {
	t.Helper()
	r.cancel(t, p, func() { stageReached(t, server, stage) })
}

func stageReached(t *testing.T, server *mailtest.Server, stage mailtest.Stage) {
	t.Helper()
	if err := server.WaitForStage(testContext(t), stage, 1); err != nil {
		t.Fatal(err)
	}
}

// stackReached returns when a goroutine is in the function: nothing else tells
// that a run waits.
func stackReached(t *testing.T, function string) {
	t.Helper()
	for ctx := testContext(t); ctx.Err() == nil; {
		var stacks strings.Builder
		pprof.Lookup("goroutine").WriteTo(&stacks, 1)
		if strings.Contains(stacks.String(), function) {
			return
		}
	}
	t.Fatalf("no run gets to %s", function)
}
