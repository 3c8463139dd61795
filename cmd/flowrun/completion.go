package main

import (
	"io"

	"github.com/spf13/cobra"
)

// shells are those that completion can be set up for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Writes the script that completes commands in a shell",
		Long: `Writes the script by which a shell completes the commands of flowrun, their flags,
the names of flows, the inputs of a flow, and the names and IDs of what is in the
store. The shell is bash, zsh, fish or powershell. Load the script when the shell
starts:

  bash        source <(flowrun completion bash), in ~/.bashrc; it needs the
              package bash-completion
  zsh         source <(flowrun completion zsh), in ~/.zshrc below compinit
  fish        flowrun completion fish | source, in ~/.config/fish/config.fish
  powershell  flowrun completion powershell | Out-String | Invoke-Expression,
              in $PROFILE`,
		Example: `  flowrun completion bash
  flowrun completion fish`,
		Args: func(command *cobra.Command, args []string) error {
			if err := arguments(1, 1, "SHELL")(command, args); err != nil {
				return err
			}
			if scriptFor(args[0]) == nil {
				return usagef("there is no completion for %q%s", args[0], orThese(args[0], shells))
			}
			return nil
		},
		ValidArgs: shells,
		RunE: func(command *cobra.Command, args []string) error {
			return scriptFor(args[0])(command.Root(), s.stdout)
		},
	}
}

// scriptFor gives what writes the script for a shell, or nil.
func scriptFor(shell string) func(root *cobra.Command, w io.Writer) error {
	switch shell {
	case "bash":
		return func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) }
	case "zsh":
		return (*cobra.Command).GenZshCompletion
	case "fish":
		return func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) }
	case "powershell":
		return (*cobra.Command).GenPowerShellCompletionWithDesc
	}
	return nil
}
