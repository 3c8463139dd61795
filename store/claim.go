package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"flowrun/builtins/email"
)

const (
	// doneWithin bounds how long Done tries to note an attempt.
	doneWithin = time.Minute
	// doneWhenEnded bounds it from when its context has ended.
	doneWhenEnded = 5 * time.Second
	// doneAgainAfter is how long it waits before it tries once more.
	doneAgainAfter = 200 * time.Millisecond
)

// claim is a claim of this process, which a goroutine renews.
type claim struct {
	store   *Store
	message int64
	token   string
	before  email.State // the message's, StateUnknown after a claim that had lapsed
	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// Claim implements email.Store. A claim lasts a minute and is renewed every 15
// seconds; the database's clock tells when it lapses, that of the machine with
// SQLite. A claim that had lapsed is noted as an attempt in StateUnknown when it is
// taken over.
func (s *Store) Claim(ctx context.Context, id int64, from ...email.State) (email.Claim, error) {
	c := &claim{store: s, message: id, token: rand.Text()}
	err := s.write(ctx, func(tx *sql.Tx) error { return c.take(ctx, tx, from) })
	if err != nil {
		return nil, s.failed(fmt.Sprintf("claim message %d", id), err)
	}
	renewing, stop := context.WithCancel(s.closing)
	c.stop = stop
	c.stopped.Go(func() { c.renew(renewing) })
	return c, nil
}

// take brings the message from one of the states into StateSending.
func (c *claim) take(ctx context.Context, tx *sql.Tx, from []email.State) error {
	s := c.store
	// PostgreSQL has other transactions wait here for this one to end.
	locked, err := changed(tx.ExecContext(ctx, `UPDATE messages SET claim = claim WHERE id = $1`, c.message))
	if err != nil {
		return err
	}
	if !locked {
		return notFound("message", c.message)
	}
	var state string
	var lapsed bool
	var began, ended moment
	if err := tx.QueryRowContext(ctx,
		`SELECT state, `+s.inDoubt()+`, claimed, claimed_until FROM messages WHERE id = $1`, c.message).
		Scan(&state, &lapsed, &began, &ended); err != nil {
		return err
	}
	if err := c.mayTake(email.State(state), lapsed, from); err != nil {
		return err
	}
	c.before = email.State(state)
	if lapsed {
		c.before = email.StateUnknown
		if err := insertAttempt(ctx, tx, c.message, lostAttempt(began.Time, ended.Time)); err != nil {
			return err
		}
		// Nobody knows of those who had not got the mail before that attempt.
		if _, err := tx.ExecContext(ctx,
			`UPDATE recipients SET state = 'unknown', code = 0, enhanced = '', text = '', temporary = $2 WHERE message = $1 AND state <> 'sent'`,
			c.message, false); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE messages SET state = 'sending', claim = $1, updated = `+s.dialect.now+`,
			claimed = `+s.dialect.now+`, claimed_until = `+s.dialect.now+` + $2
		WHERE id = $3`, c.token, s.lease.lasts.Microseconds(), c.message)
	return err
}

func (c *claim) mayTake(state email.State, lapsed bool, from []email.State) error {
	switch {
	case slices.Contains(from, state) && (state != email.StateSending || lapsed):
		return nil
	case lapsed:
		return problemf(email.ErrNotClaimed, "message %d is in doubt: the process that sent it ended before it noted what became of it", c.message)
	case state == email.StateSending:
		return problemf(email.ErrNotClaimed, "message %d is being sent by another process: wait until that is done", c.message)
	}
	return problemf(email.ErrNotClaimed, "message %d is %s", c.message, state)
}

// renew renews the claim until it is given up or lost. An attempt to renew that
// fails is made up for by the next ones.
func (c *claim) renew(ctx context.Context) {
	ticker := time.NewTicker(c.store.lease.renewed)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		mine := true
		err := c.store.write(ctx, func(tx *sql.Tx) (err error) {
			mine, err = changed(tx.ExecContext(ctx,
				`UPDATE messages SET claimed_until = `+c.store.dialect.now+` + $1 WHERE id = $2 AND claim = $3 AND state = 'sending'`,
				c.store.lease.lasts.Microseconds(), c.message, c.token))
			return err
		})
		if err == nil && !mine {
			return
		}
	}
}

// Done implements email.Claim. It goes on for up to a minute while the store is
// locked or out of reach, since what became of a mail should not be lost, and for
// some seconds when ctx has ended.
func (c *claim) Done(ctx context.Context, attempt email.Attempt) error {
	doing := fmt.Sprintf("note what became of message %d", c.message)
	return c.giveUp(ctx, doing, checkOutcome(attempt), func(ctx context.Context, tx *sql.Tx, again bool) error {
		return c.note(ctx, tx, attempt, again)
	})
}

// Release implements email.Claim. It goes on as Done does.
func (c *claim) Release(ctx context.Context) error {
	return c.giveUp(ctx, fmt.Sprintf("give up the claim on message %d", c.message), nil,
		func(ctx context.Context, tx *sql.Tx, again bool) error {
			_, err := c.leave(ctx, tx, c.before, again)
			return err
		})
}

// giveUp ends the renewal and, unless there is a fault, leaves the message.
func (c *claim) giveUp(ctx context.Context, doing string, fault error, leave func(context.Context, *sql.Tx, bool) error) error {
	c.stop()
	c.stopped.Wait()
	if fault != nil {
		return fmt.Errorf("%s: %w", doing, fault)
	}
	ended := ctx
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), doneWithin)
	defer cancel()
	stop := context.AfterFunc(ended, func() {
		select {
		case <-time.After(doneWhenEnded):
			cancel()
		case <-ctx.Done():
		}
	})
	defer stop()
	for again := false; ; again = true {
		err := c.store.write(ctx, func(tx *sql.Tx) error { return leave(ctx, tx, again) })
		if err == nil {
			return nil
		}
		if err = c.store.failed(doing, err); !errors.Is(err, ErrLocked) && !errors.Is(err, ErrUnreachable) {
			return err
		}
		select {
		case <-time.After(doneAgainAfter):
		case <-ctx.Done():
			return err
		}
	}
}

func checkOutcome(attempt email.Attempt) error {
	outcomes := []email.State{email.StateSent, email.StatePartial, email.StateFailed, email.StateUnknown, email.StatePending}
	if !slices.Contains(outcomes, attempt.State) {
		return fmt.Errorf("%q is no outcome of an attempt", attempt.State)
	}
	for _, r := range attempt.Recipients {
		if r.State == email.StatePartial || !slices.Contains(outcomes, r.State) {
			return fmt.Errorf("%q is no outcome for a recipient", r.State)
		}
	}
	return nil
}

// leave gives the claim up, if it is still this one's, and leaves the message in a
// state. The token stays, so that one who tries again can see that the first time
// succeeded and only its answer was lost: then left is false without an error.
func (c *claim) leave(ctx context.Context, tx *sql.Tx, state email.State, again bool) (left bool, err error) {
	mine, err := changed(tx.ExecContext(ctx, `
		UPDATE messages SET state = $1, updated = `+c.store.dialect.now+`, claimed = 0, claimed_until = 0
		WHERE id = $2 AND claim = $3 AND state = 'sending'`, string(state), c.message, c.token))
	if err == nil && !mine {
		err = c.notMine(ctx, tx, again)
	}
	return mine, err
}

// note notes the attempt and gives the claim up.
func (c *claim) note(ctx context.Context, tx *sql.Tx, attempt email.Attempt, again bool) error {
	left, err := c.leave(ctx, tx, attempt.State, again)
	if err != nil || !left {
		return err
	}
	if err := insertAttempt(ctx, tx, c.message, attempt); err != nil {
		return err
	}
	return updateRecipients(ctx, tx, c.message, attempt.Recipients)
}

// notMine tells why the claim is not this one's, nil when the attempt was noted
// before.
func (c *claim) notMine(ctx context.Context, tx *sql.Tx, again bool) error {
	noted, err := exists(ctx, tx, `SELECT 1 FROM messages WHERE id = $1 AND claim = $2`, c.message, c.token)
	switch {
	case err != nil:
		return err
	case noted && again:
		return nil
	case noted:
		return problemf(email.ErrNotClaimed, "what became of message %d was noted before", c.message)
	}
	return problemf(email.ErrNotClaimed, "the claim on message %d has lapsed, and another process has taken it over: this attempt was not noted", c.message)
}
