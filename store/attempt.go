package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"flowrun/builtins/email"
)

// insertAttempt numbers an attempt and notes it.
func insertAttempt(ctx context.Context, tx *sql.Tx, message int64, a email.Attempt) error {
	var number int64
	if err := tx.QueryRowContext(ctx,
		`SELECT coalesce(max(number), 0) + 1 FROM attempts WHERE message = $1`, message).Scan(&number); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO attempts (message, number, began, ended, server, tls, state, code, enhanced, text, error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		message, number, moment{a.Began}, moment{a.Ended}, kept(a.Server), kept(a.TLS), string(a.State),
		a.Code, kept(a.Enhanced), kept(a.Text), kept(a.Error)); err != nil {
		return err
	}
	for i, r := range a.Recipients {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO attempt_recipients (message, number, position, address, state, code, enhanced, text, temporary)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			message, number, i, kept(r.Address), string(r.State), r.Code, kept(r.Enhanced), kept(r.Text), r.Temporary); err != nil {
			return err
		}
	}
	return nil
}

func scanAttempt(row interface{ Scan(...any) error }) (a email.Attempt, err error) {
	var began, ended moment
	var state string
	err = row.Scan(&a.Number, &began, &ended, &a.Server, &a.TLS, &state, &a.Code, &a.Enhanced, &a.Text, &a.Error)
	a.Began, a.Ended, a.State = began.Time, ended.Time, email.State(state)
	return a, err
}

func attemptsOf(ctx context.Context, from queryer, message int64) ([]email.Attempt, error) {
	attempts, err := gather(ctx, from, scanAttempt, `
		SELECT number, began, ended, server, tls, state, code, enhanced, text, error
		FROM attempts WHERE message = $1 ORDER BY number`, message)
	if err != nil {
		return nil, err
	}
	_, err = gather(ctx, from, func(row interface{ Scan(...any) error }) (r email.Recipient, err error) {
		var number int
		if r, err = scanRecipient(row, &number); err == nil {
			a := &attempts[number-1]
			a.Recipients = append(a.Recipients, r)
		}
		return r, err
	}, `SELECT number, `+recipientColumns+` FROM attempt_recipients WHERE message = $1 ORDER BY number, position`, message)
	return attempts, err
}

// lostAttempt is the attempt of a claim that lapsed.
func lostAttempt(began, ended time.Time) email.Attempt {
	return email.Attempt{
		Began: began, Ended: ended, State: email.StateUnknown,
		Error: "the process that made this attempt ended, or lost the store, before it noted what became of it",
	}
}

// updateRecipients brings the outcomes of an attempt to the message's recipients.
// Who has got the message once has got it, whatever becomes of a second one; who
// may have got it may have, until it is known that he has.
func updateRecipients(ctx context.Context, tx *sql.Tx, message int64, outcomes []email.Recipient) error {
	for _, r := range outcomes {
		known, err := changed(tx.ExecContext(ctx, `
			UPDATE recipients SET address = address WHERE message = $1 AND address = $2`, message, kept(r.Address)))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE recipients SET state = $1, code = $2, enhanced = $3, text = $4, temporary = $5
			WHERE message = $6 AND address = $7 AND state <> 'sent' AND (state <> 'unknown' OR $8)`,
			string(r.State), r.Code, kept(r.Enhanced), kept(r.Text), r.Temporary, message, kept(r.Address), r.State == email.StateSent); err != nil {
			return err
		}
		if !known {
			return fmt.Errorf("%s is not a recipient of it", r.Address)
		}
	}
	return nil
}
