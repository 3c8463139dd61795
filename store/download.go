package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"

	"flowrun/builtins/email"
)

// download reads a content chunk by chunk, each in a statement of its own, so
// that a slow reader holds nothing up.
type download struct {
	ctx     context.Context
	store   *Store
	what    string // for errors
	content int64
	size    int64 // still to come
	number  int64 // of the next chunk
	chunk   []byte
	err     error
}

// Read implements io.Reader. A content that was removed or damaged meanwhile is
// an error, never a short file.
func (d *download) Read(p []byte) (int, error) {
	for len(d.chunk) == 0 && d.err == nil {
		d.err = d.next()
	}
	if len(d.chunk) == 0 {
		return 0, d.err
	}
	n := copy(p, d.chunk)
	d.chunk = d.chunk[n:]
	return n, nil
}

func (d *download) next() error {
	var chunk []byte
	err := d.store.db.QueryRowContext(d.ctx,
		`SELECT bytes FROM chunks JOIN contents ON contents.id = content WHERE content = $1 AND number = $2 AND complete`,
		d.content, d.number).Scan(&chunk)
	missing := errors.Is(err, sql.ErrNoRows)
	switch {
	case err != nil && !missing:
		return d.store.failed("read "+d.what, err)
	case d.size == 0 && missing:
		return io.EOF
	case missing || len(chunk) == 0 || int64(len(chunk)) > d.size:
		return problemf(email.ErrNotFound, "read %s: it was removed while it was read", d.what)
	}
	d.chunk = chunk
	d.size -= int64(len(chunk))
	d.number++
	return nil
}

// Close implements io.Closer.
func (d *download) Close() error {
	d.chunk, d.err = nil, fmt.Errorf("read %s: %w", d.what, os.ErrClosed)
	return nil
}
