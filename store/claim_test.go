package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

func mustClaim(t *testing.T, st *store.Store, id int64, from ...email.State) email.Claim {
	t.Helper()
	claim, err := st.Claim(t.Context(), id, from...)
	if err != nil {
		t.Fatal(err)
	}
	return claim
}

func mustGet(t *testing.T, st *store.Store, id int64) email.Message {
	t.Helper()
	m, err := st.Message(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var sent = email.Attempt{State: email.StateSent}

func TestMessageIsClaimedByOneOfManyOnly(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		stores := []*store.Store{storetest.Open(t, location), storetest.Open(t, location)}
		id := keep(t, stores[0], outbound()).ID
		claims := make(chan email.Claim, 20)
		done := make(chan error)
		for i := range cap(claims) {
			go func() {
				claim, err := stores[i%2].Claim(t.Context(), id, email.StatePending)
				if err == nil {
					claims <- claim
				} else if errors.Is(err, email.ErrNotClaimed) {
					err = nil
				}
				done <- err
			}()
		}
		for range cap(claims) {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if len(claims) != 1 {
			t.Fatalf("claimed %d times", len(claims))
		}
		if m := mustGet(t, stores[1], id); m.State != email.StateSending || m.InDoubt || m.ClaimedUntil.Sub(m.Updated).Round(10*time.Second) != time.Minute {
			t.Errorf("%s, in doubt: %v", m.State, m.InDoubt)
		}
		if err := (<-claims).Done(t.Context(), sent); err != nil {
			t.Error(err)
		}
		if m := mustGet(t, stores[1], id); m.State != email.StateSent || len(m.Attempts) != 1 || !m.ClaimedUntil.IsZero() {
			t.Errorf("%s after %+v", m.State, m.Attempts)
		}
	})
}

func TestWhyAMessageCannotBeClaimedIsSaid(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		st := storetest.Open(t, location)
		id := keep(t, st, outbound()).ID
		try := func(want string, kind error, id int64, from ...email.State) {
			t.Helper()
			if _, err := st.Claim(t.Context(), id, from...); !errors.Is(err, kind) || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		try("message 17 is not in the store", email.ErrNotFound, 17, email.StatePending)
		try("message 1 is pending", email.ErrNotClaimed, id, email.StateFailed, email.StateSending)
		try("message 1 is pending", email.ErrNotClaimed, id)
		claim := mustClaim(t, st, id, email.StateFailed, email.StatePending)
		try("message 1 is being sent by another process: wait until that is done", email.ErrNotClaimed, id, email.StatePending, email.StateSending)
		storetest.Lapse(t, location, id)
		try("message 1 is in doubt: the process that sent it ended before it noted what became of it", email.ErrNotClaimed, id, email.StatePending)
		if err := claim.Done(t.Context(), sent); err != nil {
			t.Errorf("a claim that lapsed and that nobody took over: %v", err)
		}
		try("message 1 is sent", email.ErrNotClaimed, id, email.StatePending, email.StateSending)
	})
}

func TestClaimThatWasTakenOverDoesNotOverwrite(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		st, other := storetest.Open(t, location), storetest.Open(t, location)
		id := keep(t, st, outbound()).ID
		lost := mustClaim(t, st, id, email.StatePending)
		storetest.Lapse(t, location, id)
		if m := mustGet(t, other, id); m.State != email.StateSending || !m.InDoubt {
			t.Errorf("%s, in doubt: %v", m.State, m.InDoubt)
		}
		if found, err := other.Messages(t.Context(), store.Filter{InDoubt: true}); err != nil || len(found) != 1 || !found[0].InDoubt {
			t.Errorf("%+v, %v", found, err)
		}
		claim := mustClaim(t, other, id, email.StateSending)
		if m := mustGet(t, other, id); m.InDoubt || len(m.Attempts) != 1 || m.Attempts[0].State != email.StateUnknown || m.Attempts[0].Error == "" {
			t.Errorf("in doubt: %v, attempts %+v", m.InDoubt, m.Attempts)
		}
		want := "the claim on message 1 has lapsed, and another process has taken it over: this attempt was not noted"
		if err := lost.Done(t.Context(), sent); !errors.Is(err, email.ErrNotClaimed) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		if err := claim.Done(t.Context(), email.Attempt{State: email.StateFailed, Code: 550}); err != nil {
			t.Error(err)
		}
		if m := mustGet(t, st, id); m.State != email.StateFailed || len(m.Attempts) != 2 || m.Attempts[1].Code != 550 {
			t.Errorf("%s, attempts %+v", m.State, m.Attempts)
		}
	})
}

func TestClaimRenewsItselfUntilItIsDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		st.SetLease(time.Hour, time.Millisecond)
		id := keep(t, st, outbound()).ID
		until := func() (until int64) {
			t.Helper()
			if err := st.DB().QueryRowContext(t.Context(), `SELECT claimed_until FROM messages WHERE id = $1`, id).Scan(&until); err != nil {
				t.Fatal(err)
			}
			return until
		}
		claim := mustClaim(t, st, id, email.StatePending)
		first := until()
		deadline := time.Now().Add(20 * time.Second)
		for until() == first {
			if time.Now().After(deadline) {
				t.Fatal("the claim was not renewed in 20 seconds")
			}
		}
		if err := claim.Done(t.Context(), sent); err != nil {
			t.Error(err)
		}
		if until() != 0 {
			t.Error("the claim was renewed after it was given up")
		}
	})
}

func TestDoneIsNotedWhenTheRunWasCancelled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		id := keep(t, st, outbound()).ID
		ctx, cancel := context.WithCancel(t.Context())
		claim, err := st.Claim(ctx, id, email.StatePending)
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := claim.Done(ctx, sent); err != nil {
			t.Error(err)
		}
		if m := mustGet(t, st, id); m.State != email.StateSent {
			t.Errorf("%s", m.State)
		}
		if err := claim.Done(ctx, email.Attempt{State: email.StateFailed}); !errors.Is(err, email.ErrNotClaimed) || err.Error() != "what became of message 1 was noted before" {
			t.Errorf("done twice: %v", err)
		}
	})
}

func TestDoneThatFailsLeavesTheMessageInDoubt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		st.SetLease(-time.Hour, time.Hour)
		for want, attempt := range map[string]email.Attempt{
			`note what became of message 1: "sending" is no outcome of an attempt`: {State: email.StateSending},
			`note what became of message 2: "dryRun" is no outcome for a recipient`: {
				State: email.StateSent, Recipients: []email.Recipient{{Address: "bob@example.com", State: email.StateDryRun}},
			},
			`note what became of message 3: mallory@example.com is not a recipient of it`: {
				State: email.StateSent, Recipients: []email.Recipient{{Address: "mallory@example.com", State: email.StateSent}},
			},
		} {
			t.Run(want, func(t *testing.T) {
				m := outbound()
				m.ID = int64(want[len("note what became of message ")] - '0')
				m.MessageID = "m" + want[28:29] + "@example.com"
				kept := keep(t, st, m)
				claim := mustClaim(t, st, kept.ID, email.StatePending)
				if err := claim.Done(t.Context(), attempt); err == nil || err.Error() != want {
					t.Errorf("%v, want %s", err, want)
				}
				if got := mustGet(t, st, kept.ID); got.State != email.StateSending || !got.InDoubt || len(got.Attempts) != 0 {
					t.Errorf("%s, in doubt: %v, attempts %+v", got.State, got.InDoubt, got.Attempts)
				}
			})
		}
	})
}

func TestClaimOutlivesNoStore(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		st, err := store.Open(t.Context(), location)
		if err != nil {
			t.Fatal(err)
		}
		id := keep(t, st, outbound()).ID
		claim := mustClaim(t, st, id, email.StatePending)
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if err := claim.Done(t.Context(), sent); err == nil {
			t.Error("noted in a closed store")
		}
		storetest.Lapse(t, location, id)
		if m := mustGet(t, storetest.Open(t, location), id); !m.InDoubt {
			t.Errorf("%+v", m)
		}
	})
}

func TestDoneOutlivesLostConnections(t *testing.T) {
	location := storetest.Location(t, "PostgreSQL")
	admin := storetest.Open(t, location)
	st := storetest.Open(t, location+"&application_name=doomed")
	claim := mustClaim(t, st, keep(t, st, outbound()).ID, email.StatePending)
	var ended int
	if err := admin.DB().QueryRowContext(t.Context(),
		`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'doomed'`).Scan(&ended); err != nil || ended == 0 {
		t.Fatal(ended, err)
	}
	if err := claim.Done(t.Context(), sent); err != nil {
		t.Error(err)
	}
	if m := mustGet(t, st, 1); m.State != email.StateSent || len(m.Attempts) != 1 {
		t.Errorf("%s after %+v", m.State, m.Attempts)
	}
}

func TestAttemptWhoseAnswerWasLostIsNotedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		id := keep(t, st, outbound()).ID
		claim := mustClaim(t, st, id, email.StatePending)
		if err := claim.Done(t.Context(), sent); err != nil {
			t.Fatal(err)
		}
		if err := store.NoteAgain(t.Context(), claim, sent); err != nil {
			t.Error(err)
		}
		if m := mustGet(t, st, id); m.State != email.StateSent || len(m.Attempts) != 1 {
			t.Errorf("%s after %+v", m.State, m.Attempts)
		}
	})
}
