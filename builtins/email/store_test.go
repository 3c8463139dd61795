package email_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/store"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// openStore opens an empty store of this test.
func openStore(t testing.TB) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// importMail puts a mail that came in into a store.
func importMail(t testing.TB, st *store.Store, raw string) email.Message {
	t.Helper()
	raw = strings.ReplaceAll(raw, "\n", "\r\n")
	message, err := email.ParseMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kept, _, err := st.Import(t.Context(), message, strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
