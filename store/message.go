package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"flowrun/builtins/email"
)

// Filter chooses messages; its zero fields do not.
type Filter struct {
	State   email.State
	InDoubt bool   // only those whose attempt was left without outcome
	Thread  string // the MessageID of the earliest known mail
	Contact int64
	Before  int64 // only messages with a smaller ID, for the next page
	Limit   int   // at most so many
}

func (s *Store) messageColumns() string {
	return `id, message_id, thread, state, in_reply_to, reference_ids, header_from, header_to, header_copy,
		subject, date, size, sender, owner, profile, flow, run, created, updated, CASE WHEN state = 'sending' THEN claimed_until END, ` + s.inDoubt()
}

// inDoubt is the condition for a message whose claim has lapsed.
func (s *Store) inDoubt() string {
	return `(state = 'sending' AND claimed_until < ` + s.dialect.now + `)`
}

func scanMessage(row interface{ Scan(...any) error }) (*email.Message, error) {
	var m email.Message
	var state string
	var date, created, updated, claimed moment
	err := row.Scan(&m.ID, &m.MessageID, &m.Thread, &state, &m.InReplyTo, (*list)(&m.References),
		&m.From, (*list)(&m.To), (*list)(&m.Copy), &m.Subject, &date, &m.Size,
		&m.Sender, &m.Owner, &m.Profile, &m.Flow, &m.Run, &created, &updated, &claimed, &m.InDoubt)
	m.State, m.Date, m.Created, m.Updated = email.State(state), date.Time, created.Time, updated.Time
	m.ClaimedUntil = claimed.Time
	return &m, err
}

// Messages gives the messages that a filter chooses, newest first. They come with
// their recipients, contacts and files, and without their attempts.
func (s *Store) Messages(ctx context.Context, filter Filter) ([]email.Message, error) {
	var conditions []string
	var args []any
	where := func(condition string, arg any) {
		args = append(args, arg)
		conditions = append(conditions, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))))
	}
	if filter.State != "" {
		where(`state = ?`, kept(string(filter.State)))
	}
	if filter.Thread != "" {
		where(`thread = ?`, kept(filter.Thread))
	}
	if filter.Contact != 0 {
		where(`id IN (SELECT message FROM message_contacts WHERE contact = ?)`, filter.Contact)
	}
	if filter.Before != 0 {
		where(`id < ?`, filter.Before)
	}
	if filter.InDoubt {
		conditions = append(conditions, s.inDoubt())
	}
	query := `SELECT ` + s.messageColumns() + ` FROM messages`
	if len(conditions) > 0 {
		query += ` WHERE ` + strings.Join(conditions, ` AND `)
	}
	query += ` ORDER BY id DESC`
	if filter.Limit > 0 {
		query += ` LIMIT ` + strconv.Itoa(filter.Limit)
	}
	var messages []email.Message
	err := s.read(ctx, func(tx *sql.Tx) error {
		found, err := gather(ctx, tx, scanMessage, query, args...)
		if err != nil {
			return err
		}
		if err := fillLists(ctx, tx, found); err != nil {
			return err
		}
		messages = make([]email.Message, len(found))
		for i, m := range found {
			messages[i] = *m
		}
		return nil
	})
	return messages, s.failed("list the messages", err)
}

// Message gives a message whole, with its recipients and attempts.
func (s *Store) Message(ctx context.Context, id int64) (email.Message, error) {
	m, err := s.message(ctx, `id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return m, notFound("message", id)
	}
	return m, s.failed(fmt.Sprintf("look up message %d", id), err)
}

// MessageByMessageID implements email.Store. The message is whole, with its
// recipients and attempts.
func (s *Store) MessageByMessageID(ctx context.Context, messageID string) (email.Message, error) {
	m, err := s.message(ctx, `message_id = $1`, kept(messageID))
	if errors.Is(err, sql.ErrNoRows) {
		return m, problemf(email.ErrNotFound, "the message <%s> is not in the store", messageID)
	}
	return m, s.failed(fmt.Sprintf("look up the message <%s>", messageID), err)
}

func (s *Store) message(ctx context.Context, condition string, arg any) (m email.Message, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		found, err := scanMessage(tx.QueryRowContext(ctx, `SELECT `+s.messageColumns()+` FROM messages WHERE `+condition, arg))
		if err != nil {
			return err
		}
		if err := fillLists(ctx, tx, []*email.Message{found}); err != nil {
			return err
		}
		found.Attempts, err = attemptsOf(ctx, tx, found.ID)
		m = *found
		return err
	})
	return m, err
}

// OpenMessage implements email.Store. The text may be read for as long as ctx
// allows.
func (s *Store) OpenMessage(ctx context.Context, id int64) (io.ReadCloser, error) {
	d := &download{ctx: ctx, store: s, what: fmt.Sprintf("message %d", id)}
	err := s.db.QueryRowContext(ctx, `SELECT content, size FROM messages WHERE id = $1`, id).Scan(&d.content, &d.size)
	if errors.Is(err, sql.ErrNoRows) {
		err = notFound("message", id)
	}
	if err != nil {
		return nil, s.failed("open "+d.what, err)
	}
	return d, nil
}
