package transaction_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

// soonEnough is how fast a cancelled send ends in the best of three tries.
const soonEnough = 100 * time.Millisecond

// cancelled cancels a send when it is under way and measures how soon it ends.
func cancelled(t *testing.T, send func(context.Context) transaction.Result, underWay func()) (transaction.Result, time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(soon(t))
	defer cancel()
	done := make(chan transaction.Result, 1)
	go func() { done <- send(ctx) }()
	underWay()
	began := time.Now()
	cancel()
	result := <-done
	took := time.Since(began)
	if took > time.Second {
		t.Errorf("it went on for %s", took)
	}
	return result, took
}

// wantSoon tries up to three times whether a cancelled send ends soon enough.
func wantSoon(t *testing.T, try func(*testing.T) time.Duration) {
	t.Helper()
	best := time.Hour
	for range 3 {
		if best = min(best, try(t)); best < soonEnough {
			return
		}
	}
	t.Errorf("it went on for %s at best", best)
}

func TestCancellationEndsEveryPhaseOfThePool(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS, mailtest.StageAUTH,
		mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA, mailtest.StageUpload, mailtest.StageDot, mailtest.StageQUIT, mailtest.StageRSET} {
		t.Run(string(stage), func(t *testing.T) {
			wantSoon(t, func(t *testing.T) time.Duration {
				sandbox := start(t)
				pool := newPool(t, transaction.PoolLimits{Messages: 2})
				server := over(sandbox)
				server.User, server.Password = "ann", "secret"
				content, want := letter, transaction.Failed
				switch stage {
				case mailtest.StageUpload:
					content = strings.Repeat("more than any buffer holds\r\n", 1<<20)
				case mailtest.StageDot:
					want = transaction.Unknown
				case mailtest.StageQUIT:
					want = transaction.Sent
					fallthrough
				case mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA:
					// Over a session that was kept.
					wantSent(t, pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter)))
				case mailtest.StageRSET:
					sandbox.Script(mailtest.Refuse(mailtest.StageRCPT, 550, "5.1.1", "no such user"))
					pool.Send(soon(t), server, to("bob@b.example"), spool(t, letter))
				}
				sandbox.Script(mailtest.Stall(stage))
				sandbox.Forget()
				message := spool(t, content)
				result, took := cancelled(t, func(ctx context.Context) transaction.Result {
					return pool.Send(ctx, server, to("bob@b.example"), message)
				}, func() {
					if err := sandbox.WaitForStage(soon(t), stage, 1); err != nil {
						t.Fatal(err)
					}
				})
				if result.State != want {
					t.Errorf("state %s, want %s: %v", result.State, want, result.Err)
				}
				sandbox.Script()
				return took
			})
		})
	}
}

func TestCancellationEndsTheWaitForAConnection(t *testing.T) {
	wantSoon(t, func(t *testing.T) time.Duration {
		sandbox := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageMAIL).First(1)))
		pool := newPool(t, transaction.PoolLimits{Connections: 1})
		ctx, cancel := context.WithCancel(soon(t))
		holder := make(chan transaction.Result, 1)
		go func() { holder <- pool.Send(ctx, over(sandbox), to("bob@b.example"), spool(t, letter)) }()
		if err := sandbox.WaitForStage(soon(t), mailtest.StageMAIL, 1); err != nil {
			t.Fatal(err)
		}
		message := spool(t, letter)
		result, took := cancelled(t, func(ctx context.Context) transaction.Result {
			return pool.Send(ctx, over(sandbox), to("bob@b.example"), message)
		}, func() {
			for transaction.Waiting(pool) != 1 {
				runtime.Gosched()
			}
		})
		if got := failure(t, result.Err); got.Kind != transaction.KindCancelled || !strings.HasPrefix(got.Doing, "wait for a connection to ") {
			t.Errorf("error %v", got)
		}
		cancel()
		<-holder
		wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
		wantConnections(t, sandbox, 2)
		return took
	})
}

func TestCancellationEndsTheWaitForTheRate(t *testing.T) {
	wantSoon(t, func(t *testing.T) time.Duration {
		sandbox := start(t)
		pool := newPool(t, transaction.PoolLimits{Rate: 0.001})
		wantSent(t, pool.Send(soon(t), over(sandbox), to("bob@b.example"), spool(t, letter)))
		message := spool(t, letter)
		result, took := cancelled(t, func(ctx context.Context) transaction.Result {
			return pool.Send(ctx, over(sandbox), to("bob@b.example"), message)
		}, func() {
			for transaction.Senders(pool) != 1 {
				runtime.Gosched()
			}
		})
		if got := failure(t, result.Err); got.Kind != transaction.KindCancelled || len(sandbox.Mails()) != 1 {
			t.Errorf("error %v, %d mails", got, len(sandbox.Mails()))
		}
		return took
	})
}
