package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowrun/builtins/email"
	"flowrun/store"
)

// person is a contact or a user.
type person email.Contact

// personKind is what the commands for contacts and for users differ in.
type personKind struct {
	one, many string
	add       func(*store.Store, context.Context, person) (person, error)
	list      func(*store.Store, context.Context) ([]person, error)
	remove    func(*store.Store, context.Context, int64) error // nil: they stay
}

var contacts = personKind{
	one:  "contact",
	many: "contacts",
	add: func(st *store.Store, ctx context.Context, p person) (person, error) {
		added, err := st.AddContact(ctx, email.Contact(p))
		return person(added), err
	},
	list: func(st *store.Store, ctx context.Context) ([]person, error) {
		all, err := st.Contacts(ctx)
		return each(all, func(c email.Contact) person { return person(c) }), err
	},
	remove: (*store.Store).RemoveContact,
}

var users = personKind{
	one:  "user",
	many: "users",
	add: func(st *store.Store, ctx context.Context, p person) (person, error) {
		added, err := st.AddUser(ctx, email.User(p))
		return person(added), err
	},
	list: func(st *store.Store, ctx context.Context) ([]person, error) {
		all, err := st.Users(ctx)
		return each(all, func(u email.User) person { return person(u) }), err
	},
}

func newContacts(s *session) *cobra.Command {
	group := &cobra.Command{
		Use:   "contacts",
		Short: "Keeps whom mails are about",
		Long: `Keeps contacts: whom mails are about. A flow names them by their IDs, in
contactIds or contactIdsVariable of sendEmail.`,
		Example: `  flowrun contacts add --name "Ann Lee" --address ann@example.com
  flowrun contacts list`,
	}
	return completeGroup(group,
		contacts.newAdd(s), contacts.newList(s), contacts.newRemove(s))
}

func newUsers(s *session) *cobra.Command {
	group := &cobra.Command{
		Use:   "users",
		Short: "Keeps who sends mails",
		Long: `Keeps users: who sends mails. A flow names the one who sends a mail by the ID, in
owner of sendEmail.`,
		Example: `  flowrun users add --name "Ann Lee" --address ann@example.com
  flowrun users list`,
	}
	return completeGroup(group, users.newAdd(s), users.newList(s))
}

// personDocument is a contact or a user for programs.
type personDocument struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

// peopleAnswer tells of contacts or users.
type peopleAnswer struct {
	kind   personKind
	people []person
	did    string // what was done with them; "" for a list
	place  storePlace
}

func (a *peopleAnswer) empty() bool { return len(a.people) == 0 }

func (a *peopleAnswer) show(w io.Writer, p palette) {
	switch {
	case a.did != "":
		for _, one := range a.people {
			fmt.Fprintf(w, "%s %d %s\n", a.kind.one, one.ID, a.did)
		}
	case a.empty():
		showNone(w, a.kind.many, a.place)
	default:
		shown := table{titles: []string{"ID", "NAME", "ADDRESS"}}
		for _, one := range a.people {
			shown.add(number(one.ID), one.Name, one.Address)
		}
		shown.show(w, p)
	}
}

func (a *peopleAnswer) document(head storeDocument) any {
	people := each(a.people, func(p person) personDocument { return personDocument(p) })
	if a.kind.many == "users" {
		return struct {
			storeDocument
			Users []personDocument `json:"users"`
		}{head, people}
	}
	return struct {
		storeDocument
		Contacts []personDocument `json:"contacts"`
	}{head, people}
}

// showNone tells that there is nothing, and where.
func showNone(w io.Writer, what string, place storePlace) {
	note := ""
	if place.absent() {
		note = ", which does not exist yet"
	}
	fmt.Fprintf(w, "There are no %s in %s%s.\n", what, place, note)
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

func (k personKind) newAdd(s *session) *cobra.Command {
	var o storeOptions
	var id int64
	var name, address string
	command := &cobra.Command{
		Use:     "add --name NAME --address ADDRESS",
		Short:   "Adds a " + k.one,
		Long:    "Adds a " + k.one + " to the store, which gives it an ID.",
		Example: "  flowrun " + k.many + ` add --name "Ann Lee" --address ann@example.com`,
		Args:    arguments(0, 0, ""),
		RunE: func(command *cobra.Command, _ []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &peopleAnswer{kind: k, did: "added", place: work.place}
				one, err := newPerson(command.Flags(), id, name, address)
				if err != nil {
					return found, err
				}
				st, err := work.use(ctx)
				if err != nil {
					return found, err
				}
				if one, err = k.add(st, ctx, one); err == nil {
					found.people = []person{one}
				}
				return found, exists(err)
			})
		},
	}
	o.addTo(command)
	command.Flags().StringVar(&name, "name", "", "`name` of the "+k.one)
	command.Flags().StringVar(&address, "address", "", "mail `address` of the "+k.one)
	command.Flags().Int64Var(&id, "id", 0, "the `number` of the "+k.one+", instead of the next free one")
	return command
}

// newPerson reads a contact or user from the flags.
func newPerson(flags *pflag.FlagSet, id int64, name, address string) (person, error) {
	one := person{ID: id, Name: name}
	problems := &usageProblems{}
	problems.id(flags, id)
	problems.name(name)
	if address != "" {
		parsed, err := email.ParseAddress(address)
		if err != nil {
			problems.addf("--address: %w", err)
		}
		one.Address = parsed.Spec()
		if one.Name == "" {
			one.Name = parsed.Name
		}
	}
	if one.Name == "" && len(problems.all) == 0 {
		problems.addf("--name is missing")
	}
	return one, problems.err()
}

func (k personKind) newList(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:     "list",
		Short:   "Lists the " + k.many,
		Long:    "Lists the " + k.many + ", each with its ID, its name and its address.",
		Example: "  flowrun " + k.many + " list",
		Args:    arguments(0, 0, ""),
		RunE: func(command *cobra.Command, _ []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &peopleAnswer{kind: k, place: work.place}
				st, err := work.look(ctx)
				if err == nil {
					found.people, err = k.list(st, ctx)
				}
				return found, unlessNoStore(err)
			})
		},
	}
	o.addTo(command)
	return command
}

// unlessNoStore is for lists, which are empty where there is no store.
func unlessNoStore(err error) error {
	if errors.Is(err, errNoStore) {
		return nil
	}
	return err
}

func (k personKind) newRemove(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:     "remove ID...",
		Short:   "Removes " + k.many,
		Long:    "Removes " + k.many + " from the store, all of them or, when one is not there, none.",
		Example: "  flowrun " + k.many + " remove 7",
		Args:    arguments(1, anyNumber, "ID"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &peopleAnswer{kind: k, did: "removed", place: work.place}
				all, err := k.named(ctx, work, args)
				if err != nil {
					return found, err
				}
				for _, one := range all {
					if err := k.remove(work.opened, ctx, one.ID); err != nil {
						return found, err
					}
					found.people = append(found.people, one)
				}
				return found, nil
			})
		},
	}
	o.addTo(command)
	return command
}

// named finds contacts or users by their numbers; all of them, or none.
func (k personKind) named(ctx context.Context, work *storeWork, args []string) ([]person, error) {
	ids, err := numbers(args)
	if err != nil {
		return nil, err
	}
	var all []person
	st, err := work.look(ctx)
	if err == nil {
		all, err = k.list(st, ctx)
	}
	if err != nil {
		return nil, missing(err, "there is no %s %d", k.one, ids[0])
	}
	return chosen(ids, all, func(p person) int64 { return p.ID }, k.one)
}

// numbers reads the identifiers of things, without repetition.
func numbers(args []string) ([]int64, error) {
	var ids []int64
	var problems []error
	known := map[int64]bool{}
	for _, arg := range args {
		id, err := strconv.ParseInt(arg, 10, 64)
		switch {
		case err != nil || id < 1:
			problems = append(problems, usagef("%q is not an ID, which is a number above 0", arg))
		case !known[id]:
			known[id] = true
			ids = append(ids, id)
		}
	}
	return ids, errors.Join(problems...)
}

// chosen picks things by their numbers; all of them, or none.
func chosen[T any](ids []int64, all []T, idOf func(T) int64, what string) ([]T, error) {
	byID := map[int64]T{}
	for _, one := range all {
		byID[idOf(one)] = one
	}
	var found []T
	var problems []error
	for _, id := range ids {
		one, ok := byID[id]
		if !ok {
			problems = append(problems, usagef("there is no %s %d", what, id))
			continue
		}
		found = append(found, one)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return found, nil
}
