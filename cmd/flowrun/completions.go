package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowrun/builtins/email"
)

// addCompletions tells cobra what may stand in the place of the arguments and the
// values of flags. What is not in a table follows from how it is called in the line
// of use.
func (s *session) addCompletions(root *cobra.Command) {
	root.ValidArgsFunction = completeFlowHere
	for _, command := range root.Commands() {
		s.completeBelow(command)
	}
}

func (s *session) completeBelow(command *cobra.Command) {
	for _, sub := range command.Commands() {
		s.completeBelow(sub)
	}
	if command.ValidArgsFunction == nil && command.ValidArgs == nil {
		command.ValidArgsFunction = s.argumentsOf(command)
	}
	command.Flags().VisitAll(func(flag *pflag.Flag) {
		if flag.NoOptDefVal == "" {
			// It fails for a flag that is completed already.
			_ = command.RegisterFlagCompletionFunc(flag.Name, fitting(s.valuesOf(flag)))
		}
		_, flag.Usage = pflag.UnquoteUsage(flag) // which a shell shows as it is
	})
}

// argumentsOf completes the arguments of a command.
func (s *session) argumentsOf(command *cobra.Command) cobra.CompletionFunc {
	_, use, _ := strings.Cut(command.Use, " ")
	complete := nothing
	switch parent := command.Parent().Name(); {
	case parent == "profiles" && command.Name() != "add":
		complete = s.completeProfiles
	case strings.HasPrefix(use, "ID") && s.kept(parent) != nil:
		complete = s.kept(parent)
	case command.CommandPath() == "flowrun messages import":
		complete = filesEnding("eml")
	case command.CommandPath() == "flowrun test":
		complete = completeTests
	case strings.Contains(use, "FILE"):
		complete = filesEnding("flow")
	case strings.Contains(use, "PATH"):
		complete = anyFile
	case strings.Contains(use, "DIR"):
		complete = directories
	}
	if use == "" || strings.HasPrefix(use, "-") {
		return nothing
	}
	many := strings.Contains(use, "...")
	return fitting(func(command *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 && !many {
			return nothing(command, args, typed)
		}
		return complete(command, args, typed)
	})
}

// fitting leaves out what does not begin with what is typed.
func fitting(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(command *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		found, directive := complete(command, args, typed)
		if directive&(cobra.ShellCompDirectiveFilterFileExt|cobra.ShellCompDirectiveFilterDirs) != 0 {
			return found, directive
		}
		return slices.DeleteFunc(slices.Clone(found), func(c cobra.Completion) bool { return !strings.HasPrefix(c, typed) }), directive
	}
}

// valuesOf completes the values of a flag.
func (s *session) valuesOf(flag *pflag.Flag) cobra.CompletionFunc {
	switch flag.Name {
	case "input":
		return completeInputs
	case "inputs":
		return filesEnding("json")
	case "profile":
		return s.completeProfiles
	case "contact":
		return s.kept("contacts")
	case "thread":
		return s.kept("messages")
	case "state":
		return words(messageStates)
	case "format":
		return words(slices.Sorted(maps.Keys(graphFormats)))
	case "tls":
		return words([]string{
			string(email.TLSStartTLS), string(email.TLSImplicit), string(email.TLSOpportunistic), string(email.TLSNone),
		})
	}
	switch kind, _ := pflag.UnquoteUsage(flag); kind {
	case "file", "location":
		return anyFile
	case "reference":
		return completeReferences
	}
	return nothing
}

func nothing(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveNoFileComp
}

func anyFile(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

func directories(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// filesEnding completes files with an ending, and the directories to them.
func filesEnding(ending string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return []cobra.Completion{ending}, cobra.ShellCompDirectiveFilterFileExt
	}
}

func words(all []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)
}

// completeReferences completes how a reference to a secret begins.
func completeReferences(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if strings.Contains(typed, ":") {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []cobra.Completion{
		cobra.CompletionWithDesc("env:", "the name of an environment variable"),
		cobra.CompletionWithDesc("file:", "the path of a file"),
	}, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

// completeFlowHere completes the flow of "flowrun FILE". cobra adds the commands, so
// that the shell cannot be asked for files as long as one begins with what is typed.
func completeFlowHere(root *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nothing(root, args, typed)
	}
	var found []cobra.Completion
	flows, _ := filepath.Glob("*.flow")
	for _, flow := range flows {
		if strings.HasPrefix(flow, typed) {
			found = append(found, cobra.CompletionWithDesc(flow, "runs this flow"))
		}
	}
	for _, command := range root.Commands() {
		if len(found) > 0 || strings.HasPrefix(command.Name(), typed) {
			return found, cobra.ShellCompDirectiveNoFileComp
		}
	}
	return filesEnding("flow")(root, args, typed)
}
