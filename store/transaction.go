package store

import (
	"context"
	"database/sql"
	"errors"
)

// queryer is a transaction or the database itself.
type queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// write runs a transaction that writes. It is short: nothing in it waits for
// anything but the database.
func (s *Store) write(ctx context.Context, do func(tx *sql.Tx) error) error {
	if s.writing != nil {
		select {
		case s.writing <- struct{}{}:
			defer func() { <-s.writing }()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return s.transaction(ctx, nil, do)
}

// read runs a transaction that sees the store as it is at one moment.
func (s *Store) read(ctx context.Context, do func(tx *sql.Tx) error) error {
	return s.transaction(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.dialect.snapshot}, do)
}

func (s *Store) transaction(ctx context.Context, options *sql.TxOptions, do func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	if err = do(tx); err != nil {
		// Where this fails, the database has rolled back by itself.
		_ = tx.Rollback()
	} else {
		err = tx.Commit()
	}
	if ctx.Err() != nil && errors.Is(err, sql.ErrTxDone) {
		return ctx.Err() // which has ended the transaction
	}
	return err
}

// changed reports whether a statement has changed a row.
func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// gather reads the rows of a query.
func gather[T any](ctx context.Context, from queryer, scan func(row interface{ Scan(...any) error }) (T, error), query string, args ...any) ([]T, error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
