package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowrun/lang"
)

// Process is what the command has of its process.
type Process struct {
	Args   []string // without the command's own name
	Env    func(name string) (value string, set bool)
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
}

// Main runs the command and gives its exit status. The run of a flow is
// cancelled when ctx ends.
func Main(ctx context.Context, p Process) int {
	stdout := &checkedWriter{to: p.Stdout}
	s := &session{
		env:    p.Env,
		stdin:  p.Stdin,
		stdout: stdout,
		stderr: p.Stderr,
		out:    paletteFor(p.Stdout, p.Env),
		err:    paletteFor(p.Stderr, p.Env),
	}
	root := newRoot(s)
	if len(p.Args) > 0 && strings.HasPrefix(p.Args[0], cobra.ShellCompRequestCmd) {
		s.addCompletions(root)
	}
	root.SetArgs(withSubcommand(root, p.Args))
	root.SetIn(p.Stdin)
	root.SetOut(stdout)
	root.SetErr(p.Stderr)
	status := s.statusOf(root.ExecuteContext(ctx))
	if stdout.err != nil && status == statusDone {
		s.complain(fmt.Errorf("cannot write the output: %w", withoutPath(stdout.err)))
		return statusFailed
	}
	return status
}

func newRoot(s *session) *cobra.Command {
	root := &cobra.Command{
		Use:   "flowrun",
		Short: "Runs and checks flows that send mail",
		Long: `Runs and checks flows that send mail, and keeps what they need.

  flowrun run --sandbox order.flow    try a flow: nothing leaves this machine
  flowrun run order.flow              run it
  flowrun repl --sandbox              try statements one by one
  flowrun check order.flow            look for mistakes without running it
  flowrun explain order.flow          read in plain words what it does
  flowrun doc sendEmail               see what a component does and takes
  flowrun fmt -w order.flow           format it
  flowrun test                        run the tests of the flows in this folder
  flowrun graph -o a.svg order.flow   draw it
  flowrun profiles list               see over which servers flows can send
  flowrun messages list               see the mails that were kept

"flowrun FILE" is "flowrun run FILE", so that a flow may begin with
#!/usr/bin/env flowrun and be a program of its own.`,
		Example: `  flowrun run --sandbox examples/order-shipped.flow
  flowrun examples/digest.flow --sandbox --trace`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
		RunE: func(root *cobra.Command, _ []string) error {
			root.SetOut(s.stderr)
			root.Help()
			return exit(statusUsage)
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	// A command that has commands does nothing alone.
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), "{{if .Runnable}}", "{{if and .Runnable (not .HasAvailableSubCommands)}}", 1))
	root.AddCommand(
		newRun(s),
		newREPL(s),
		newCheck(s),
		newTest(s),
		newFmt(s),
		newGraph(s),
		newExplain(s),
		newDoc(s),
		newProfiles(s),
		newFiles(s),
		newContacts(s),
		newUsers(s),
		newMessages(s),
		newCompletion(s),
		newMan(s),
		newVersion(s),
	)
	return root
}

// withSubcommand puts `run` before arguments that begin with a flow's file, or
// with a flag of run.
func withSubcommand(root *cobra.Command, args []string) []string {
	if len(args) == 0 {
		return args
	}
	first := args[0]
	if first == "--version" {
		return []string{"version"}
	}
	if slices.Contains([]string{"-h", "--help", "help"}, first) {
		return args
	}
	if strings.HasPrefix(first, cobra.ShellCompRequestCmd) {
		// The last argument is being typed.
		if len(args) > 2 || len(args) == 2 && strings.HasPrefix(args[1], "-") {
			return append([]string{first}, withSubcommand(root, args[1:])...)
		}
		return args
	}
	for _, command := range root.Commands() {
		if command.Name() == first {
			return asGoTest(args)
		}
	}
	if strings.HasPrefix(first, "-") || looksLikeFile(first) {
		return append([]string{"run"}, args...)
	}
	return args[:1] // no command: its flags say nothing
}

// asGoTest lets -run of test be written as go test has it, with one dash.
func asGoTest(args []string) []string {
	if args[0] != "test" {
		return args
	}
	args = slices.Clone(args)
	for i, argument := range args {
		if argument == "--" {
			break
		}
		if argument == "-run" || strings.HasPrefix(argument, "-run=") {
			args[i] = "-" + argument
		}
	}
	return args
}

func looksLikeFile(name string) bool {
	if strings.HasSuffix(name, ".flow") || strings.ContainsRune(name, os.PathSeparator) {
		return true
	}
	found, err := os.Stat(name)
	return err == nil && !found.IsDir()
}

func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	names := []string{"help"}
	for _, command := range root.Commands() {
		names = append(names, command.Name())
	}
	return usagef("%q is neither a command nor a file%s", args[0], didYouMean(args[0], names))
}

func flagError(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		var names []string
		command.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, "--"+flag.Name) })
		if args := command.Flags().Args(); len(args) > 0 && command.HasParent() && command.HasSubCommands() {
			return command.RunE(command, args) // whose name is no command
		}
		name := "--" + unknown.GetSpecifiedName()
		return usagef("unknown flag %s of %s%s", name, command.CommandPath(), didYouMean(name, names))
	}
	var unfit *pflag.InvalidValueError
	if errors.As(err, &unfit) {
		want := map[string]string{"int": "a whole number", "int64": "a whole number", "bool": "true or false"}[unfit.GetFlag().Value.Type()]
		if want != "" {
			return usagef("--%s: %q is not %s", unfit.GetFlag().Name, unfit.GetValue(), want)
		}
	}
	return usagef("%v", err)
}

func didYouMean(name string, candidates []string) string {
	if near := lang.Suggest(name, candidates); near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ""
}
