package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"flowrun/repl"
)

// replOptions are the flags of repl.
type replOptions struct {
	runOptions
	noHistory bool
}

func newREPL(s *session) *cobra.Command {
	var o replOptions
	command := &cobra.Command{
		Use:   "repl [FILE]",
		Short: "Runs statements and expressions as they are typed",
		Long: `Runs statements and expressions as they are typed. Variables and functions stay
for the entries that follow. With FILE that flow is run first, with its inputs and
its store as flowrun run has them.

The keys are those of readline: Tab completes, the up arrow brings earlier entries
back, Ctrl-C stops an entry or drops what was typed, Ctrl-D leaves. :help lists the
commands of the prompt. What was typed is kept in a file of the user's own, unless
it begins with a blank, --no-history is given, or FLOWRUN_HISTORY is off.

When standard input is no terminal there is no prompt: values go to standard output,
what is wrong to standard error, and the exit status is 1 when an entry failed.`,
		Example: `  flowrun repl --sandbox
  flowrun repl --sandbox examples/order-shipped.flow
  echo '60 * 60 * 24' | flowrun repl`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("flowrun repl takes one flow and got %d", len(args))
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			file := ""
			if len(args) == 1 {
				file = args[0]
			}
			return s.repl(command.Context(), file, o)
		},
	}
	o.add(command.Flags())
	command.Flags().BoolVar(&o.noHistory, "no-history", false, "keep nothing of what is typed")
	return command
}

// repl prompts until the user leaves.
func (s *session) repl(ctx context.Context, file string, o replOptions) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	// Ctrl-C ends an entry, not the command, so ctx, which it ends, is left aside.
	ctx, restore := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer restore()
	r := &report{session: s, flow: source{file: standardInput}}
	if file != "" {
		r.flow.file = file
	}
	host, err := s.openHost(ctx, o.runOptions, r)
	if err != nil {
		return err
	}
	defer func() {
		if closing := host.close(); err == nil && closing != nil {
			s.complain(closing)
			err = exit(statusFailed)
		}
	}()
	engine, err := s.engine(o.runOptions, host)
	if err != nil {
		return err
	}
	screen, err := s.newScreen(o.runOptions, r, host)
	if err != nil {
		return err
	}
	defer screen.close()
	prompt := repl.New(engine, screen)
	editor := s.editor(prompt, screen, o)
	if file != "" {
		prompt.Load(ctx, file)
	}
	switch err := prompt.Run(ctx, editor); {
	case errors.Is(err, context.Canceled):
		s.complain(errInterrupted)
		return exit(statusInterrupted)
	case err != nil:
		s.complain(err)
		return exit(statusFailed)
	case screen.interactive:
		return nil
	case screen.interrupted:
		return exit(statusInterrupted)
	case prompt.Failed():
		return exit(statusFailed)
	}
	return nil
}

// editor chooses how entries are read.
func (s *session) editor(prompt *repl.REPL, screen *screen, o replOptions) repl.Editor {
	stdin, isFile := s.stdin.(*os.File)
	screen.interactive = isFile && term.IsTerminal(int(stdin.Fd())) && s.out.terminal
	kind := s.variable("TERM")
	if !screen.interactive || kind == "dumb" || kind == "" {
		lines := repl.NewLines(prompt, s.stdin)
		lines.Interrupts = screen.interrupts
		if !screen.interactive {
			return stopping{lines, screen}
		}
		lines.Prompts = s.stdout
		return lines
	}
	history, err := repl.OpenHistory(s.historyFile(o))
	if err != nil {
		s.warn(err.Error())
	}
	if state, err := term.GetState(int(stdin.Fd())); err == nil {
		screen.leave = func() { term.Restore(int(stdin.Fd()), state) }
	}
	return repl.NewTerminal(prompt, history, s.out.color)
}

// historyFile is where entries are kept, "" for nowhere.
func (s *session) historyFile(o replOptions) string {
	file := s.variable(envHistory)
	switch {
	case o.noHistory || file == "off":
		return ""
	case file != "":
		return file
	}
	folder, err := s.userFolder("XDG_STATE_HOME", "state", "the history")
	if err != nil {
		s.warn(err.Error())
		return ""
	}
	return filepath.Join(folder, "flowrun", "history")
}
