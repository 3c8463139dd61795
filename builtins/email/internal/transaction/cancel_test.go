package transaction_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

// promptly is far above the 100 ms that cancellation may take, and far below the
// time limits it must not wait for.
const promptly = 5 * time.Second

// sendAndCancel sends in the background, cancels at the stage, and returns the
// result, which must come promptly.
func sendAndCancel(t *testing.T, sandbox *mailtest.Server, stage mailtest.Stage, content string) transaction.Result {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	message := spool(t, content)
	done := make(chan transaction.Result, 1)
	go func() { done <- transaction.Send(ctx, over(sandbox), to("bob@b.example"), message) }()
	if err := sandbox.WaitForStage(soon(t), stage, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case result := <-done:
		return result
	case <-time.After(promptly):
		t.Fatal("the send goes on after it was cancelled")
		return transaction.Result{}
	}
}

func TestCancellationEndsAStalledSendAtEveryStage(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS,
		mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA} {
		t.Run(string(stage), func(t *testing.T) {
			sandbox := start(t, mailtest.WithFaults(mailtest.Stall(stage)))
			result := sendAndCancel(t, sandbox, stage, letter)
			if got := failure(t, result.Err); result.State != transaction.Failed || got.Kind != transaction.KindCancelled || result.Temporary {
				t.Errorf("result: %+v", result)
			}
		})
	}
}

func TestCancellationEndsAStalledUpload(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageUpload)))
	result := sendAndCancel(t, sandbox, mailtest.StageUpload, strings.Repeat("more than any buffer holds\r\n", 1<<20))
	if got := failure(t, result.Err); result.State != transaction.Failed || got.Kind != transaction.KindCancelled {
		t.Errorf("result: %+v", result)
	}
	sandbox.Script()
	last := lines(t, sandbox)
	if len(sandbox.Mails()) != 0 || sandbox.Aborted() != 1 || last[len(last)-1] != "DATA" {
		t.Errorf("captured %v, aborted %d, last command %q", sandbox.Mails(), sandbox.Aborted(), last[len(last)-1])
	}
}

func TestCancellationAfterTheDotIsUnknown(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageDot)))
	result := sendAndCancel(t, sandbox, mailtest.StageDot, letter)
	if got := failure(t, result.Err); result.State != transaction.Unknown || got.Kind != transaction.KindCancelled {
		t.Errorf("result: %+v", result)
	}
}

func TestCancellationDoesNotUndoAnAcceptedMessage(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageQUIT)))
	result := sendAndCancel(t, sandbox, mailtest.StageQUIT, letter)
	if result.State != transaction.Sent || result.Err != nil {
		t.Errorf("result: %+v", result)
	}
}

func TestDeadlineOfTheContextIsATimeout(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageMAIL)))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	result := transaction.Send(ctx, over(sandbox), to("bob@b.example"), spool(t, letter))
	if got := failure(t, result.Err); got.Kind != transaction.KindTimeout || !result.Temporary {
		t.Errorf("result: %+v", result)
	}
}

func TestSilenceIsATemporaryTimeoutBeforeTheDotAndUnknownAfter(t *testing.T) {
	limits := transaction.Timeouts{Command: 200 * time.Millisecond, Content: 200 * time.Millisecond, Dot: 200 * time.Millisecond}
	for stage, want := range map[mailtest.Stage]transaction.State{
		mailtest.StageMAIL: transaction.Failed, mailtest.StageUpload: transaction.Failed, mailtest.StageDot: transaction.Unknown,
	} {
		content := letter
		if stage == mailtest.StageUpload {
			content = strings.Repeat("more than any buffer holds\r\n", 1<<20)
		}
		server := over(start(t, mailtest.WithFaults(mailtest.Stall(stage))))
		server.Timeouts = limits
		result := send(t, server, to("bob@b.example"), content)
		if got := failure(t, result.Err); result.State != want || got.Kind != transaction.KindTimeout || result.Temporary != (want == transaction.Failed) {
			t.Errorf("%s: %+v", stage, result)
		}
	}
}
