package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"flowrun/builtins/email"
	"flowrun/store"
)

// lazyStore is the store of a run, opened when the flow first needs it. What is
// looked up in a store that does not exist yet is not found, and the store is not
// made for it.
type lazyStore struct {
	place storePlace
	hint  string // what to do about what is not found; "" where sendEmail's own hint holds

	mutex  sync.Mutex
	opened *store.Store // nil until it is needed
}

var _ email.Store = (*lazyStore)(nil)

// use gives the store to change it.
func (l *lazyStore) use(ctx context.Context) (*store.Store, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.opened == nil {
		opened, err := l.place.open(ctx)
		if err != nil {
			return nil, err
		}
		l.opened = opened
	}
	return l.opened, nil
}

// look gives the store to look something up in it.
func (l *lazyStore) look(ctx context.Context, what string) (*store.Store, error) {
	l.mutex.Lock()
	absent := l.opened == nil && l.place.absent()
	l.mutex.Unlock()
	if absent {
		return nil, notKept(what)
	}
	return l.use(ctx)
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
func (l *lazyStore) advise(err error) error {
	if l.hint == "" || !errors.Is(err, email.ErrNotFound) {
		return err
	}
	return &advisedNotFound{err, l.hint}
}

// close closes what has been opened.
func (l *lazyStore) close() error {
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
func lookUp[K, V any](ctx context.Context, l *lazyStore, kind string, key K, find func(*store.Store, context.Context, K) (V, error)) (V, error) {
	opened, err := l.look(ctx, fmt.Sprintf("%s %#v", kind, key))
	if err != nil {
		var none V
		return none, l.advise(err)
	}
	found, err := find(opened, ctx, key)
	return found, l.advise(err)
}

// ProfileByID implements email.Store.
func (l *lazyStore) ProfileByID(ctx context.Context, id int64) (email.Profile, error) {
	return lookUp(ctx, l, "profile", id, (*store.Store).ProfileByID)
}

// ProfileByName implements email.Store.
func (l *lazyStore) ProfileByName(ctx context.Context, name string) (email.Profile, error) {
	return lookUp(ctx, l, "profile", name, (*store.Store).ProfileByName)
}

// Contact implements email.Store.
func (l *lazyStore) Contact(ctx context.Context, id int64) (email.Contact, error) {
	return lookUp(ctx, l, "contact", id, (*store.Store).Contact)
}

// User implements email.Store.
func (l *lazyStore) User(ctx context.Context, id int64) (email.User, error) {
	return lookUp(ctx, l, "user", id, (*store.Store).User)
}

// Message implements email.Store.
func (l *lazyStore) Message(ctx context.Context, id int64) (email.Message, error) {
	return lookUp(ctx, l, "message", id, (*store.Store).Message)
}

// MessageByMessageID implements email.Store.
func (l *lazyStore) MessageByMessageID(ctx context.Context, messageID string) (email.Message, error) {
	return lookUp(ctx, l, "message", messageID, (*store.Store).MessageByMessageID)
}

// OpenMessage implements email.Store.
func (l *lazyStore) OpenMessage(ctx context.Context, id int64) (io.ReadCloser, error) {
	return lookUp(ctx, l, "message", id, (*store.Store).OpenMessage)
}

// OpenFile implements email.Store.
func (l *lazyStore) OpenFile(ctx context.Context, id int64) (email.File, io.ReadCloser, error) {
	opened, err := l.look(ctx, fmt.Sprintf("file %d", id))
	if err != nil {
		return email.File{}, nil, l.advise(err)
	}
	file, content, err := opened.OpenFile(ctx, id)
	return file, content, l.advise(err)
}

// Keep implements email.Store.
func (l *lazyStore) Keep(ctx context.Context, message email.Message, content io.Reader) (email.Message, bool, error) {
	opened, err := l.use(ctx)
	if err != nil {
		return email.Message{}, false, err
	}
	return opened.Keep(ctx, message, content)
}

// Claim implements email.Store.
func (l *lazyStore) Claim(ctx context.Context, id int64, from ...email.State) (email.Claim, error) {
	opened, err := l.use(ctx)
	if err != nil {
		return nil, err
	}
	return opened.Claim(ctx, id, from...)
}
