package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

func TestFullStoreKeepsWhatItHas(t *testing.T) {
	st := storetest.Open(t, storetest.Location(t, "SQLite"))
	kept := keep(t, st, outbound())
	claim := mustClaim(t, st, kept.ID, email.StatePending)
	// The limit is one of a connection.
	st.DB().SetMaxOpenConns(1)
	limit := func(pages string) {
		t.Helper()
		if _, err := st.DB().ExecContext(t.Context(), `PRAGMA max_page_count = `+pages); err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // SQLite makes it the size that there is
	const want = "the store is full: make room on its disk and try again. Nothing was changed"
	full := func(doing string, err error) {
		t.Helper()
		if !errors.Is(err, store.ErrFull) || err.Error() != doing+": "+want {
			t.Errorf("%v, want %s: %s", err, doing, want)
		}
	}
	for _, size := range []int64{2 * store.ChunkSize, 2 * store.BatchSize} {
		_, err := st.AddFile(t.Context(), email.File{Name: "a"}, noise(size))
		if size > store.BatchSize {
			full(`store the file "a": store the content`, err)
		} else {
			full(`store the file "a"`, err)
		}
	}
	_, _, err := st.Keep(t.Context(), email.Message{MessageID: "2@x", Subject: strings.Repeat("x", 1<<20)}, noise(1))
	full("store the message <2@x>", err)
	full("note what became of message 1", claim.Done(t.Context(), email.Attempt{State: email.StateSent, Text: strings.Repeat("x", 1<<20)}))
	expectContents(t, st, 1)
	if m := mustGet(t, st, kept.ID); m.State != email.StateSending || len(m.Attempts) != 0 {
		t.Errorf("%s after %+v", m.State, m.Attempts)
	}
	limit("1000000")
	if _, err := st.AddFile(t.Context(), email.File{Name: "a"}, noise(2*store.BatchSize)); err != nil {
		t.Error(err)
	}
}

func TestStoreThatStaysLockedSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	holder := storetest.Open(t, path)
	kept := keep(t, holder, outbound())
	st, err := store.OpenImpatient(t.Context(), path, 20*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	claim := mustClaim(t, st, kept.ID, email.StatePending)
	tx, err := holder.DB().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	want := "the store is locked: another process has been writing to it all the time. Nothing was changed; try again, or end that process"
	_, err = st.AddUser(t.Context(), email.User{Name: "Ann"})
	if !errors.Is(err, store.ErrLocked) || err.Error() != `store the user "Ann": `+want {
		t.Errorf("%v, want %s", err, want)
	}
	_, err = st.Claim(t.Context(), kept.ID, email.StatePending)
	if !errors.Is(err, store.ErrLocked) || err.Error() != "claim message 1: "+want {
		t.Errorf("%v, want %s", err, want)
	}
	if m := mustGet(t, st, kept.ID); m.Subject != kept.Subject {
		t.Errorf("reading while another writes: %+v", m)
	}
	// Done waits for longer than others, here for three times as long.
	impatient, err := store.OpenImpatient(t.Context(), path, 20*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer impatient.Close()
	released := make(chan error)
	go func() {
		for range 3 {
			if _, err := impatient.AddUser(t.Context(), email.User{Name: "Ann"}); !errors.Is(err, store.ErrLocked) {
				t.Errorf("%v", err)
			}
		}
		released <- tx.Rollback()
	}()
	if err := claim.Done(t.Context(), sent); err != nil {
		t.Error(err)
	}
	if err := <-released; err != nil {
		t.Error(err)
	}
	if m := mustGet(t, st, kept.ID); m.State != email.StateSent {
		t.Errorf("%s", m.State)
	}
}

func TestManyWritersLoseNothing(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		stores := []*store.Store{storetest.Open(t, location), storetest.Open(t, location)}
		const writers, each = 6, 5
		done := make(chan error)
		for w := range writers {
			go func() {
				st := stores[w%2]
				done <- func() error {
					for i := range each {
						kept, _, err := st.Keep(t.Context(), email.Message{MessageID: fmt.Sprintf("%d.%d@x", w, i)}, noise(100))
						if err != nil {
							return err
						}
						claim, err := st.Claim(t.Context(), kept.ID, email.StatePending)
						if err != nil {
							return err
						}
						if _, err := st.AddFile(t.Context(), email.File{Name: "a"}, noise(3*store.ChunkSize)); err != nil {
							return err
						}
						if err := claim.Done(t.Context(), sent); err != nil {
							return err
						}
					}
					return nil
				}()
			}()
		}
		for range writers {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if sent, err := stores[0].Messages(t.Context(), store.Filter{State: email.StateSent}); err != nil || len(sent) != writers*each {
			t.Errorf("%d messages, %v", len(sent), err)
		}
		if files, err := stores[1].Files(t.Context()); err != nil || len(files) != writers*each {
			t.Errorf("%d files, %v", len(files), err)
		}
	})
}
