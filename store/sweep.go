package store

import (
	"context"
	"database/sql"
	"time"
)

const (
	// leftAfter is how long an incomplete content stays untouched before it counts
	// as left behind.
	leftAfter = 24 * time.Hour
	// patience bounds what is done after the caller's context has ended.
	patience = 30 * time.Second
	// removedAtOnce is how many chunks one transaction removes.
	removedAtOnce = 32
)

// sweep removes the contents that interrupted processes have left behind.
func (s *Store) sweep(ctx context.Context) error {
	left, err := gather(ctx, s.db, scanID,
		`SELECT id FROM contents WHERE NOT complete AND touched < `+s.dialect.now+` - $1`, leftAfter.Microseconds())
	if err != nil {
		return s.failed("look for what was left behind", err)
	}
	for _, content := range left {
		if err := s.removeContent(ctx, content); err != nil {
			return s.failed("remove what was left behind", err)
		}
	}
	return nil
}

func scanID(row interface{ Scan(...any) error }) (id int64, err error) {
	err = row.Scan(&id)
	return id, err
}

// removeContent removes an incomplete content in short transactions.
func (s *Store) removeContent(ctx context.Context, content int64) error {
	for gone := false; !gone; {
		err := s.write(ctx, func(tx *sql.Tx) error {
			more, err := changed(tx.ExecContext(ctx, `
				DELETE FROM chunks WHERE content = $1 AND number IN (
					SELECT number FROM chunks JOIN contents ON contents.id = content
					WHERE content = $1 AND NOT complete ORDER BY number DESC LIMIT $2)`, content, removedAtOnce))
			if err != nil || more {
				return err
			}
			gone = true
			_, err = tx.ExecContext(ctx, `DELETE FROM contents WHERE id = $1 AND NOT complete`, content)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
