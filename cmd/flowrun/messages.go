package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowrun/builtins/email"
	"flowrun/store"
)

func newMessages(s *session) *cobra.Command {
	group := &cobra.Command{
		Use:   "messages",
		Short: "Keeps mails that were sent or came in",
		Long: `Keeps mails: those that flows have sent with store: true, with what became of them,
and those that came in and were imported, for flows to answer.`,
		Example: `  flowrun messages list
  flowrun messages import examples/question.eml`,
	}
	return completeGroup(group,
		newMessagesList(s), newMessagesShow(s), newMessagesImport(s), newMessagesExport(s), newMessagesResend(s))
}

// messagesAnswer tells of messages.
type messagesAnswer struct {
	messages []email.Message
	more     bool // there are others, which --limit has left out
	chosen   bool // by flags, so that there may be others
	place    storePlace
}

func (a *messagesAnswer) empty() bool { return len(a.messages) == 0 }

func (a *messagesAnswer) show(w io.Writer, p palette) {
	if a.empty() {
		what := "messages"
		if a.chosen {
			what = "such messages"
		}
		showNone(w, what, a.place)
		return
	}
	shown := table{titles: []string{"ID", "STATE", "DATE", "FROM", "TO", "SUBJECT"}}
	for _, m := range a.messages {
		shown.add(number(m.ID), stateWord(m), momentText(m.Date), m.From, strings.Join(m.To, ", "), m.Subject)
	}
	shown.show(w, p)
	if a.more {
		fmt.Fprintln(w, "There are more: --limit 0 shows them all.")
	}
}

func (a *messagesAnswer) document(head storeDocument) any {
	return struct {
		storeDocument
		Messages []messageDocument `json:"messages"`
		More     bool              `json:"more"`
	}{head, each(a.messages, newMessageDocument), a.more}
}

// stateWord is the state of a message for people.
func stateWord(m email.Message) string {
	if m.InDoubt {
		return "in doubt"
	}
	return string(m.State)
}

// messageStates are the states that a message of the store may have.
var messageStates = []string{
	string(email.StatePending), string(email.StateSending), string(email.StateSent), string(email.StatePartial),
	string(email.StateFailed), string(email.StateUnknown), string(email.StateReceived),
}

// listFlags choose messages.
type listFlags struct {
	state   string
	inDoubt bool
	thread  string
	contact int64
	limit   int
}

func newMessagesList(s *session) *cobra.Command {
	var o storeOptions
	var f listFlags
	command := &cobra.Command{
		Use:   "list",
		Short: "Lists messages, the latest first",
		Long: `Lists messages, the latest first. A message in doubt is one whose sending was
begun and never finished, since its process ended: it may have been sent or not.`,
		Example: `  flowrun messages list --state failed
  flowrun messages list --in-doubt
  flowrun messages list --thread 12`,
		Args: arguments(0, 0, ""),
		RunE: func(command *cobra.Command, _ []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &messagesAnswer{place: work.place, chosen: f.choose()}
				if err := f.check(command.Flags()); err != nil {
					return found, err
				}
				st, err := work.look(ctx)
				if err != nil {
					return found, unlessNoStore(err)
				}
				filter, err := f.filter(ctx, work)
				if err != nil {
					return found, err
				}
				all, err := st.Messages(ctx, filter)
				found.more = f.limit > 0 && len(all) > f.limit
				found.messages = all
				if found.more {
					found.messages = all[:f.limit]
				}
				return found, err
			})
		},
	}
	o.addTo(command)
	command.Flags().StringVar(&f.state, "state", "", "only those in a `state`: "+strings.Join(messageStates, ", "))
	command.Flags().BoolVar(&f.inDoubt, "in-doubt", false, "only those that may have been sent or not")
	command.Flags().StringVar(&f.thread, "thread", "", "only the conversation of the message with this `ID`, or Message-ID")
	command.Flags().Int64Var(&f.contact, "contact", 0, "only those about the contact with this `ID`")
	command.Flags().IntVar(&f.limit, "limit", 100, "at most this `number`; 0 is all")
	return command
}

// choose reports whether the flags leave messages out, beside the limit.
func (f *listFlags) choose() bool {
	return f.state != "" || f.inDoubt || f.thread != "" || f.contact != 0
}

func (f *listFlags) check(flags *pflag.FlagSet) error {
	problems := &usageProblems{}
	if f.state != "" && !slices.Contains(messageStates, f.state) {
		problems.addf("--state: no message is %q%s", f.state, orThese(f.state, messageStates))
	}
	if f.contact < 0 || f.contact == 0 && flags.Changed("contact") {
		problems.addf("--contact: %d is not an ID, which is a number above 0", f.contact)
	}
	if f.limit < 0 {
		problems.addf("--limit: %d is less than 0", f.limit)
	}
	return problems.err()
}

func (f *listFlags) filter(ctx context.Context, work *storeWork) (store.Filter, error) {
	filter := store.Filter{State: email.State(f.state), InDoubt: f.inDoubt, Contact: f.contact}
	if f.limit > 0 && f.limit < math.MaxInt {
		filter.Limit = f.limit + 1 // to know whether there are more
	}
	if f.thread != "" {
		var err error
		if filter.Thread, err = threadOf(ctx, work, f.thread); err != nil {
			return store.Filter{}, err
		}
	}
	if f.contact != 0 {
		if err := knownContact(ctx, work, f.contact); err != nil {
			return store.Filter{}, err
		}
	}
	return filter, nil
}

// threadOf gives the thread of a message, or the one with this Message-ID at its
// head, which need not be stored.
func threadOf(ctx context.Context, work *storeWork, arg string) (string, error) {
	member, err := findMessage(ctx, work, arg)
	if err == nil || work.opened == nil {
		return member.Thread, err
	}
	var head email.MessageID
	if head.DecodeSetting(arg) != nil || head.ID == "" {
		return "", err
	}
	members, failure := work.opened.Messages(ctx, store.Filter{Thread: head.ID, Limit: 1})
	if failure != nil || len(members) > 0 {
		return head.ID, failure
	}
	return "", err
}

// knownContact refuses a contact that is neither stored nor named by a message, as
// one is that was removed.
func knownContact(ctx context.Context, work *storeWork, id int64) error {
	_, err := work.opened.Contact(ctx, id)
	if !errors.Is(err, email.ErrNotFound) {
		return err
	}
	about, failure := work.opened.Messages(ctx, store.Filter{Contact: id, Limit: 1})
	if failure != nil || len(about) > 0 {
		return failure
	}
	return missing(err, "there is no contact %d", id)
}

// findMessage finds a message by its ID or its Message-ID.
func findMessage(ctx context.Context, work *storeWork, arg string) (email.Message, error) {
	var header email.MessageID
	id, bad := strconv.ParseInt(arg, 10, 64)
	if bad != nil || id < 1 {
		if err := header.DecodeSetting(arg); err != nil || header.ID == "" {
			return email.Message{}, usagef("%q is neither the ID of a message, a number above 0, nor a Message-ID, <left@right>", arg)
		}
	}
	st, err := work.look(ctx)
	if err != nil {
		return email.Message{}, missing(err, "there is no message %s", arg)
	}
	var found email.Message
	if header.ID != "" {
		found, err = st.MessageByMessageID(ctx, header.ID)
	} else {
		found, err = st.Message(ctx, id)
	}
	return found, missing(err, "there is no message %s", arg)
}

func newMessagesExport(s *session) *cobra.Command {
	var o storeOptions
	var to string
	command := &cobra.Command{
		Use:     "export ID",
		Short:   "Writes a message as it was sent or came in",
		Long:    outputAdvice("Writes the text of a message, as RFC 5322 has it,"),
		Example: "  flowrun messages export 12 -o invoice.eml",
		Args:    arguments(1, 1, "ID"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				message, err := findMessage(ctx, work, args[0])
				if err != nil {
					return nil, err
				}
				content, err := work.opened.OpenMessage(ctx, message.ID)
				if err != nil {
					return nil, err
				}
				defer content.Close()
				return nil, s.output(to, content)
			})
		},
	}
	o.addPlaceTo(command)
	command.Flags().StringVarP(&to, "output", "o", "", "`file` to write, instead of standard output")
	return command
}
