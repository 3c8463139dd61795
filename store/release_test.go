package store_test

import (
	"errors"
	"testing"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

func TestReleasedClaimLeavesTheMessageAsItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		id := keep(t, st, outbound()).ID
		if err := mustClaim(t, st, id, email.StatePending).Done(t.Context(), email.Attempt{State: email.StatePartial}); err != nil {
			t.Fatal(err)
		}
		claim := mustClaim(t, st, id, email.StateFailed, email.StatePartial)
		if err := claim.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m := mustGet(t, st, id); m.State != email.StatePartial || len(m.Attempts) != 1 || !m.ClaimedUntil.IsZero() {
			t.Errorf("%s after %+v", m.State, m.Attempts)
		}
		if err := claim.Done(t.Context(), sent); !errors.Is(err, email.ErrNotClaimed) {
			t.Errorf("done after it was released: %v", err)
		}
		if err := claim.Release(t.Context()); !errors.Is(err, email.ErrNotClaimed) {
			t.Errorf("released again: %v", err)
		}
		if m := mustGet(t, st, id); m.State != email.StatePartial || len(m.Attempts) != 1 {
			t.Errorf("%s after %+v", m.State, m.Attempts)
		}
		mustClaim(t, st, id, email.StatePartial)
	})
}

func TestReleasedClaimOnAMessageInDoubtLeavesItUnknown(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		st := storetest.Open(t, location)
		id := keep(t, st, outbound()).ID
		lost := mustClaim(t, st, id, email.StatePending)
		storetest.Lapse(t, location, id)
		claim := mustClaim(t, st, id, email.StateSending)
		if err := lost.Release(t.Context()); !errors.Is(err, email.ErrNotClaimed) {
			t.Errorf("the claim that was taken over is released: %v", err)
		}
		if m := mustGet(t, st, id); m.State != email.StateSending {
			t.Errorf("state %s", m.State)
		}
		if err := claim.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m := mustGet(t, st, id); m.State != email.StateUnknown || len(m.Attempts) != 1 {
			t.Errorf("%s after %+v", m.State, m.Attempts)
		}
	})
}
