package store

import (
	"context"
	"database/sql"
	"time"

	"flowrun/builtins/email"
)

// DB gives tests the database of a store.
func (s *Store) DB() *sql.DB { return s.db }

// SetLease has claims of this store last for another time, and be renewed after
// another one.
func (s *Store) SetLease(lasts, renewed time.Duration) { s.lease = lease{lasts, renewed} }

// OpenImpatient opens the store in a SQLite file, and waits for locks no longer
// than it is told.
func OpenImpatient(ctx context.Context, path string, busy time.Duration) (*Store, error) {
	return openSQLite(ctx, path, busy)
}

// OpenHasty opens the store in a PostgreSQL database, and waits no longer for its
// connections, its first answer and any other than it is told.
func OpenHasty(ctx context.Context, location string, connect, open, answer time.Duration) (*Store, error) {
	return openPostgres(ctx, location, silence{connect, open, answer})
}

// Sizes of a content's parts in bytes.
const (
	ChunkSize = chunkSize
	BatchSize = batchSize
)

// NoteAgain tries to note an attempt as Done does when the answer of the database
// to its first try was lost.
func NoteAgain(ctx context.Context, of email.Claim, attempt email.Attempt) error {
	c := of.(*claim)
	return c.store.write(ctx, func(tx *sql.Tx) error { return c.note(ctx, tx, attempt, true) })
}
