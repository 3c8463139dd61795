// Package store keeps what flows that send mail look up and leave behind:
// profiles, files, contacts, users and messages, in a SQLite file or a PostgreSQL
// database. A *Store is the email.Store of a host.
//
// Any number of goroutines and processes may use one store at the same time. What
// a method has returned without an error is kept, also when the process is killed
// right after. What it has not returned is there whole or not at all. Passwords
// and keys are never in a store: profiles hold references to them.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"flowrun/builtins/email"
)

// Store is an open store. Its methods may be called concurrently.
type Store struct {
	db       *sql.DB
	location string // as String gives it
	dialect  dialect
	// writing is held by the goroutine that writes, where the database takes one
	// writer at a time; nil elsewhere. Goroutines wait for it in their order,
	// other processes by polling.
	writing chan struct{}
	lease   lease
	// closing ends when the store is closed.
	closing context.Context
	close   context.CancelFunc
}

var _ email.Store = (*Store)(nil)

// dialect is what the two databases do not have in common.
type dialect struct {
	goose goose.Dialect
	// locker keeps other processes from migrating at the same time; nil where a
	// transaction does.
	locker lock.SessionLocker
	// now is an expression for the time of the database's clock, that of the
	// machine with SQLite, in microseconds since 1970.
	now string
	// versioned is a query for whether the table versionTable is there.
	versioned string
	// snapshot is the isolation that makes a transaction see one moment.
	snapshot sql.IsolationLevel
	// describe gives the error for what the database reported, nil when it has
	// nothing to say about it.
	describe func(error) error
}

// lease is how long a claim lasts when it is not renewed, and how often it is.
type lease struct {
	lasts   time.Duration
	renewed time.Duration
}

var defaultLease = lease{lasts: time.Minute, renewed: 15 * time.Second}

// Open opens the store at location, and makes or upgrades it where needed: a
// postgres:// or postgresql:// URL, or the path of a SQLite file. A file that is
// made has mode 0600, as the files `-wal` and `-shm` beside it, and a folder that
// is made 0700. The password of a URL may also come from PGPASSWORD or ~/.pgpass.
// A store that a newer flowrun has made is left as it is, and the error wraps
// ErrNewer.
func Open(ctx context.Context, location string) (*Store, error) {
	s, err := openDatabase(ctx, location)
	if err != nil {
		return nil, err
	}
	if err := s.sweep(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func openDatabase(ctx context.Context, location string) (*Store, error) {
	scheme, _, otherURL := strings.Cut(location, "://")
	switch {
	case isURL(location):
		return openPostgres(ctx, location, defaultSilence)
	case otherURL:
		return nil, fmt.Errorf("a store cannot be at a URL that begins with %s://: give the path of a file or a postgres:// URL", scheme)
	case passwordWord.MatchString(location):
		return nil, errors.New("the store is given in a form that is not understood: give the path of a file or a postgres:// URL")
	}
	return openSQLite(ctx, location, busyTimeout)
}

func newStore(db *sql.DB, location string, dialect dialect) *Store {
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(4)
	s := &Store{db: db, location: location, dialect: dialect, lease: defaultLease}
	s.closing, s.close = context.WithCancel(context.Background())
	return s
}

// Close closes the store. Readers and claims that are open fail from then on.
func (s *Store) Close() error {
	s.close()
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close the store %s: %w", s.location, err)
	}
	return nil
}

// String gives the location of the store, without password.
func (s *Store) String() string { return s.location }
