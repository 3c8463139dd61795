package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/store"
)

// keepingFlow is a flow that sends a mail and keeps it.
func keepingFlow(t *testing.T) string {
	t.Helper()
	flow := filepath.Join(t.TempDir(), "keep.flow")
	text := `sendEmail < to: "ann@example.com", from: "a@b.example", subject: "s", message: "m", store: true >`
	if err := os.WriteFile(flow, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return flow
}

// interruptedSend runs the flow until the server is at a stage, where it stalls.
func interruptedSend(t *testing.T, location string, stage mailtest.Stage) {
	t.Helper()
	server, err := mailtest.Start(mailtest.WithFaults(mailtest.Stall(stage)))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		server.WaitForStage(t.Context(), stage, 1)
		cancel()
	}()
	var out, complaints bytes.Buffer
	status := Main(ctx, Process{
		Args:   []string{"run", keepingFlow(t), "--store", location, "--smtp", "smtp://" + server.Addr() + "?tls=none"},
		Env:    func(string) (string, bool) { return "", false },
		Stdout: &out,
		Stderr: &complaints,
	})
	if status != statusInterrupted {
		t.Fatalf("status %d\n%s%s", status, out.String(), complaints.String())
	}
}

func TestInterruptedMailTellsSoAndNoWordsOfGo(t *testing.T) {
	for stage, want := range map[mailtest.Stage]string{
		mailtest.StageMAIL: "failed: no recipient has it, since the run was interrupted: flowrun messages resend 1 --profile NAME (or --smtp URL) tries again\n",
		mailtest.StageDot:  "unknown: the run was interrupted when the server had it all, so the recipients may have it.",
	} {
		location := filepath.Join(t.TempDir(), "store.db")
		interruptedSend(t, location, stage)
		shown := withStore(t, location, statusDone, "", "messages", "show", "1", "--table")
		if !strings.Contains(shown, want) || strings.Contains(shown, "context") {
			t.Errorf("at %s:\n%s\nwant %s", stage, shown, want)
		}
	}
}

func TestMessageThatIsBeingSentTellsUntilWhen(t *testing.T) {
	location := filepath.Join(t.TempDir(), "store.db")
	st, err := store.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	kept, _, err := st.Keep(t.Context(), email.Message{MessageID: "a@b.example", Recipients: []email.Recipient{{Address: "ann@example.com"}}}, strings.NewReader("m"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Claim(t.Context(), kept.ID, email.StatePending); err != nil {
		t.Fatal(err)
	}
	claimed, err := st.Message(t.Context(), kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := "; if its process has ended, that is known at " + claimed.ClaimedUntil.Local().Format(time.TimeOnly)
	if shown := withStore(t, location, statusDone, "", "messages", "show", "1", "--table"); !strings.Contains(shown, "just now"+want) {
		t.Errorf("got\n%s\nwant %s", shown, want)
	}
	refused := withStore(t, location, statusFailed, "", "messages", "resend", "1", "--smtp", "smtp://localhost", "--table")
	if refused != "flowrun: message 1 is being sent at this moment"+want+"\n" {
		t.Errorf("got\n%s\nwant %s", refused, want)
	}
}
