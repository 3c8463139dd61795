package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"flowrun/builtins/email"
)

// Keep implements email.Store. A Size other than 0 must be that of content, and
// all recipients are pending, whatever state they have.
func (s *Store) Keep(ctx context.Context, message email.Message, content io.Reader) (kept email.Message, existed bool, err error) {
	message.State = email.StatePending
	message.Recipients = slices.Clone(message.Recipients)
	for i := range message.Recipients {
		message.Recipients[i] = email.Recipient{Address: message.Recipients[i].Address, State: email.StatePending}
	}
	return s.add(ctx, message, content)
}

// Import stores a message that came in, in state StateReceived, whole or not at
// all, and returns it with its ID and Thread. When a message with its MessageID is
// there already, that one is returned with existed true, and nothing changes. A
// Size other than 0 must be that of content.
func (s *Store) Import(ctx context.Context, message email.Message, content io.Reader) (kept email.Message, existed bool, err error) {
	message = email.Message{
		ID: message.ID, MessageID: message.MessageID, InReplyTo: message.InReplyTo, References: message.References,
		From: message.From, To: message.To, Copy: message.Copy, Subject: message.Subject, Date: message.Date, Size: message.Size,
		State: email.StateReceived,
	}
	return s.add(ctx, message, content)
}

func (s *Store) add(ctx context.Context, message email.Message, content io.Reader) (email.Message, bool, error) {
	if err := checkMessage(&message); err != nil {
		return email.Message{}, false, err
	}
	doing := fmt.Sprintf("store the message <%s>", message.MessageID)
	there, err := s.MessageByMessageID(ctx, message.MessageID)
	if err == nil || !errors.Is(err, email.ErrNotFound) {
		return there, err == nil, err
	}
	u, err := s.upload(ctx, content)
	if err == nil && message.Size != 0 && message.Size != u.size {
		u.abandon(ctx)
		err = fmt.Errorf("its text has %d bytes, and should have %d", u.size, message.Size)
	}
	if err != nil {
		return email.Message{}, false, fmt.Errorf("%s: %w", doing, err)
	}
	message.Size = u.size
	added, existed := message, false
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		added = message
		existed, err = s.insertMessage(ctx, tx, &added, u)
		return err
	})
	if err != nil || existed {
		u.abandon(ctx)
	}
	switch {
	case err != nil:
		return email.Message{}, false, s.failed(doing, err)
	case existed:
		there, err := s.MessageByMessageID(ctx, message.MessageID)
		return there, err == nil, err
	}
	return added, false, nil
}

// checkMessage refuses a message that cannot be told from others, and makes what
// comes from foreign mails fit for the database.
func checkMessage(m *email.Message) error {
	if err := checkMessageID(m.MessageID); err != nil {
		return fmt.Errorf("the message cannot be stored: %w", err)
	}
	m.InReplyTo, m.References = kept(m.InReplyTo), keptAll(m.References)
	m.From, m.To, m.Copy, m.Subject = kept(m.From), keptAll(m.To), keptAll(m.Copy), kept(m.Subject)
	m.Sender, m.Flow, m.Run = kept(m.Sender), kept(m.Flow), kept(m.Run)
	for i := range m.Recipients {
		m.Recipients[i].Address = kept(m.Recipients[i].Address)
	}
	m.Contacts, m.Files = slices.Clone(m.Contacts), slices.Clone(m.Files)
	m.Date = m.Date.UTC().Truncate(time.Microsecond)
	m.Attempts, m.InDoubt, m.ClaimedUntil = nil, false, time.Time{}
	return nil
}

// checkMessageID refuses what is no Message-ID without brackets: it must be one
// line and have something in it.
func checkMessageID(id string) error {
	if id == "" {
		return errors.New("it has no Message-ID")
	}
	if len(id) > email.MaxMessageID {
		return fmt.Errorf("its Message-ID has more than %d bytes", email.MaxMessageID)
	}
	for _, r := range id {
		if r <= ' ' || r == '<' || r == '>' || r == 0x7f || r == '\ufffd' {
			return fmt.Errorf("its Message-ID %q is not left@right without brackets", id)
		}
	}
	return nil
}

// insertMessage inserts a message with all that belongs to it and completes it
// with what the store adds. Once it has its identifier, no other message comes in
// until the transaction ends: their threads depend on each other.
func (s *Store) insertMessage(ctx context.Context, tx *sql.Tx, m *email.Message, u *upload) (existed bool, err error) {
	if m.ID, err = identify(ctx, tx, messageKind, m.ID); err != nil {
		return false, err
	}
	if existed, err = exists(ctx, tx, `SELECT 1 FROM messages WHERE message_id = $1`, m.MessageID); existed || err != nil {
		return existed, err
	}
	used, err := exists(ctx, tx, `SELECT 1 FROM messages WHERE id = $1`, m.ID)
	if err != nil {
		return false, err
	}
	if used {
		return false, taken("message", m.ID)
	}
	if err := s.stamp(ctx, tx, m); err != nil {
		return false, err
	}
	if err := joinThread(ctx, tx, m); err != nil {
		return false, err
	}
	if err := u.finish(ctx, tx); err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO messages (id, message_id, thread, state, in_reply_to, reference_ids,
			header_from, header_to, header_copy, subject, date, content, size,
			sender, owner, profile, flow, run, created, updated, claim, claimed, claimed_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, '', 0, 0)`,
		m.ID, m.MessageID, m.Thread, string(m.State), m.InReplyTo, list(m.References),
		m.From, list(m.To), list(m.Copy), m.Subject, moment{m.Date}, u.content, m.Size,
		m.Sender, m.Owner, m.Profile, m.Flow, m.Run, moment{m.Created}, moment{m.Updated}); err != nil {
		return false, err
	}
	return false, insertMessageLists(ctx, tx, m)
}

// stamp notes when the message came into the store, by the database's clock.
func (s *Store) stamp(ctx context.Context, tx *sql.Tx, m *email.Message) error {
	var now moment
	if err := tx.QueryRowContext(ctx, `SELECT `+s.dialect.now).Scan(&now); err != nil {
		return err
	}
	m.Created, m.Updated = now.Time, now.Time
	if m.Date.IsZero() {
		m.Date = now.Time
	}
	return nil
}

func insertMessageLists(ctx context.Context, tx *sql.Tx, m *email.Message) error {
	for _, id := range mentioned(m) {
		if _, err := tx.ExecContext(ctx,
			`INSERT INTO mentions (message, message_id) VALUES ($1, $2)`, m.ID, id); err != nil {
			return err
		}
	}
	for i, contact := range m.Contacts {
		if _, err := tx.ExecContext(ctx,
			`INSERT INTO message_contacts (message, position, contact) VALUES ($1, $2, $3)`, m.ID, i, contact); err != nil {
			return err
		}
	}
	for i, file := range m.Files {
		if _, err := tx.ExecContext(ctx,
			`INSERT INTO message_files (message, position, file) VALUES ($1, $2, $3)`, m.ID, i, file); err != nil {
			return err
		}
	}
	for i, r := range m.Recipients {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO recipients (message, position, address, state, code, enhanced, text, temporary)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			m.ID, i, r.Address, string(r.State), r.Code, r.Enhanced, r.Text, r.Temporary); err != nil {
			return err
		}
	}
	return nil
}

func exists(ctx context.Context, from queryer, query string, args ...any) (bool, error) {
	var found bool
	err := from.QueryRowContext(ctx, `SELECT EXISTS (`+query+`)`, args...).Scan(&found)
	return found, err
}
