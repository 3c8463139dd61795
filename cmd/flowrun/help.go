package main

import "github.com/spf13/cobra"

func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Shows the help of a command",
		Long:  `Shows the help of a command, as "flowrun COMMAND --help" does.`,
		Example: `  flowrun help run
  flowrun help profiles add`,
		ValidArgsFunction: fitting(completeCommands),
		RunE: func(help *cobra.Command, args []string) error {
			found, rest, err := help.Root().Find(args)
			switch {
			case err != nil:
				return err
			case len(rest) > 0 && !found.HasParent():
				return unknownCommand(found, rest)
			case len(rest) > 0 && found.HasSubCommands():
				return found.RunE(found, rest) // which says what commands there are
			case len(rest) > 0:
				return usagef("%s has no commands", found.CommandPath())
			}
			return found.Help()
		},
	}
}

// completeCommands completes the path of a command.
func completeCommands(help *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	found, rest, err := help.Root().Find(args)
	if err != nil || len(rest) > 0 {
		return nothing(help, args, "")
	}
	var names []cobra.Completion
	for _, command := range found.Commands() {
		if !command.Hidden {
			names = append(names, cobra.CompletionWithDesc(command.Name(), command.Short))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
