package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// busyTimeout is how long a SQLite store waits for another process that writes.
const busyTimeout = 10 * time.Second

var sqliteDialect = dialect{
	goose:     goose.DialectSQLite3,
	now:       `CAST(unixepoch('subsec') * 1000000 AS INTEGER)`,
	versioned: `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '` + versionTable + `')`,
	describe:  describeSQLite,
}

// openSQLite opens the file at path. Statements wait for other processes for as
// long as busy tells.
func openSQLite(ctx context.Context, path string, busy time.Duration) (*Store, error) {
	if path == "" {
		return nil, errors.New("the store has no path: give the path of a file or a postgres:// URL")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := makeFile(absolute); err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	connector, err := sqlite.NewConnector(sqliteName(absolute, busy))
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	s := newStore(sql.OpenDB(connector), path, sqliteDialect)
	s.writing = make(chan struct{}, 1)
	if err := s.prepareSQLite(ctx, busy); err != nil {
		s.Close()
		return nil, s.failed("open the store "+path, err)
	}
	return s, nil
}

// sqliteName is the name of a file for the driver. A transaction that writes
// takes the lock for it when it begins: one that read first could not wait.
func sqliteName(path string, busy time.Duration) string {
	settings := url.Values{
		"mode":          {"rw"},
		"_txlock":       {"immediate"},
		"_busy_timeout": {fmt.Sprint(busy.Milliseconds())},
		"_foreign_keys": {"on"},
		"_synchronous":  {"full"},
		"_error_rc":     {"true"},
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: settings.Encode()}
	return name.String()
}

// making keeps the descriptor of a new file from being closed while a connection
// of this process is open on it: that would drop the connection's locks.
var making sync.Mutex

// makeFile makes the file, and its folder, when they are missing.
func makeFile(path string) error {
	making.Lock()
	defer making.Unlock()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return errors.Join(file.Close(), syncFolder(filepath.Dir(path)))
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	found, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case found.IsDir():
		return errors.New("it is a folder: give the path of a file")
	case !found.Mode().IsRegular():
		return errors.New("it is not a regular file")
	}
	return nil
}

// syncFolder has the name of a new file survive a loss of power, where the system
// takes that for a folder.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return nil
	}
	folder.Sync()
	return folder.Close()
}

// prepareSQLite makes the tables. Before anything is written, it makes sure that
// the file is not the database of another program.
func (s *Store) prepareSQLite(ctx context.Context, busy time.Duration) error {
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	if version < 0 {
		var foreign bool
		err := s.db.QueryRowContext(ctx,
			`SELECT EXISTS (SELECT 1 FROM sqlite_master) AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = $1)`, versionTable).Scan(&foreign)
		if err != nil {
			return err
		}
		if foreign {
			return errors.New("it is the SQLite database of another program: give the path of another file")
		}
		if err := s.useWAL(ctx, busy); err != nil {
			return err
		}
	}
	return s.migrate(ctx)
}

// useWAL lets readers and a writer work at the same time. The file remembers it.
// Two processes that do this at once are told so without waiting.
func (s *Store) useWAL(ctx context.Context, busy time.Duration) error {
	deadline := time.Now().Add(busy)
	for {
		_, err := s.db.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
		if err == nil || !isBusy(err) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func sqliteCode(err error) int {
	var reported *sqlite.Error
	if errors.As(err, &reported) {
		return reported.Code()
	}
	return sqlite3.SQLITE_OK
}

func isBusy(err error) bool {
	primary := sqliteCode(err) & 0xff
	return primary == sqlite3.SQLITE_BUSY || primary == sqlite3.SQLITE_LOCKED
}

func describeSQLite(err error) error {
	code := sqliteCode(err)
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return problemf(ErrLocked, "the store is locked: another process has been writing to it all the time. Nothing was changed; try again, or end that process")
	case sqlite3.SQLITE_FULL:
		return problemf(ErrFull, "the store is full: make room on its disk and try again. Nothing was changed")
	case sqlite3.SQLITE_NOTADB:
		return errors.New("it is not a SQLite database: give the path of another file, or of none to make a new one")
	case sqlite3.SQLITE_CORRUPT:
		return errors.New("the file is damaged: copy it, and restore it from a backup or with `sqlite3 FILE .recover`")
	case sqlite3.SQLITE_INTERRUPT:
		return problemf(context.Canceled, "it was interrupted")
	case sqlite3.SQLITE_READONLY:
		return errors.New("the file or its folder cannot be written: give yourself the right to write them")
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return errors.New("the file cannot be opened: give yourself the right to read and write it and its folder")
	case sqlite3.SQLITE_IOERR:
		if code == sqlite3.SQLITE_IOERR_WRITE {
			return problemf(ErrFull, "the file of the store cannot be written, perhaps for want of room or because files may not be larger: see to that and try again. Nothing was changed")
		}
		return errors.New("the file of the store cannot be read or written: see to its disk")
	}
	return nil
}
