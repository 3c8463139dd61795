package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"flowrun/builtins/email"
)

// Lazy is a store that is opened when it is first needed. What is looked up in
// one that does not exist yet is not found, and the store is not made for it.
type Lazy struct {
	// Hint is what to do about what is not found; "" where the caller's own hint
	// holds.
	Hint string

	open   func(context.Context) (*Store, error)
	absent func() bool

	mutex  sync.Mutex
	opened *Store // nil until it is needed
}

var _ email.Store = (*Lazy)(nil)

// NewLazy makes a store that open opens. absent tells that nothing is there yet,
// so that there is nothing to find either.
func NewLazy(open func(context.Context) (*Store, error), absent func() bool) *Lazy {
	return &Lazy{open: open, absent: absent}
}

// FileAbsent reports that a store in a file is not there.
func FileAbsent(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// Use gives the store to change it.
func (l *Lazy) Use(ctx context.Context) (*Store, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.opened == nil {
		opened, err := l.open(ctx)
		if err != nil {
			return nil, err
		}
		l.opened = opened
	}
	return l.opened, nil
}

// look gives the store to look something up in it.
func (l *Lazy) look(ctx context.Context, what string) (*Store, error) {
	l.mutex.Lock()
	absent := l.opened == nil && l.absent()
	l.mutex.Unlock()
	if absent {
		return nil, notKept(what)
	}
	return l.Use(ctx)
}

// notKept is the error for what is not found, since there is no store.
type notKept string

func (what notKept) Error() string { return "there is no " + string(what) + ", and no store yet" }

// Unwrap makes it an email.ErrNotFound.
func (what notKept) Unwrap() error { return email.ErrNotFound }

// advisedNotFound is what is not found, with what to do about it.
type advisedNotFound struct {
	error
	hint string
}

// Hint implements the hint of email.Store.
func (a *advisedNotFound) Hint() string { return a.hint }

// Unwrap gives the error without the hint.
func (a *advisedNotFound) Unwrap() error { return a.error }

// advise gives what is not found the hint of this store.
func (l *Lazy) advise(err error) error {
	if l.Hint == "" || !errors.Is(err, email.ErrNotFound) {
		return err
	}
	return &advisedNotFound{err, l.Hint}
}

// Close closes what has been opened.
func (l *Lazy) Close() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.opened == nil {
		return nil
	}
	if err := l.opened.Close(); err != nil {
		return fmt.Errorf("cannot close the store: %w", err)
	}
	return nil
}

// lookUp looks one thing up.
func lookUp[K, V any](ctx context.Context, l *Lazy, kind string, key K, find func(*Store, context.Context, K) (V, error)) (V, error) {
	opened, err := l.look(ctx, fmt.Sprintf("%s %#v", kind, key))
	if err != nil {
		var none V
		return none, l.advise(err)
	}
	found, err := find(opened, ctx, key)
	return found, l.advise(err)
}

// ProfileByID implements email.Store.
func (l *Lazy) ProfileByID(ctx context.Context, id int64) (email.Profile, error) {
	return lookUp(ctx, l, "profile", id, (*Store).ProfileByID)
}

// ProfileByName implements email.Store.
func (l *Lazy) ProfileByName(ctx context.Context, name string) (email.Profile, error) {
	return lookUp(ctx, l, "profile", name, (*Store).ProfileByName)
}

// Contact implements email.Store.
func (l *Lazy) Contact(ctx context.Context, id int64) (email.Contact, error) {
	return lookUp(ctx, l, "contact", id, (*Store).Contact)
}

// User implements email.Store.
func (l *Lazy) User(ctx context.Context, id int64) (email.User, error) {
	return lookUp(ctx, l, "user", id, (*Store).User)
}

// Message implements email.Store.
func (l *Lazy) Message(ctx context.Context, id int64) (email.Message, error) {
	return lookUp(ctx, l, "message", id, (*Store).Message)
}

// MessageByMessageID implements email.Store.
func (l *Lazy) MessageByMessageID(ctx context.Context, messageID string) (email.Message, error) {
	return lookUp(ctx, l, "message", messageID, (*Store).MessageByMessageID)
}

// OpenMessage implements email.Store.
func (l *Lazy) OpenMessage(ctx context.Context, id int64) (io.ReadCloser, error) {
	return lookUp(ctx, l, "message", id, (*Store).OpenMessage)
}

// OpenFile implements email.Store.
func (l *Lazy) OpenFile(ctx context.Context, id int64) (email.File, io.ReadCloser, error) {
	opened, err := l.look(ctx, fmt.Sprintf("file %d", id))
	if err != nil {
		return email.File{}, nil, l.advise(err)
	}
	file, content, err := opened.OpenFile(ctx, id)
	return file, content, l.advise(err)
}

// Keep implements email.Store.
func (l *Lazy) Keep(ctx context.Context, message email.Message, content io.Reader) (email.Message, bool, error) {
	opened, err := l.Use(ctx)
	if err != nil {
		return email.Message{}, false, err
	}
	return opened.Keep(ctx, message, content)
}

// Claim implements email.Store.
func (l *Lazy) Claim(ctx context.Context, id int64, from ...email.State) (email.Claim, error) {
	opened, err := l.Use(ctx)
	if err != nil {
		return nil, err
	}
	return opened.Claim(ctx, id, from...)
}
