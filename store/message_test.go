package store_test

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

// outbound is a message with everything that a message may have.
func outbound() email.Message {
	return email.Message{
		MessageID:  "m1@example.com",
		InReplyTo:  "p2@example.com",
		References: []string{"p1@example.com", "p2@example.com"},
		From:       "Анна <ann@example.com>",
		To:         []string{"Bob <bob@example.com>", "eve@example.com"},
		Copy:       []string{"carol@example.com"},
		Subject:    "Où est \"le\" train ?\u202e",
		Date:       time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC),
		Recipients: []email.Recipient{{Address: "bob@example.com"}, {Address: "eve@example.com"}, {Address: "blind@example.com"}},
		Sender:     "ann@example.com",
		Owner:      7,
		Contacts:   []int64{3, 1, 2},
		Files:      []int64{9, 9},
		Profile:    4,
		Flow:       "order",
		Run:        "r-1",
	}
}

const text = "Subject: x\r\n\r\nHello\r\n"

func keep(t *testing.T, st *store.Store, m email.Message) email.Message {
	t.Helper()
	kept, existed, err := st.Keep(t.Context(), m, strings.NewReader(text))
	if err != nil || existed {
		t.Fatal(existed, err)
	}
	return kept
}

func TestKeepGivesBackWhatItWasGiven(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		kept := keep(t, st, outbound())
		want := outbound()
		want.ID, want.Thread, want.State, want.Size = 1, "p1@example.com", email.StatePending, int64(len(text))
		want.Created, want.Updated = kept.Created, kept.Updated
		for i := range want.Recipients {
			want.Recipients[i].State = email.StatePending
		}
		if !reflect.DeepEqual(kept, want) {
			t.Errorf("kept\n%+v, want\n%+v", kept, want)
		}
		if age := time.Since(kept.Created); age < -time.Minute || age > time.Minute {
			t.Errorf("created %v ago", age)
		}
		found, err := st.Message(t.Context(), kept.ID)
		if err != nil || !reflect.DeepEqual(found, want) {
			t.Errorf("found\n%+v, want\n%+v: %v", found, want, err)
		}
		found, err = st.MessageByMessageID(t.Context(), "m1@example.com")
		if err != nil || !reflect.DeepEqual(found, want) {
			t.Errorf("found\n%+v, want\n%+v: %v", found, want, err)
		}
		listed, err := st.Messages(t.Context(), store.Filter{})
		if err != nil || !reflect.DeepEqual(listed, []email.Message{want}) {
			t.Errorf("listed\n%+v, want\n%+v: %v", listed, want, err)
		}
		r, err := st.OpenMessage(t.Context(), kept.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if got, err := io.ReadAll(r); err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestAttemptsAreNumberedAndToldWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		kept := keep(t, st, outbound())
		began := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
		attempts := []email.Attempt{{
			Number: 1, Began: began, Ended: began.Add(time.Second), Server: "smtp://ann@mail.example.com:587", TLS: "TLS 1.3",
			State: email.StatePartial, Code: 250, Enhanced: "2.0.0", Text: "queued",
			Recipients: []email.Recipient{
				{Address: "bob@example.com", State: email.StateSent, Code: 250, Enhanced: "2.1.5", Text: "ok"},
				{Address: "eve@example.com", State: email.StateFailed, Code: 450, Enhanced: "4.7.1", Text: "later", Temporary: true},
				{Address: "blind@example.com", State: email.StateSent},
			},
		}, {
			Number: 2, Began: began.Add(time.Minute), Ended: began.Add(2 * time.Minute), State: email.StateFailed, Error: "refused",
			Recipients: []email.Recipient{{Address: "eve@example.com", State: email.StateFailed, Text: "refused"}},
		}}
		from := email.StatePending
		for _, attempt := range attempts {
			claim, err := st.Claim(t.Context(), kept.ID, from)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := st.Claim(t.Context(), kept.ID, email.StatePending, email.StateSending); !errors.Is(err, email.ErrNotClaimed) {
				t.Errorf("claimed twice: %v", err)
			}
			attempt.Number = 0
			if err := claim.Done(t.Context(), attempt); err != nil {
				t.Fatal(err)
			}
			from = attempt.State
		}
		found, err := st.Message(t.Context(), kept.ID)
		if err != nil || !reflect.DeepEqual(found.Attempts, attempts) {
			t.Errorf("attempts\n%+v, want\n%+v: %v", found.Attempts, attempts, err)
		}
		want := []email.Recipient{attempts[0].Recipients[0], attempts[1].Recipients[0], attempts[0].Recipients[2]}
		if !reflect.DeepEqual(found.Recipients, want) || found.State != email.StateFailed {
			t.Errorf("%s: recipients\n%+v, want\n%+v", found.State, found.Recipients, want)
		}
	})
}

func TestKeptMessageIsKeptOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		kept := keep(t, st, outbound())
		for _, size := range []int64{5, 2*store.BatchSize + 5} {
			other := email.Message{MessageID: kept.MessageID, Subject: "another"}
			again, existed, err := st.Keep(t.Context(), other, noise(size))
			if err != nil || !existed || !reflect.DeepEqual(again, kept) {
				t.Errorf("kept again: %v, %v, %+v", existed, err, again)
			}
			again, existed, err = st.Import(t.Context(), other, noise(size))
			if err != nil || !existed || !reflect.DeepEqual(again, kept) {
				t.Errorf("imported: %v, %v, %+v", existed, err, again)
			}
		}
		expectContents(t, st, 1)
	})
}

func TestMessageKeptByManyAtOnceIsKeptOnce(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		stores := []*store.Store{storetest.Open(t, location), storetest.Open(t, location)}
		const n = 8
		type result struct {
			kept    email.Message
			existed bool
			err     error
		}
		results := make(chan result)
		for i := range n {
			go func() {
				kept, existed, err := stores[i%2].Keep(t.Context(), outbound(), noise(2*store.BatchSize))
				results <- result{kept, existed, err}
			}()
		}
		anew := 0
		for range n {
			r := <-results
			if r.err != nil || r.kept.ID == 0 || r.kept.Size != 2*store.BatchSize {
				t.Errorf("%+v, %v", r.kept, r.err)
			}
			if !r.existed {
				anew++
			}
		}
		if anew != 1 {
			t.Errorf("kept %d times", anew)
		}
		expectContents(t, stores[0], 1)
	})
}

func TestImportedMessageIsReceived(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		m := outbound()
		m.ID, m.State, m.Date = 12, email.StateSent, time.Time{}
		m.Subject, m.To = "a\x00b\xffc", []string{"\xff"}
		got, existed, err := st.Import(t.Context(), m, strings.NewReader(text))
		if err != nil || existed {
			t.Fatal(existed, err)
		}
		want := email.Message{
			ID: 12, MessageID: m.MessageID, Thread: "p1@example.com", State: email.StateReceived,
			InReplyTo: m.InReplyTo, References: m.References, From: m.From, To: []string{"\ufffd"}, Copy: m.Copy, Subject: "a\ufffdb\ufffdc",
			Date: got.Created, Size: int64(len(text)), Created: got.Created, Updated: got.Created,
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("imported\n%+v, want\n%+v", got, want)
		}
		if found := mustGet(t, st, 12); !reflect.DeepEqual(found, want) {
			t.Errorf("found\n%+v, want\n%+v", found, want)
		}
		if _, err := st.Claim(t.Context(), 12, email.StatePending, email.StateFailed); !errors.Is(err, email.ErrNotClaimed) || err.Error() != "message 12 is received" {
			t.Errorf("claimed: %v", err)
		}
		m.MessageID = "other@example.com"
		if _, _, err := st.Import(t.Context(), m, strings.NewReader(text)); !errors.Is(err, store.ErrExists) || err.Error() != "message 12 is in the store already: give another id, or none" {
			t.Errorf("its id was taken: %v", err)
		}
	})
}

func TestMessageWithoutMessageIDIsRefused(t *testing.T) {
	for id, want := range map[string]string{
		"":                        "the message cannot be stored: it has no Message-ID",
		"<a@b>":                   `the message cannot be stored: its Message-ID "<a@b>" is not left@right without brackets`,
		"a b@c":                   `the message cannot be stored: its Message-ID "a b@c" is not left@right without brackets`,
		"a\r\n@c":                 `the message cannot be stored: its Message-ID "a\r\n@c" is not left@right without brackets`,
		strings.Repeat("a", 1000): "the message cannot be stored: its Message-ID has more than 512 bytes",
	} {
		st := storetest.Open(t, storetest.Location(t, "SQLite"))
		if _, _, err := st.Keep(t.Context(), email.Message{MessageID: id}, strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		expectContents(t, st, 0)
	}
}

func TestUnknownMessageIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		_, byID := st.Message(t.Context(), 17)
		_, byMessageID := st.MessageByMessageID(t.Context(), "a\x00@b")
		_, opened := st.OpenMessage(t.Context(), 17)
		for _, row := range []struct {
			err  error
			want string
		}{
			{byID, "message 17 is not in the store"},
			{opened, "message 17 is not in the store"},
			{byMessageID, "the message <a\x00@b> is not in the store"},
		} {
			if !errors.Is(row.err, email.ErrNotFound) || row.err.Error() != row.want {
				t.Errorf("%v, want %s", row.err, row.want)
			}
		}
	})
}

func TestFilterChoosesMessagesNewestFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		for _, m := range []email.Message{
			{MessageID: "1@x", Contacts: []int64{1, 2}},
			{MessageID: "2@x", InReplyTo: "1@x"},
			{MessageID: "3@x", Contacts: []int64{2}},
			{MessageID: "4@x"},
		} {
			keep(t, st, m)
		}
		if err := mustClaim(t, st, 3, email.StatePending).Done(t.Context(), sent); err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			filter store.Filter
			want   []int64
		}{
			{store.Filter{}, []int64{4, 3, 2, 1}},
			{store.Filter{Limit: 2}, []int64{4, 3}},
			{store.Filter{Limit: 2, Before: 3}, []int64{2, 1}},
			{store.Filter{State: email.StateSent}, []int64{3}},
			{store.Filter{State: "x\x00"}, nil},
			{store.Filter{Thread: "1@x"}, []int64{2, 1}},
			{store.Filter{Contact: 2}, []int64{3, 1}},
			{store.Filter{Contact: 2, State: email.StatePending}, []int64{1}},
			{store.Filter{InDoubt: true}, nil},
		} {
			found, err := st.Messages(t.Context(), row.filter)
			var got []int64
			for _, m := range found {
				got = append(got, m.ID)
				if m.Attempts != nil {
					t.Errorf("message %d has attempts", m.ID)
				}
			}
			if err != nil || !reflect.DeepEqual(got, row.want) {
				t.Errorf("%+v: %v, want %v: %v", row.filter, got, row.want, err)
			}
		}
	})
}

func TestRemovedContactsAndFilesStayInTheHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		contact, err := st.AddContact(t.Context(), email.Contact{Name: "Ann"})
		if err != nil {
			t.Fatal(err)
		}
		file, err := st.AddFile(t.Context(), email.File{Name: "a"}, noise(3))
		if err != nil {
			t.Fatal(err)
		}
		kept := keep(t, st, email.Message{MessageID: "1@x", Contacts: []int64{contact.ID}, Files: []int64{file.ID}})
		if err := errors.Join(st.RemoveContact(t.Context(), contact.ID), st.RemoveFile(t.Context(), file.ID)); err != nil {
			t.Fatal(err)
		}
		if m := mustGet(t, st, kept.ID); !reflect.DeepEqual(m, kept) {
			t.Errorf("%+v, want %+v", m, kept)
		}
		if next, err := st.AddContact(t.Context(), email.Contact{Name: "Bob"}); err != nil || next.ID == contact.ID {
			t.Errorf("the id %d came again: %v", next.ID, err)
		}
	})
}
