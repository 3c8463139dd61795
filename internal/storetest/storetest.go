// Package storetest gives tests stores to work on: of SQLite in a temporary
// folder, and of a PostgreSQL server of its own.
//
// The server is started by the first test that needs it, from Debian's package or
// what is in PATH, with a throw-away data folder and no TCP port, and it ends with
// the process, however that ends. Where PostgreSQL is not installed, tests for it
// are skipped, or fail when FLOWRUN_TEST_POSTGRES is "required".
package storetest

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/store"
)

// Databases are the names of the kinds of databases.
var Databases = []string{"SQLite", "PostgreSQL"}

// Each runs a test for each kind of database, with a new store.
func Each(t *testing.T, test func(t *testing.T, st *store.Store)) {
	EachLocation(t, func(t *testing.T, location string) { test(t, Open(t, location)) })
}

// EachLocation runs a test for each kind of database, with a location for a store
// that is not there yet.
func EachLocation(t *testing.T, test func(t *testing.T, location string)) {
	for _, database := range Databases {
		t.Run(database, func(t *testing.T) { test(t, Location(t, database)) })
	}
}

// Location gives a location for a store that is not there yet, in one of the
// Databases. It is gone when the test ends.
func Location(t testing.TB, database string) string {
	t.Helper()
	if database == "PostgreSQL" {
		return newSchema(t)
	}
	return filepath.Join(t.TempDir(), "store.db")
}

// Open opens the store at a location and closes it when the test ends.
func Open(t testing.TB, location string) *store.Store {
	t.Helper()
	// The test's context ends before its cleanups, and they may need the store.
	st, err := store.Open(context.WithoutCancel(t.Context()), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// Lapse has the claim on a message lapse, as it does a minute after its process
// was killed.
func Lapse(t testing.TB, location string, message int64) {
	t.Helper()
	driver, name := "sqlite", "file:"+url.PathEscape(location)+"?_busy_timeout=10000"
	if strings.HasPrefix(location, "postgres") {
		driver, name = "pgx", location
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	result, err := db.ExecContext(t.Context(), `UPDATE messages SET claimed_until = 1 WHERE id = $1 AND state = 'sending'`, message)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := result.RowsAffected(); rows != 1 || err != nil {
		t.Fatalf("message %d is not claimed: %v", message, err)
	}
}
