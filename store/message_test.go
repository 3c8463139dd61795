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
