package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"mime"
	"path"
	"strings"
	"time"

	"flowrun/builtins/email"
)

// unknownType is the media type of a file whose name does not tell.
const unknownType = "application/octet-stream"

const fileColumns = `id, name, type, size, created`

func scanFile(row interface{ Scan(...any) error }) (f email.File, err error) {
	var created moment
	err = row.Scan(&f.ID, &f.Name, &f.Type, &f.Size, &created)
	f.Created = created.Time
	return f, err
}

// AddFile stores a file whole or not at all, and returns it as it is stored. With
// ID 0 the store chooses one, else ErrExists tells that it is taken. A Type of ""
// is guessed from the name, and a zero Created is now. Size is what content has.
func (s *Store) AddFile(ctx context.Context, file email.File, content io.Reader) (email.File, error) {
	doing := fmt.Sprintf("store the file %q", file.Name)
	if err := checkFile(&file); err != nil {
		return email.File{}, err
	}
	if file.ID != 0 {
		if _, err := s.file(ctx, file.ID); err == nil {
			return email.File{}, taken("file", file.ID)
		}
	}
	u, err := s.upload(ctx, content)
	if err != nil {
		return email.File{}, fmt.Errorf("%s: %w", doing, err)
	}
	file.Size = u.size
	wanted := file.ID
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		if file.ID, err = identify(ctx, tx, fileKind, wanted); err != nil {
			return err
		}
		if err := u.finish(ctx, tx); err != nil {
			return err
		}
		added, err := changed(tx.ExecContext(ctx,
			`INSERT INTO files (id, name, type, size, created, content) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
			file.ID, file.Name, file.Type, file.Size, moment{file.Created}, u.content))
		if err == nil && !added {
			err = taken("file", file.ID)
		}
		return err
	})
	if err != nil {
		u.abandon(ctx)
		return email.File{}, s.failed(doing, err)
	}
	return file, nil
}

func checkFile(file *email.File) error {
	if err := checkName("the file's name", file.Name); err != nil {
		return err
	}
	if strings.ContainsAny(file.Name, `/\`) || file.Name == "." || file.Name == ".." {
		return fmt.Errorf("the file's name %q has a folder: give the name alone", file.Name)
	}
	if file.Type == "" {
		file.Type = unknownType
		if guessed, _, err := mime.ParseMediaType(mime.TypeByExtension(strings.ToLower(path.Ext(file.Name)))); err == nil {
			file.Type = guessed
		}
	} else if parsed, _, err := mime.ParseMediaType(file.Type); err != nil || !strings.Contains(parsed, "/") || kept(file.Type) != file.Type {
		return fmt.Errorf("the file's type %q is no media type such as application/pdf", file.Type)
	}
	if file.Created.IsZero() {
		file.Created = time.Now()
	}
	file.Created = file.Created.UTC().Truncate(time.Microsecond)
	return nil
}

func (s *Store) file(ctx context.Context, id int64) (email.File, error) {
	file, err := scanFile(s.db.QueryRowContext(ctx, `SELECT `+fileColumns+` FROM files WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return file, notFound("file", id)
	}
	return file, s.failed(fmt.Sprintf("look up file %d", id), err)
}

// OpenFile implements email.Store. The content may be read for as long as ctx
// allows.
func (s *Store) OpenFile(ctx context.Context, id int64) (email.File, io.ReadCloser, error) {
	file, err := s.file(ctx, id)
	if err != nil {
		return email.File{}, nil, err
	}
	d := &download{ctx: ctx, store: s, what: fmt.Sprintf("file %d", id), size: file.Size}
	err = s.db.QueryRowContext(ctx, `SELECT content FROM files WHERE id = $1`, id).Scan(&d.content)
	if errors.Is(err, sql.ErrNoRows) {
		err = notFound("file", id)
	}
	if err != nil {
		return email.File{}, nil, s.failed("open "+d.what, err)
	}
	return file, d, nil
}

// Files gives all files, ordered by ID.
func (s *Store) Files(ctx context.Context) ([]email.File, error) {
	files, err := gather(ctx, s.db, scanFile, `SELECT `+fileColumns+` FROM files ORDER BY id`)
	return files, s.failed("list the files", err)
}

// RemoveFile removes a file. Messages that were sent with it keep what they have.
func (s *Store) RemoveFile(ctx context.Context, id int64) error {
	var content int64
	err := s.write(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `DELETE FROM files WHERE id = $1 RETURNING content`, id).Scan(&content)
		if errors.Is(err, sql.ErrNoRows) {
			return notFound("file", id)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE contents SET complete = FALSE WHERE id = $1`, content)
		return err
	})
	if err == nil {
		err = s.removeContent(ctx, content)
	}
	return s.failed(fmt.Sprintf("remove file %d", id), err)
}
