package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

var postgresDialect = dialect{
	goose:  goose.DialectPostgres,
	locker: migrationLock(0x666c6f77), // "flow"
	now:    `CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)`,
	versioned: `SELECT EXISTS (SELECT 1 FROM pg_tables
		WHERE schemaname = current_schema() AND tablename = '` + versionTable + `')`,
	snapshot: sql.LevelRepeatableRead,
	describe: describePostgres,
}

// migrationLock is an advisory lock of a session.
type migrationLock int64

// SessionLock implements lock.SessionLocker.
func (l migrationLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(l))
	return err
}

// SessionUnlock implements lock.SessionLocker.
func (l migrationLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(l))
	return err
}

// lockTimeout is how long a statement waits for another session's lock.
const lockTimeout = "10s"

func openPostgres(ctx context.Context, location string, bound silence) (*Store, error) {
	shown, err := withoutPassword(location)
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(location)
	if err != nil {
		// The driver's error repeats parts of the URL.
		return nil, fmt.Errorf("the URL of the store %s is not understood: %s", shown, urlForm)
	}
	config.RuntimeParams["lock_timeout"] = lockTimeout
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "flowrun"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = bound.connect
	}
	config.DialFunc = bound.dial(config.DialFunc)
	s := newStore(stdlib.OpenDB(*config), shown, postgresDialect)
	if err := s.preparePostgres(ctx, bound); err != nil {
		s.Close()
		return nil, s.failed("open the store "+shown, err)
	}
	return s, nil
}

// preparePostgres makes the tables in the first schema of the search path.
func (s *Store) preparePostgres(ctx context.Context, bound silence) error {
	var schema sql.NullString
	first, cancel := context.WithTimeout(ctx, bound.open)
	defer cancel()
	if err := s.db.QueryRowContext(first, `SELECT current_schema()`).Scan(&schema); err != nil {
		if ctx.Err() == nil && first.Err() != nil {
			return os.ErrDeadlineExceeded
		}
		return err
	}
	if !schema.Valid {
		return errors.New("the schema of the URL's search_path does not exist: make it with CREATE SCHEMA")
	}
	return s.migrate(ctx)
}

// Codes of PostgreSQL, its manual's appendix A.
const (
	lockNotAvailable   = "55P03"
	deadlockDetected   = "40P01"
	diskFull           = "53100"
	tooManyConnections = "53300"
	adminShutdown      = "57P01"
	crashShutdown      = "57P02"
	cannotConnectNow   = "57P03"
	invalidPassword    = "28P01"
	invalidCatalogName = "3D000"
	insufficientRights = "42501"
	duplicateTable     = "42P07"
	invalidSchemaName  = "3F000"
)

func describePostgres(err error) error {
	var reported *pgconn.PgError
	if !errors.As(err, &reported) {
		switch {
		case isSilent(err):
			return problemf(ErrUnreachable, "the database does not answer: see that it works, and that the URL's host and port are those of PostgreSQL")
		case isUnreachable(err):
			return problemf(ErrUnreachable, "the database cannot be reached: see that it runs, and that the URL's host and port are right")
		}
		return nil
	}
	switch reported.Code {
	case lockNotAvailable, deadlockDetected:
		return problemf(ErrLocked, "the store is locked: another process has been writing to it all the time. Nothing was changed; try again, or end that process")
	case diskFull:
		return problemf(ErrFull, "the store is full: make room on the database's disk and try again. Nothing was changed")
	case adminShutdown, crashShutdown, cannotConnectNow:
		return problemf(ErrUnreachable, "the database is being stopped or started: try again when it runs")
	case tooManyConnections:
		return errors.New("the database takes no more connections: try again later, or allow it more")
	case invalidPassword:
		return errors.New("the database refuses the user or the password: give the right ones in the URL, by PGPASSWORD or in ~/.pgpass")
	case invalidCatalogName:
		return errors.New("the database does not exist: make it with createdb")
	case duplicateTable:
		return fmt.Errorf("there are tables of another program (%s): give a database or, by search_path=, a schema of its own", reported.Message)
	case insufficientRights:
		return fmt.Errorf("the user may not do that: %s", reported.Message)
	}
	return nil
}

// isSilent reports whether the server has said nothing for too long.
func isSilent(err error) bool {
	var refused *pgconn.ConnectError
	return errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &refused) && errors.Is(err, context.DeadlineExceeded)
}

// isUnreachable reports whether a connection could not be made or was lost.
func isUnreachable(err error) bool {
	var refused *pgconn.ConnectError
	var broken *net.OpError
	return errors.As(err, &refused) || errors.As(err, &broken) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, pgconn.ErrConnClosed)
}
