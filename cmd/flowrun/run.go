package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowrun/runtime"
	"flowrun/sandbox"
)

// runOptions are the flags of run.
type runOptions struct {
	inputs     []string
	inputsFile string
	store      string
	sandbox    bool
	server     string
	from       string
	trace      bool
	realTime   bool
	json       bool
}

func newRun(s *session) *cobra.Command {
	var o runOptions
	command := &cobra.Command{
		Use:   "run FILE|-",
		Short: "Runs a flow",
		Long: `Runs a flow; - reads it from standard input.

Inputs are read from NAME.inputs.json beside NAME.flow, when there is such a
file. --inputs names another file, and --input replaces single values.

Mail goes to the server that the flow names by server: or profile:, else to that
of --smtp or FLOWRUN_SMTP, or, with --sandbox, to nobody.

Profiles, files and mails are in the store of --store or FLOWRUN_STORE, else in
one of the user's own; with --sandbox in a throw-away one, filled from
NAME.store.json beside NAME.flow, when there is such a file.`,
		Example: `  flowrun run --sandbox examples/order-shipped.flow
  flowrun run --smtp smtp://ann@mail.example.com:587 --input wait=10m examples/greylisting.flow`,
		Args: oneFlow("run"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.run(command.Context(), args[0], o)
		},
	}
	flags := command.Flags()
	o.add(flags)
	flags.BoolVar(&o.json, "json", false, "report to programs: one JSON document")
	return command
}

// add adds the flags that whatever runs flows has.
func (o *runOptions) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&o.inputs, "input", nil, "`name=value` of one input; list and map as JSON")
	flags.StringVar(&o.inputsFile, "inputs", "", "JSON `file` with the inputs, instead of NAME.inputs.json")
	flags.BoolVar(&o.sandbox, "sandbox", false, "send to a mail server inside this command, and show what it got")
	flags.StringVar(&o.server, "smtp", "", "mail server, `smtp://user@host:587`; the password is FLOWRUN_SMTP_PASSWORD")
	flags.StringVar(&o.from, "from", "", "`address` of the sender where neither the flow nor the SMTP user names one")
	flags.StringVar(&o.store, "store", "", "`location` of the store, a file or a postgres:// URL, instead of FLOWRUN_STORE")
	flags.BoolVar(&o.trace, "trace", false, "show each call as it happens, on standard error")
	flags.BoolVar(&o.realTime, "real-time", false, "wait in the sandbox, too")
	flags.SortFlags = false
}

// check refuses flags that exclude each other.
func (o *runOptions) check() error {
	if o.sandbox && o.server != "" {
		return usagef("--sandbox and --smtp exclude each other: the sandbox takes the place of every server")
	}
	if o.sandbox && o.store != "" {
		return usagef("--sandbox and --store exclude each other: the sandbox has a store of its own")
	}
	return nil
}

// oneFlow wants one flow as the argument of a command.
func oneFlow(command string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return usagef("which flow? write flowrun %s FILE, or - for standard input", command)
		case 1:
			return nil
		}
		return usagef("flowrun %s takes one flow and got %d: %s", command, len(args), strings.Join(args, ", "))
	}
}

// run runs one flow and reports.
func (s *session) run(ctx context.Context, file string, o runOptions) error {
	r := &report{session: s, json: o.json, flow: source{file: file, name: file}}
	return exit(r.end(s.perform(ctx, o, r)))
}

// perform does what run is for; its error says why a flow was not run, or how
// its run failed.
func (s *session) perform(ctx context.Context, o runOptions, r *report) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	texts, err := inputTexts(o.inputs)
	if err != nil {
		return err
	}
	if r.flow, err = s.readSource(ctx, r.flow.file); err != nil {
		return err
	}
	host, err := s.openHost(ctx, o, r)
	if err != nil {
		return err
	}
	defer func() {
		if closing := host.close(); err == nil {
			err = closing
		}
	}()
	engine, err := s.engine(o, host)
	if err != nil {
		return err
	}
	program, diagnostics := engine.Compile(r.flow.name, r.flow.text)
	r.check(diagnostics)
	if program == nil {
		return errInvalid
	}
	r.program = program
	inputs, err := readInputs(program, r.flow, o.inputsFile, texts)
	if err != nil {
		return err
	}
	r.outcome, err = program.Run(ctx, inputs, r.runOptions(o, host.box)...)
	if host.box != nil {
		r.capture(host.box.Mailbox.Mails())
	}
	return err
}

// errInvalid is why a flow that does not check was not run.
var errInvalid = errors.New("the flow does not check")

// runOptions are the run's effects and observers.
func (r *report) runOptions(o runOptions, box *sandbox.Sandbox) []runtime.RunOption {
	effects := r.effects(o, box)
	options := []runtime.RunOption{runtime.WithEffects(effects)}
	if o.trace {
		trace := newTrace(r.session.stderr, r.session.err, effects.Now())
		options = append(options, runtime.WithObserver(trace.observe))
	}
	return options
}

// effects are those of a run: in the sandbox waits pass at once.
func (r *report) effects(o runOptions, box *sandbox.Sandbox) runtime.Effects {
	if box != nil && !o.realTime {
		return sandboxEffects(r.notice)
	}
	return runtime.Direct{}
}

// inputTexts splits the values of --input; the last one of a name counts.
func inputTexts(arguments []string) (map[string]string, error) {
	texts := map[string]string{}
	for _, argument := range arguments {
		name, text, found := strings.Cut(argument, "=")
		if !found || name == "" {
			return nil, usagef("--input %s: write --input name=value", fmt.Sprintf("%q", argument))
		}
		texts[name] = text
	}
	return texts, nil
}
