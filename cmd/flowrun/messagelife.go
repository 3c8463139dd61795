package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/runtime/value"
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
		profile.ID = a.message.Profile
		a.profile = &profile
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

// advice says in a sentence what the state of a message that was to be sent means,
// and what to do about it.
func advice(m email.Message) string {
	resend := fmt.Sprintf("flowrun messages resend %d", m.ID)
	switch {
	case m.InDoubt:
		return "its sending was begun and never finished, since the process ended: some recipients may have it. " +
			"Ask them or look into the server's log, then " + resend + " --again sends it to all of them once more"
	case m.State == email.StatePending:
		return "it is kept and nobody has tried to send it: " + resend + " sends it"
	case m.State == email.StateSending:
		return "an attempt is being made just now; if its process has ended, that is known at " + m.ClaimedUntil.Local().Format(time.TimeOnly)
	case m.State == email.StateUnknown:
		broke := "the connection broke"
		if interrupted(m) {
			broke = "the run was interrupted"
		}
		return broke + " when the server had it all, so the recipients may have it. " +
			"Ask them or look into the server's log, then " + resend + " --again sends it to all of them once more"
	case m.State == email.StatePartial:
		return "some recipients have it: " + resend + " tries the others again"
	case m.State == email.StateFailed && interrupted(m):
		return "no recipient has it, since the run was interrupted: " + resend + " tries again"
	case m.State == email.StateFailed && temporary(m):
		return "no recipient has it, and the same may succeed later: " + resend + " tries again"
	case m.State == email.StateFailed:
		return "no recipient has it: mend what the replies say, then " + resend + " tries again"
	case m.State == email.StateSent:
		return "the server took it for all recipients"
	}
	return ""
}

// interrupted reports that the last attempt to send a message ended with its run.
func interrupted(m email.Message) bool {
	last := len(m.Attempts) - 1
	return last >= 0 && strings.HasSuffix(m.Attempts[last].Error, email.Interruption)
}

// temporary reports that every refusal of a message was.
func temporary(m email.Message) bool {
	for _, r := range m.Recipients {
		if r.State == email.StateFailed && !r.Temporary {
			return false
		}
	}
	return len(m.Recipients) > 0
}

func (a *lifeAnswer) show(w io.Writer, p palette) {
	if !a.found || a.unchanged {
		return
	}
	m := a.message
	fmt.Fprintln(w, p.bold(fmt.Sprintf("message %d %s", m.ID, quotedLine(m.Subject))))
	field := func(label, value string) {
		if value != "" {
			writeField(w, p, label, value)
		}
	}
	field("state", strings.TrimSuffix(stateWord(m)+": "+advice(m), ": "))
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
	p.width = 0 // a reply is read whole, however long
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
		name = cut(name, max(narrowest, terminal-labelWidth-columnGap-displayWidth(rest)))
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

func (a *lifeAnswer) showRecipients(w io.Writer, p palette) {
	if len(a.message.Recipients) == 0 {
		return
	}
	shown := table{titles: []string{"RECIPIENT", "STATE", "REPLY"}}
	for _, r := range a.message.Recipients {
		reply := replyText(r.Code, r.Enhanced, r.Text)
		if r.State == email.StateFailed && r.Temporary {
			reply += " (temporary)"
		}
		shown.add(r.Address, string(r.State), reply)
	}
	fmt.Fprintln(w)
	shown.show(w, p)
}

func (a *lifeAnswer) showAttempts(w io.Writer, p palette) {
	if len(a.message.Attempts) == 0 {
		return
	}
	shown := table{titles: []string{"ATTEMPT", "BEGAN", "TOOK", "SERVER", "TLS", "STATE", "REPLY"}}
	for _, at := range a.message.Attempts {
		took := "?" // the process that made it ended, nobody knows when
		if at.Server != "" {
			took = value.FormatDuration(rounded(at.Ended.Sub(at.Began)).Truncate(time.Millisecond))
		}
		shown.add(number(int64(at.Number)), momentText(at.Began), took, orElse(at.Server, "?"), tlsText(at), string(at.State), outcomeText(at))
	}
	fmt.Fprintln(w)
	shown.show(w, p)
}

// tlsText tells how the session of an attempt was encrypted; nothing where the
// server never said anything, so that there may have been no session.
func tlsText(at email.Attempt) string {
	replied := at.Code != 0 || slices.ContainsFunc(at.Recipients, func(r email.Recipient) bool { return r.Code != 0 })
	switch {
	case at.TLS != "":
		return at.TLS
	case at.Server == "":
		return "?"
	case replied:
		return "none"
	}
	return ""
}

// outcomeText is the last reply of an attempt, and what its error adds.
func outcomeText(at email.Attempt) string {
	said := replyText(at.Code, at.Enhanced, at.Text)
	more := at.Error
	if said != "" {
		more = strings.TrimSuffix(strings.TrimSuffix(more, said), ": ")
	}
	return strings.TrimSuffix(strings.TrimPrefix(said+"; "+more, "; "), "; ")
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

// replyText is a reply of a server as it stands in a session.
func replyText(code int, enhanced, text string) string {
	if code == 0 {
		return text
	}
	if enhanced != "" {
		text = enhanced + " " + text
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, text))
}
