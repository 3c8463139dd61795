package store

import (
	"context"
	"database/sql"
	"slices"

	"flowrun/builtins/email"
)

// maxMentioned is how many of the mails that a mail names count for its thread:
// the first ones and the last ones.
const maxMentioned = 200

// mentioned gives the Message-IDs that a message names, oldest first, each once.
func mentioned(m *email.Message) []string {
	ids := m.References
	if len(ids) > maxMentioned {
		ids = slices.Concat(ids[:maxMentioned/2], ids[len(ids)-maxMentioned/2:])
	}
	ids = append(slices.Clone(ids), m.InReplyTo)
	seen := map[string]bool{m.MessageID: true}
	return slices.DeleteFunc(ids, func(id string) bool {
		drop := seen[id] || checkMessageID(id) != nil
		seen[id] = true
		return drop
	})
}

// joinThread finds the thread of a message that is about to be inserted. Mails are
// of one thread when one names the other, or when both name a third one that need
// not be stored. Threads that only this message connects become one.
func joinThread(ctx context.Context, tx *sql.Tx, m *email.Message) error {
	ancestors := mentioned(m)
	var threads []string
	for _, id := range append(slices.Clone(ancestors), m.MessageID) {
		found, err := threadsAround(ctx, tx, id)
		if err != nil {
			return err
		}
		threads = append(threads, found...)
	}
	first := m.MessageID
	if len(ancestors) > 0 {
		first = ancestors[0]
	}
	earliest, err := earliestThread(ctx, tx, first)
	if err != nil {
		return err
	}
	m.Thread = earliest
	for _, thread := range threads {
		if thread == m.Thread {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE messages SET thread = $1 WHERE thread = $2`, m.Thread, thread); err != nil {
			return err
		}
	}
	return nil
}

// aroundID finds the messages that have or name a Message-ID.
const aroundID = `FROM messages WHERE message_id = $1 OR id IN (SELECT message FROM mentions WHERE message_id = $1)`

func threadsAround(ctx context.Context, tx *sql.Tx, id string) ([]string, error) {
	return gather(ctx, tx, func(row interface{ Scan(...any) error }) (thread string, err error) {
		err = row.Scan(&thread)
		return thread, err
	}, `SELECT DISTINCT thread `+aroundID, id)
}

// earliestThread gives the thread that the mail with a Message-ID is of: that of a
// stored mail which knows of an earlier one, else a thread of its own.
func earliestThread(ctx context.Context, tx *sql.Tx, id string) (string, error) {
	thread := id
	err := tx.QueryRowContext(ctx,
		`SELECT thread FROM messages WHERE id = (SELECT min(id) `+aroundID+` AND thread <> $1)`, id).Scan(&thread)
	if err == sql.ErrNoRows {
		err = nil
	}
	return thread, err
}
