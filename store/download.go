package store

import (
	"context"
	"database/sql"
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
	size    int64  // still to come
	number  int64  // of the next chunk
	chunk   []byte // what is left of buffer
	buffer  []byte
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
	found, err := d.fetch()
	switch {
	case err != nil:
		return d.store.failed("read "+d.what, err)
	case d.size == 0 && !found:
		return io.EOF
	case !found || len(d.buffer) == 0 || int64(len(d.buffer)) > d.size:
		return problemf(email.ErrNotFound, "read %s: it was removed while it was read", d.what)
	}
	d.chunk = d.buffer
	d.size -= int64(len(d.chunk))
	d.number++
	return nil
}

// fetch reads the next chunk into the buffer, where it takes the place of the one
// before, and reports whether there is one.
func (d *download) fetch() (found bool, err error) {
	rows, err := d.store.db.QueryContext(d.ctx,
		`SELECT bytes FROM chunks JOIN contents ON contents.id = content WHERE content = $1 AND number = $2 AND complete`,
		d.content, d.number)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, rows.Err()
	}
	var chunk sql.RawBytes
	if err := rows.Scan(&chunk); err != nil {
		return false, err
	}
	d.buffer = append(d.buffer[:0], chunk...)
	return true, rows.Close()
}

// Close implements io.Closer.
func (d *download) Close() error {
	d.chunk, d.buffer, d.err = nil, nil, fmt.Errorf("read %s: %w", d.what, os.ErrClosed)
	return nil
}
