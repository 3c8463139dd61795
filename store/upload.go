package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
)

const (
	// chunkSize is the size of every chunk of a content but the last, in bytes.
	chunkSize = 128 << 10
	// batchSize is how much of a content one transaction writes, in bytes: a large
	// one lets other writers pass in between. Every content on its way in holds as
	// much in memory.
	batchSize = 4 * chunkSize
)

// upload is a content on its way in. It is not seen before finish.
type upload struct {
	store   *Store
	content int64 // identifier, 0 before anything is written
	chunks  int64 // written
	size    int64 // bytes read
	rest    []byte
}

// upload reads a content and writes it in short transactions, all but its last
// batch, which finish writes: a small content takes no transaction of its own. No
// transaction waits for from.
func (s *Store) upload(ctx context.Context, from io.Reader) (*upload, error) {
	u := &upload{store: s}
	var batch []byte
	for {
		var err error
		batch, err = readBatch(from, batch)
		if err != nil && err != io.EOF {
			u.abandon(ctx)
			return nil, err
		}
		u.size += int64(len(batch))
		u.rest = batch
		if err == io.EOF {
			return u, nil
		}
		if err := s.write(ctx, func(tx *sql.Tx) error { return u.writeBatch(ctx, tx) }); err != nil {
			u.abandon(ctx)
			return nil, s.failed("store the content", err)
		}
		u.chunks += batchSize / chunkSize
	}
}

// readBatch fills the buffer, which grows to a batch. io.EOF tells that the
// content ends with it.
func readBatch(from io.Reader, buffer []byte) ([]byte, error) {
	if buffer == nil {
		buffer = make([]byte, 0, chunkSize)
	}
	buffer = buffer[:0]
	for len(buffer) < batchSize {
		if len(buffer) == cap(buffer) {
			larger := make([]byte, len(buffer), min(2*cap(buffer), batchSize))
			copy(larger, buffer)
			buffer = larger
		}
		n, err := from.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		if err != nil {
			return buffer, err
		}
	}
	return buffer, nil
}

// writeBatch writes what rest holds. A transaction that fails may be tried again.
func (u *upload) writeBatch(ctx context.Context, tx *sql.Tx) error {
	now := u.store.dialect.now
	if u.chunks == 0 {
		id, err := identify(ctx, tx, contentKind, 0)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx,
			`INSERT INTO contents (id, size, complete, touched) VALUES ($1, 0, FALSE, `+now+`)`, id); err != nil {
			return err
		}
		u.content = id
	} else {
		there, err := changed(tx.ExecContext(ctx,
			`UPDATE contents SET touched = `+now+` WHERE id = $1 AND NOT complete`, u.content))
		if err != nil {
			return err
		}
		if !there {
			return errors.New("it took longer than a day, and what was there was removed: try again")
		}
	}
	number := u.chunks
	for rest := u.rest; len(rest) > 0; number++ {
		chunk := rest[:min(len(rest), chunkSize)]
		rest = rest[len(chunk):]
		if _, err := tx.ExecContext(ctx,
			`INSERT INTO chunks (content, number, bytes) VALUES ($1, $2, $3)`, u.content, number, chunk); err != nil {
			return err
		}
	}
	return nil
}

// finish writes the last batch and makes the content seen, with the rest of the
// transaction.
func (u *upload) finish(ctx context.Context, tx *sql.Tx) error {
	if err := u.writeBatch(ctx, tx); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE contents SET complete = TRUE, size = $1 WHERE id = $2`, u.size, u.content)
	return err
}

// abandon removes what was written of a content that will not be finished. What
// it cannot remove is swept in a day.
func (u *upload) abandon(ctx context.Context) {
	if u.chunks == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_ = u.store.removeContent(ctx, u.content)
}
