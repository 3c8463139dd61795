package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"flowrun/builtins/email"
)

// listedAtOnce is how many messages one query fills: a query takes a limited
// number of arguments.
const listedAtOnce = 500

const recipientColumns = `address, state, code, enhanced, text, temporary`

func scanRecipient(row interface{ Scan(...any) error }, before ...any) (r email.Recipient, err error) {
	var state string
	err = row.Scan(append(before, &r.Address, &state, &r.Code, &r.Enhanced, &r.Text, &r.Temporary)...)
	r.State = email.State(state)
	return r, err
}

// fillLists reads the recipients, contacts and files of messages.
func fillLists(ctx context.Context, from queryer, messages []*email.Message) error {
	for some := range slices.Chunk(messages, listedAtOnce) {
		byID := map[int64]*email.Message{}
		var places []string
		var ids []any
		for _, m := range some {
			byID[m.ID] = m
			ids = append(ids, m.ID)
			places = append(places, "$"+strconv.Itoa(len(ids)))
		}
		those := ` WHERE message IN (` + strings.Join(places, `, `) + `) ORDER BY message, position`
		fill := func(query string, scan func(row interface{ Scan(...any) error }) error) error {
			_, err := gather(ctx, from, func(row interface{ Scan(...any) error }) (struct{}, error) {
				return struct{}{}, scan(row)
			}, query+those, ids...)
			return err
		}
		err := fill(`SELECT message, contact FROM message_contacts`, func(row interface{ Scan(...any) error }) error {
			var message, contact int64
			err := row.Scan(&message, &contact)
			byID[message].Contacts = append(byID[message].Contacts, contact)
			return err
		})
		if err != nil {
			return err
		}
		err = fill(`SELECT message, file FROM message_files`, func(row interface{ Scan(...any) error }) error {
			var message, file int64
			err := row.Scan(&message, &file)
			byID[message].Files = append(byID[message].Files, file)
			return err
		})
		if err != nil {
			return err
		}
		err = fill(`SELECT message, `+recipientColumns+` FROM recipients`, func(row interface{ Scan(...any) error }) error {
			var message int64
			recipient, err := scanRecipient(row, &message)
			byID[message].Recipients = append(byID[message].Recipients, recipient)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
