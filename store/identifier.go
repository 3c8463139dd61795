package store

import (
	"context"
	"database/sql"
	"fmt"
)

// kind is a kind of what has identifiers.
type kind string

const (
	profileKind kind = "profile"
	fileKind    kind = "file"
	contactKind kind = "contact"
	userKind    kind = "user"
	messageKind kind = "message"
	contentKind kind = "content"
)

// maxIdentifier bounds the identifiers that are given from outside: JSON holds no
// larger number exactly.
const maxIdentifier = 1 << 53

// identify gives the identifier for something new of a kind: the wanted one, or
// with 0 the next one. Until the transaction ends, no other one gets past here
// for the same kind.
func identify(ctx context.Context, tx *sql.Tx, of kind, wanted int64) (int64, error) {
	if wanted < 0 || wanted > maxIdentifier {
		return 0, fmt.Errorf("the id %d is not 1 to %d", wanted, int64(maxIdentifier))
	}
	var id int64
	if wanted == 0 {
		err := tx.QueryRowContext(ctx,
			`UPDATE identifiers SET last = last + 1 WHERE kind = $1 RETURNING last`, string(of)).Scan(&id)
		return id, err
	}
	_, err := tx.ExecContext(ctx,
		`UPDATE identifiers SET last = CASE WHEN last < $1 THEN $1 ELSE last END WHERE kind = $2`, wanted, string(of))
	return wanted, err
}
