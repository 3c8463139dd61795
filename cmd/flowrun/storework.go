package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/runtime"
	"flowrun/store"
)

// storeOptions are the flags of the commands over the store.
type storeOptions struct {
	store string
	json  bool
	table bool
}

// addTo gives a command the flags.
func (o *storeOptions) addTo(command *cobra.Command) {
	flags := command.Flags()
	o.addPlaceTo(command)
	flags.BoolVar(&o.json, "json", false, "report to programs: one JSON document, as where standard output is no terminal")
	flags.BoolVar(&o.table, "table", false, "report to people, also where standard output is no terminal")
}

// addPlaceTo gives a command the flag for the store alone.
func (o *storeOptions) addPlaceTo(command *cobra.Command) {
	command.Flags().SortFlags = false
	command.Flags().StringVar(&o.store, "store", "", "`location` of the store, a file or a postgres:// URL, instead of "+envStore)
}

// completeGroup makes a command of one whose subcommands are about one kind of
// thing.
func completeGroup(group *cobra.Command, commands ...*cobra.Command) *cobra.Command {
	name := group.Name()
	group.AddCommand(commands...)
	group.RunE = func(_ *cobra.Command, args []string) error {
		var names []string
		for _, command := range commands {
			names = append(names, command.Name())
		}
		if len(args) == 0 {
			return usagef("which command of flowrun %s? there are %s", name, enumeration(names))
		}
		return usagef("flowrun %s has no command %q%s", name, args[0], orThese(args[0], names))
	}
	group.Args = cobra.ArbitraryArgs
	return group
}

// orThese suggests the candidate that was probably meant, or lists them all.
func orThese(name string, candidates []string) string {
	if near := didYouMean(name, candidates); near != "" {
		return near
	}
	return ": there are " + enumeration(candidates)
}

// enumeration is a list in words.
func enumeration(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// arguments checks how many arguments a command has. what is what they are, as
// the command's own line of use has it.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usagef("%s is missing: write %s", what, command.UseLine())
		case len(args) > most && most == 0:
			return usagef("%s takes no arguments", command.CommandPath())
		case len(args) > most:
			return usagef("%s takes one %s and got %d", command.CommandPath(), what, len(args))
		}
		return nil
	}
}

// anyNumber is for commands that take as many arguments as one likes.
const anyNumber = math.MaxInt

// answer is what a command over the store tells. It is complete also where the
// command has failed.
type answer interface {
	// show tells people.
	show(w io.Writer, p palette)
	// document tells programs.
	document(head storeDocument) any
}

// lister is an answer that may have nothing in it.
type lister interface{ empty() bool }

// tellsNothing reports the list that a command would have given, had it not failed.
func tellsNothing(found answer, err error) bool {
	list, ok := found.(lister)
	return ok && err != nil && list.empty()
}

// storeDocument begins every document of the commands over the store;
// docs/command.md describes them.
type storeDocument struct {
	documentHead
	Problems []string `json:"problems"`
	Warnings []string `json:"warnings"`
}

// storeWork is one invocation of a command over the store.
type storeWork struct {
	session  *session
	place    storePlace
	opened   *store.Store // nil until it is needed
	asJSON   bool
	silent   bool // says on standard error nothing that the document says
	warnings []string
}

// errNoStore is why nothing is found.
var errNoStore = errors.New("there is no store")

// look gives the store to look something up. Where there is none the error wraps
// errNoStore.
func (w *storeWork) look(ctx context.Context) (*store.Store, error) {
	if w.opened == nil && w.place.unknown == nil && w.place.absent() {
		return nil, usagef("%w at %s yet", errNoStore, w.place)
	}
	return w.use(ctx)
}

// use gives the store to change it. That it cannot be opened is wrong usage.
func (w *storeWork) use(ctx context.Context) (*store.Store, error) {
	if w.opened == nil {
		opened, err := w.place.open(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return nil, &usageError{err}
		}
		w.opened = opened
	}
	return w.opened, nil
}

// warn tells of what is dangerous and done all the same.
func (w *storeWork) warn(_ context.Context, warning string) {
	w.warnings = append(w.warnings, warning)
	if !w.silent {
		w.session.warn(warning)
	}
}

// overStore runs a command over the store and reports what it did.
func (s *session) overStore(command *cobra.Command, o storeOptions, do func(context.Context, *storeWork) (answer, error)) error {
	if o.json && o.table {
		return usagef("--json and --table exclude each other")
	}
	work := &storeWork{
		session: s,
		place:   s.storePlace(o.store),
		asJSON:  o.json || !o.table && !s.out.terminal,
		silent:  o.json,
	}
	found, err := do(command.Context(), work)
	if work.opened != nil {
		if closing := work.opened.Close(); err == nil && closing != nil {
			err = fmt.Errorf("cannot close the store: %w", closing)
		}
	}
	return s.report(command, work, found, err)
}

func (s *session) report(command *cobra.Command, work *storeWork, found answer, err error) error {
	status := storeStatus(command.Context(), err)
	var problems []string
	for _, problem := range problemsOf(err) {
		if status == statusInterrupted {
			problem = errInterrupted
		}
		problem = advised(problem)
		problems = append(problems, problem.Error())
		if !work.silent {
			s.complain(problem)
		}
		if status == statusInterrupted {
			break
		}
	}
	switch {
	case found == nil:
	case work.asJSON:
		writeDocument(s.stdout, found.document(storeDocument{
			documentHead: newDocumentHead(strings.TrimPrefix(command.CommandPath(), "flowrun "), status),
			Problems:     each(problems, same),
			Warnings:     each(work.warnings, same),
		}))
	case !tellsNothing(found, err):
		found.show(s.stdout, s.out)
	}
	return exit(status)
}

// advised completes an error by what to do about it, where it knows.
func advised(err error) error {
	var failure *runtime.Failure
	if errors.As(err, &failure) && failure.Hint != "" {
		return fmt.Errorf("%w: %s", err, failure.Hint)
	}
	return err
}

// problemsOf are the errors that errors.Join has joined.
func problemsOf(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return slices.Concat(each(joined.Unwrap(), problemsOf)...)
	}
	return []error{err}
}

// storeStatus is the exit status of a command over the store: where several
// things went wrong, the highest of theirs.
func storeStatus(ctx context.Context, err error) int {
	if err != nil && (ctx.Err() != nil || errors.Is(err, context.Canceled)) {
		return statusInterrupted
	}
	status := statusDone
	for _, problem := range problemsOf(err) {
		var usage *usageError
		if errors.As(problem, &usage) {
			status = max(status, statusUsage)
		} else {
			status = max(status, statusFailed)
		}
	}
	return status
}

// missing makes wrong usage of what was not found, and of a store that is not
// there.
func missing(err error, format string, args ...any) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, email.ErrNotFound):
		return usagef(format, args...)
	case errors.Is(err, errNoStore):
		return usagef("%s: %w", fmt.Sprintf(format, args...), err)
	}
	return err
}

// exists makes wrong usage of what is there already.
func exists(err error) error {
	if errors.Is(err, store.ErrExists) {
		return &usageError{err}
	}
	return err
}
