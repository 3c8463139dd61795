//go:build linux

package store_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

func init() { children["send"] = sendMany }

// sendMany keeps messages, claims them, notes their attempts and adds files, as
// often as its second argument tells, and says what was acknowledged. Its first
// argument keeps its messages apart from those of others.
func sendMany(ctx context.Context, st *store.Store, args []string) error {
	times, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	for i := range times {
		id := fmt.Sprintf("%s.%d@x", args[0], i)
		kept, _, err := st.Keep(ctx, email.Message{MessageID: id, InReplyTo: "root@x", Recipients: []email.Recipient{{Address: "a@x"}}}, noise(sizeOf(i)))
		if err != nil {
			return err
		}
		fmt.Println("kept", id)
		claim, err := st.Claim(ctx, kept.ID, email.StatePending)
		if err != nil {
			return err
		}
		fmt.Println("claimed", id)
		if err := claim.Done(ctx, email.Attempt{State: email.StateSent, Recipients: []email.Recipient{{Address: "a@x", State: email.StateSent}}}); err != nil {
			return err
		}
		fmt.Println("sent", id)
		if _, err := st.AddFile(ctx, email.File{Name: id}, noise(sizeOf(i))); err != nil {
			return err
		}
		fmt.Println("filed", id)
	}
	return nil
}

// sizeOf gives the content of each third message more than one transaction.
func sizeOf(i int) int64 {
	if i%3 == 2 {
		return 2*store.BatchSize + 1000
	}
	return 1000
}

func TestKilledProcessLosesNothingThatItWasTold(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		var told []string
		for round := range 8 {
			lines := 1 + rand.IntN(14)
			told = append(told, killedAfter(t, child(t, "send", location, strconv.Itoa(round), "1000000"), lines, upTo(15*time.Millisecond))...)
		}
		st := storetest.Open(t, location)
		expectTold(t, st, told)
		expectWhole(t, st)
		expectSendingIsInDoubt(t, st, location)
	})
}

func upTo(longest time.Duration) time.Duration { return time.Duration(rand.Int64N(int64(longest))) }

func TestStoreThatWasHalfMadeIsMade(t *testing.T) {
	for range 5 {
		storetest.EachLocation(t, func(t *testing.T, location string) {
			told := killedAfter(t, child(t, "send", location, "0", "1000000"), 0, upTo(100*time.Millisecond))
			st := storetest.Open(t, location)
			expectTold(t, st, told)
			keep(t, st, outbound())
		})
	}
}

func TestTwoProcessesWorkOnOneStore(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		const processes, times = 2, 8
		lines := make(chan []string)
		for i := range processes {
			command := child(t, "send", location, strconv.Itoa(i), strconv.Itoa(times))
			go func() { lines <- linesOf(t, command) }()
		}
		var told []string
		for range processes {
			told = append(told, <-lines...)
		}
		if len(told) != processes*times*4 {
			t.Errorf("%d lines: %v", len(told), told)
		}
		st := storetest.Open(t, location)
		expectTold(t, st, told)
		expectWhole(t, st)
		for id, thread := range threadsOf(t, st) {
			if thread != "root@x" {
				t.Errorf("%s is of the thread %s", id, thread)
			}
		}
	})
}

// expectTold expects what children were told to be in the store.
func expectTold(t *testing.T, st *store.Store, told []string) {
	t.Helper()
	files, err := st.Files(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range told {
		what, id, _ := strings.Cut(line, " ")
		if what == "filed" {
			if !slices.ContainsFunc(files, func(f email.File) bool { return f.Name == id }) {
				t.Errorf("the file %s is lost", id)
			}
			continue
		}
		m, err := st.MessageByMessageID(t.Context(), id)
		switch {
		case err != nil:
			t.Errorf("%s: %v", line, err)
		case what == "claimed" && m.State != email.StateSending && m.State != email.StateSent:
			t.Errorf("%s, and is %s", line, m.State)
		case what == "sent" && m.State != email.StateSent:
			t.Errorf("%s, and is %s", line, m.State)
		}
	}
}

// expectWhole expects everything that is seen to be there whole.
func expectWhole(t *testing.T, st *store.Store) {
	t.Helper()
	messages, err := st.Messages(t.Context(), store.Filter{})
	if err != nil || len(messages) == 0 {
		t.Fatal(messages, err)
	}
	for _, listed := range messages {
		m := mustGet(t, st, listed.ID)
		attempts, recipient := 0, email.StatePending
		if m.State == email.StateSent {
			attempts, recipient = 1, email.StateSent
		}
		if len(m.Attempts) != attempts || len(m.Recipients) != 1 || m.Recipients[0].State != recipient {
			t.Errorf("%s: %s with attempts %+v and recipients %+v", m.MessageID, m.State, m.Attempts, m.Recipients)
		}
		r, err := st.OpenMessage(t.Context(), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		expectNoise(t, r, m.Size, m.MessageID)
	}
	files, err := st.Files(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		_, r, err := st.OpenFile(t.Context(), file.ID)
		if err != nil {
			t.Fatal(err)
		}
		expectNoise(t, r, file.Size, file.Name)
	}
}

// expectNoise expects the content that sendMany gave to the message or file id.
func expectNoise(t *testing.T, r io.ReadCloser, size int64, id string) {
	t.Helper()
	defer r.Close()
	_, i, _ := strings.Cut(strings.TrimSuffix(id, "@x"), ".")
	number, err := strconv.Atoi(i)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	want, _ := io.ReadAll(noise(sizeOf(number)))
	if err != nil || size != int64(len(want)) || !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes of %d: %v", id, len(got), size, err)
	}
}

// expectSendingIsInDoubt expects messages whose sending was cut short to be in
// doubt once their claims lapse, and not to be claimed as if nothing had been.
func expectSendingIsInDoubt(t *testing.T, st *store.Store, location string) {
	t.Helper()
	sending, err := st.Messages(t.Context(), store.Filter{State: email.StateSending})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range sending {
		storetest.Lapse(t, location, m.ID)
	}
	doubtful, err := st.Messages(t.Context(), store.Filter{InDoubt: true})
	if err != nil || len(doubtful) != len(sending) {
		t.Errorf("%d in doubt, want %d: %v", len(doubtful), len(sending), err)
	}
	for _, m := range doubtful {
		if _, err := st.Claim(t.Context(), m.ID, email.StatePending, email.StateFailed); err == nil {
			t.Errorf("message %d was claimed", m.ID)
		}
	}
}
