package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/internal/columns"
	"flowrun/store"
)

func newMessagesShow(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:   "show ID",
		Short: "Shows what became of a message",
		Long: `Shows what became of a message, named by its ID or its Message-ID: its state and
what to do about it, each attempt with the server's reply, who has got it and who
has not, its conversation, and what belongs to it.`,
		Example: "  flowrun messages show 12",
		Args:    arguments(1, 1, "ID"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &lifeAnswer{}
				message, err := findMessage(ctx, work, args[0])
				if err != nil {
					return found, err
				}
				return found, found.read(ctx, work.opened, message.ID)
			})
		},
	}
	o.addTo(command)
	return command
}

// lifeAnswer tells of the life of one message.
type lifeAnswer struct {
	found        bool
	unchanged    bool // nothing has happened that people should be shown
	message      email.Message
	profile      *email.Profile // nil: none, or no longer there
	owner        *person
	contacts     []person
	files        []email.File
	conversation []email.Message // the message among them
	over         string          // what resend must be told to send the message over; "" where it knows
}

// read reads everything about a message. Of what is no longer in the store only
// the number is known.
func (a *lifeAnswer) read(ctx context.Context, st *store.Store, id int64) error {
	var err error
	if a.message, err = st.Message(ctx, id); err != nil {
		return err
	}
	if a.conversation, err = st.Messages(ctx, store.Filter{Thread: a.message.Thread}); err != nil {
		return err
	}
	slices.Reverse(a.conversation) // the oldest first
	if a.message.Profile != 0 {
		profile, err := st.ProfileByID(ctx, a.message.Profile)
		if unlessRemoved(err) != nil {
			return err
		}
		if err != nil {
			a.over = " --profile NAME"
		}
		profile.ID = a.message.Profile
		a.profile = &profile
	} else if _, err := st.ProfileByName(ctx, email.DefaultProfile); err != nil {
		if unlessRemoved(err) != nil {
			return err
		}
		a.over = " --profile NAME (or --smtp URL)"
	}
	if a.message.Owner != 0 {
		owner, err := st.User(ctx, a.message.Owner)
		if unlessRemoved(err) != nil {
			return err
		}
		owner.ID = a.message.Owner
		a.owner = (*person)(&owner)
	}
	for _, id := range a.message.Contacts {
		contact, err := st.Contact(ctx, id)
		if unlessRemoved(err) != nil {
			return err
		}
		contact.ID = id
		a.contacts = append(a.contacts, person(contact))
	}
	for _, id := range a.message.Files {
		file, content, err := st.OpenFile(ctx, id)
		if err == nil {
			content.Close()
		} else if unlessRemoved(err) != nil {
			return err
		}
		file.ID = id
		a.files = append(a.files, file)
	}
	a.found = true
	return nil
}

func unlessRemoved(err error) error {
	if errors.Is(err, email.ErrNotFound) {
		return nil
	}
	return err
}

func (a *lifeAnswer) show(w io.Writer, p palette) {
	if !a.found || a.unchanged {
		return
	}
	m := a.message
	fmt.Fprintln(w, p.bold(fmt.Sprintf("message %d %s", m.ID, quotedLine(m.Subject))))
	field := func(label, value string) {
		if value != "" {
			writeFieldWrapped(w, p, label, value)
		}
	}
	field("state", strings.TrimSuffix(stateWord(m)+": "+a.advice(), ": "))
	field("date", momentText(m.Date))
	field("from", m.From)
	field("to", strings.Join(m.To, ", "))
	field("copy", strings.Join(m.Copy, ", "))
	field("message-id", m.MessageID)
	field("in-reply-to", m.InReplyTo)
	field("size", bytesText(m.Size))
	if a.profile != nil {
		field("profile", numberedName(a.profile.ID, a.profile.Name))
	}
	if a.owner != nil {
		field("owner", personText(*a.owner))
	}
	for _, contact := range a.contacts {
		field("contact", personText(contact))
	}
	for _, file := range a.files {
		field("file", fileLine(file, p.width))
	}
	if m.Flow != "" {
		field("flow", m.Flow+", run "+m.Run)
	}
	a.showRecipients(w, p)
	a.showAttempts(w, p)
	a.showConversation(w, p)
}

// numberedName names a thing by its number and its name, when it is still there.
func numberedName(id int64, name string) string {
	if name == "" {
		return number(id) + ", no longer in the store"
	}
	return number(id) + " " + quotedLine(name)
}

// fileLine tells of a file on one line of a terminal, whose width is 0 where there
// is none.
func fileLine(file email.File, terminal int) string {
	if file.Name == "" {
		return numberedName(file.ID, "")
	}
	rest := ", " + file.Type + ", " + bytesText(file.Size)
	name := numberedName(file.ID, file.Name)
	if terminal > 0 {
		name = columns.Cut(name, max(narrowest, terminal-labelWidth-columnGap-columns.Width(rest)))
	}
	return name + rest
}

func personText(p person) string {
	text := numberedName(p.ID, p.Name)
	if p.Address != "" {
		text += " <" + p.Address + ">"
	}
	return text
}

// showConversation shows the mails of the thread, when there are others.
func (a *lifeAnswer) showConversation(w io.Writer, p palette) {
	if len(a.conversation) < 2 {
		return
	}
	shown := table{titles: []string{"THREAD", "STATE", "DATE", "FROM", "SUBJECT"}}
	for _, m := range a.conversation {
		id := number(m.ID)
		if m.ID == a.message.ID {
			id += " (this)"
		}
		shown.add(id, stateWord(m), momentText(m.Date), m.From, m.Subject)
	}
	fmt.Fprintln(w)
	shown.show(w, p)
}
