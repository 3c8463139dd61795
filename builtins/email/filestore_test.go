package email_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"testing"
	"time"

	"flowrun/builtins/email"
)

// fileStore is a store of files only. Their content is made while it is read.
type fileStore struct {
	email.Store
	files map[int64]fakeFile
}

// fakeFile is a file whose reader gives what content yields and then err.
type fakeFile struct {
	name, mediaType string
	size            int64
	content         func() iter.Seq[[]byte]
	err             error
}

// fileOf is a file with this content.
func fileOf(name, mediaType, content string) fakeFile {
	return fakeFile{name: name, mediaType: mediaType, size: int64(len(content)), content: func() iter.Seq[[]byte] {
		return func(yield func([]byte) bool) { yield([]byte(content)) }
	}}
}

// ProfileByName finds no profile, as sendEmail looks for the default one.
func (s *fileStore) ProfileByName(_ context.Context, name string) (email.Profile, error) {
	return email.Profile{}, fmt.Errorf("there is no profile %q: %w", name, email.ErrNotFound)
}

// MessageByMessageID finds no message, as sendEmail looks for those that it answers.
func (s *fileStore) MessageByMessageID(_ context.Context, id string) (email.Message, error) {
	return email.Message{}, fmt.Errorf("message %s: %w", id, email.ErrNotFound)
}

func (s *fileStore) OpenFile(ctx context.Context, id int64) (email.File, io.ReadCloser, error) {
	file, found := s.files[id]
	if !found {
		return email.File{}, nil, fmt.Errorf("file %d: %w", id, email.ErrNotFound)
	}
	next, stop := iter.Pull(file.content())
	described := email.File{ID: id, Name: file.name, Type: file.mediaType, Size: file.size, Created: time.Unix(0, 0)}
	return described, &fakeContent{ctx: ctx, next: next, stop: stop, err: file.err}, nil
}

type fakeContent struct {
	ctx    context.Context
	next   func() ([]byte, bool)
	stop   func()
	rest   []byte
	err    error
	closed bool
}

func (c *fakeContent) Read(p []byte) (int, error) {
	if c.closed {
		return 0, errors.New("read after close")
	}
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	for len(c.rest) == 0 {
		var more bool
		if c.rest, more = c.next(); !more {
			if c.err != nil {
				return 0, c.err
			}
			return 0, io.EOF
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *fakeContent) Close() error {
	c.stop()
	c.closed = true
	return nil
}

// withFiles gives a configuration a store of these files, counted from 1.
func withFiles(config email.Config, files ...fakeFile) email.Config {
	store := &fileStore{files: map[int64]fakeFile{}}
	for i, file := range files {
		store.files[int64(i+1)] = file
	}
	config.Store = store
	return config
}

// sentWith is delivered for a host with files.
func sentWith(t testing.TB, files []fakeFile, flow string, inputs map[string]any) []byte {
	t.Helper()
	server := startSandbox(t)
	if _, err := runFlow(t, withFiles(sandboxed(server), files...), flow, inputs); err != nil {
		t.Fatal(err)
	}
	raw := onlyMail(t, server).Raw
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes, or a lone CR or LF: %.80q", len(line), line)
		}
	}
	return raw
}
