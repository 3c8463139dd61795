package email_test

import (
	"context"
	"net"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

const (
	// atOnce is what a cancelled run may take to return, in the best of three tries:
	// a busy machine may hold one up.
	atOnce = 100 * time.Millisecond
	// promptly is what it may take in each.
	promptly = time.Second
)

// cancelledFlow goes through all phases of sending, with content that no buffer of
// the network holds.
const cancelledFlow = `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", files: [1]
	server: "s.example", smtp: { user: "u", password: secret("P") }, retryCount: 3, retryDelay: "5m" >`

// bestOfThree wants that one of three tries takes no longer than atOnce.
func bestOfThree(t *testing.T, try func(t *testing.T) time.Duration) time.Duration {
	t.Helper()
	best := try(t)
	for n := 1; n < 3 && best > atOnce; n++ {
		best = min(best, try(t))
	}
	if best > atOnce {
		t.Errorf("it took %v in the best of three tries", best)
	}
	return best
}

// cancel runs the flow, cancels it when reached returns, and gives the time until it
// is back.
func cancel(t *testing.T, p *runtime.Program, reached func()) time.Duration {
	t.Helper()
	ctx, end := context.WithCancel(testContext(t))
	defer end()
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run(ctx, nil)
		ended <- err
	}()
	reached()
	began := time.Now()
	end()
	select {
	case err := <-ended:
		took := time.Since(began)
		if took > promptly {
			t.Errorf("the run returned %v after it was cancelled", took)
		}
		if err == nil {
			t.Error("the run succeeded")
		}
		return took
	case <-time.After(10 * time.Second):
		t.Fatal("the run goes on after it was cancelled")
		return 0
	}
}

// TestCancelledRunReturnsAtOnce cancels runs in every phase, over a connection that
// is new and over one that was kept.
func TestCancelledRunReturnsAtOnce(t *testing.T) {
	var worst time.Duration
	phase := func(name string, try func(t *testing.T) time.Duration) {
		t.Run(name, func(t *testing.T) { worst = max(worst, bestOfThree(t, try)) })
	}
	session := []mailtest.Stage{mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA, mailtest.StageUpload, mailtest.StageDot}
	begin := []mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS, mailtest.StageAUTH}
	for _, stage := range append(begin, session...) {
		phase("new connection, "+string(stage), func(t *testing.T) time.Duration {
			server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(stage)))
			return cancelAt(t, server, cancelProgram(t, server, email.PoolLimits{}), stage)
		})
	}
	for _, stage := range session {
		phase("kept connection, "+string(stage), func(t *testing.T) time.Duration {
			server := startSandbox(t)
			p := cancelProgram(t, server, email.PoolLimits{})
			if _, err := p.Run(testContext(t), nil); err != nil {
				t.Fatal(err)
			}
			server.Forget()
			server.Script(mailtest.Stall(stage))
			took := cancelAt(t, server, p, stage)
			if n := server.Connections(); n != 1 {
				t.Errorf("%d connections", n)
			}
			return took
		})
	}
	phase("wait for a connection", func(t *testing.T) time.Duration {
		server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageMAIL)))
		p := cancelProgram(t, server, email.PoolLimits{Connections: 1})
		holder, release := context.WithCancel(testContext(t))
		released := make(chan struct{})
		go func() { p.Run(holder, nil); close(released) }()
		stageReached(t, server, mailtest.StageMAIL)
		took := cancel(t, p, func() { stackReached(t, "transaction.(*Pool).acquire") })
		release()
		<-released
		return took
	})
	phase("wait for the rate", func(t *testing.T) time.Duration {
		server := startSandbox(t)
		p := cancelProgram(t, server, email.PoolLimits{Rate: 0.001})
		if _, err := p.Run(testContext(t), nil); err != nil {
			t.Fatal(err)
		}
		return cancel(t, p, func() { stackReached(t, "transaction.(*place).pace") })
	})
	phase("wait for another attempt", func(t *testing.T) time.Duration {
		server := startSandbox(t, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later")))
		return cancel(t, cancelProgram(t, server, email.PoolLimits{}), func() { stackReached(t, "email.(*delivery).wait") })
	})
	phase("TLS handshake", func(t *testing.T) time.Duration {
		silent, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer silent.Close()
		config := withFiles(email.Config{Redirect: &email.Redirect{TLSAddress: silent.Addr().String()}, Pool: newPool(t, email.PoolLimits{})}, megabytes(8))
		p := program(t, config, strings.Replace(cancelledFlow, "smtp:", "port: 465, smtp:", 1))
		return cancel(t, p, func() { stackReached(t, "tls.(*Conn).HandshakeContext") })
	})
	t.Logf("a cancelled run returned after %v at most, in the best of its tries", worst.Round(10*time.Microsecond))
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

func cancelAt(t *testing.T, server *mailtest.Server, p *runtime.Program, stage mailtest.Stage) time.Duration {
	t.Helper()
	return cancel(t, p, func() { stageReached(t, server, stage) })
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
