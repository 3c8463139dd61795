package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/lang"
	"flowrun/store"
)

// completeInputs completes the name of an input of the flow that is run, and the
// value of one that is a bool.
func completeInputs(command *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) == 0 || args[0] == standardInput {
		return nothing(command, args, typed)
	}
	text, err := readFile(args[0], sourceRead())
	if err != nil {
		return nothing(command, args, typed)
	}
	given, _ := command.Flags().GetStringArray("input")
	file, _ := lang.Parse(args[0], string(text))
	var found []cobra.Completion
	for _, statement := range file.Body.Statements {
		input, ok := statement.(*lang.Input)
		if !ok {
			continue
		}
		begin := input.Name.Text + "="
		switch {
		case strings.HasPrefix(typed, begin):
			if input.Type != nil && input.Type.Text == "bool" {
				return []cobra.Completion{begin + "true", begin + "false"}, cobra.ShellCompDirectiveNoFileComp
			}
			return nothing(command, args, typed)
		case !slices.ContainsFunc(given, func(other string) bool { return strings.HasPrefix(other, begin) }):
			found = append(found, described(begin, inputWords(file.Source, input)))
		}
	}
	return found, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

// inputWords says what an input takes.
func inputWords(source *lang.Source, input *lang.Input) string {
	kind := "any"
	if input.Type != nil {
		kind = input.Type.Text
	}
	if input.Default == nil {
		return kind + ", required"
	}
	return kind + ", default " + source.Slice(input.Default.Span)
}

// described is a completion that is shown with words about it.
func described(choice, words string) cobra.Completion {
	return cobra.CompletionWithDesc(choice, lang.VisibleLine(words))
}

// completeProfiles completes the name of a profile.
func (s *session) completeProfiles(command *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return s.completeFromStore(command, func(ctx context.Context, st *store.Store) ([]cobra.Completion, error) {
		profiles, err := st.Profiles(ctx)
		return each(profiles, func(p email.Profile) cobra.Completion { return described(p.Name, serverText(p)) }), err
	})
}

// kept completes the ID of what the commands of a group keep; nil when that has
// none.
func (s *session) kept(group string) cobra.CompletionFunc {
	var list func(context.Context, *store.Store) ([]cobra.Completion, error)
	switch group {
	case "files":
		list = func(ctx context.Context, st *store.Store) ([]cobra.Completion, error) {
			files, err := st.Files(ctx)
			return each(files, func(f email.File) cobra.Completion { return described(number(f.ID), f.Name) }), err
		}
	case "messages":
		list = func(ctx context.Context, st *store.Store) ([]cobra.Completion, error) {
			messages, err := st.Messages(ctx, store.Filter{Limit: mostMessages})
			return each(messages, func(m email.Message) cobra.Completion {
				return described(number(m.ID), stateWord(m)+": "+m.Subject)
			}), err
		}
	case "contacts", "users":
		kind := contacts
		if group == "users" {
			kind = users
		}
		list = func(ctx context.Context, st *store.Store) ([]cobra.Completion, error) {
			people, err := kind.list(st, ctx)
			return each(people, func(p person) cobra.Completion { return described(number(p.ID), p.Name+" <"+p.Address+">") }), err
		}
	default:
		return nil
	}
	return func(command *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return s.completeFromStore(command, list)
	}
}

// mostMessages is how many messages are offered, the latest.
const mostMessages = 50

// completeFromStore completes by what is in the store. It makes none, and says
// nothing of one that cannot be read.
func (s *session) completeFromStore(command *cobra.Command, list func(context.Context, *store.Store) ([]cobra.Completion, error)) ([]cobra.Completion, cobra.ShellCompDirective) {
	location, _ := command.Flags().GetString("store")
	work := &storeWork{session: s, place: s.storePlace(location)}
	st, err := work.look(command.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer st.Close()
	found, err := list(command.Context(), st)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}
