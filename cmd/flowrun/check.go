package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/flowtest"
	"flowrun/lang"
	"flowrun/runtime"
)

// checkOptions are the flags of check.
type checkOptions struct {
	inputs string
	strict bool
	json   bool
}

func newCheck(s *session) *cobra.Command {
	var o checkOptions
	command := &cobra.Command{
		Use:   "check FILE...",
		Short: "Looks for mistakes in flows without running them",
		Long: `Looks for mistakes in flows without running them; - is standard input.

Every problem is shown with its line. Nothing is sent and no input is needed. With
--inputs a sample of the inputs tells more: keys that they do not have, and values
that an operation or a setting does not take.`,
		Example: `  flowrun check examples/*.flow
  flowrun check --inputs examples/invoice.inputs.json examples/invoice.flow`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usagef("which flow? write flowrun check FILE, or - for standard input")
			case len(args) > 1 && o.inputs != "":
				return usagef("--inputs is for one flow, not for %d", len(args))
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			return s.check(command.Context(), args, o)
		},
	}
	command.Flags().StringVar(&o.inputs, "inputs", "", "JSON `file` with a sample of the inputs")
	command.Flags().BoolVar(&o.strict, "strict", false, "take warnings for errors")
	command.Flags().BoolVar(&o.json, "json", false, "report to programs: one JSON document")
	return command
}

// checkDocument is what `check --json` prints; docs/command.md describes it.
type checkDocument struct {
	Version     int                  `json:"version"`
	Command     string               `json:"command"`
	Status      string               `json:"status"`
	Exit        int                  `json:"exit"`
	Files       []fileDocument       `json:"files"`
	Problems    []string             `json:"problems"`
	Diagnostics []diagnosticDocument `json:"diagnostics"`
}

// fileDocument is one file of a check.
type fileDocument struct {
	File     string `json:"file"`
	OK       bool   `json:"ok"`
	Errors   int    `json:"errors"`
	Warnings int    `json:"warnings"`
}

// check checks flows. One that cannot be read is wrong usage and keeps none of
// the others from being checked.
func (s *session) check(ctx context.Context, files []string, o checkOptions) error {
	// Nothing opens the store: a flow that is not run looks nothing up.
	engine, err := newEngine(email.Config{Store: lazyStore(storePlace{})}, nil, s.secret)
	if err != nil {
		return err
	}
	document := checkDocument{Version: schemaVersion, Command: "check", Problems: []string{}}
	var all lang.Diagnostics
	status := statusDone
	for _, file := range files {
		flow, err := s.readSource(ctx, file)
		if ctx.Err() != nil {
			s.complain(errInterrupted)
			return exit(statusInterrupted)
		}
		if err != nil {
			status = statusUsage
			document.Problems = append(document.Problems, err.Error())
			if !o.json {
				s.complain(err)
			}
			continue
		}
		diagnostics, unfit := s.checkSource(engine, flow, o.inputs)
		all = append(all, diagnostics...)
		checked := o.judge(flow.name, diagnostics)
		document.Files = append(document.Files, checked)
		if !checked.OK {
			status = max(status, statusInvalid)
		}
		if unfit != nil {
			status = statusUsage
			document.Problems = append(document.Problems, toldProblems(unfit)...)
		}
		if !o.json {
			diagnostics.Render(s.stderr, s.rendering())
			if unfit != nil {
				s.complain(unfit)
			}
			fmt.Fprintln(s.stdout, lang.VisibleLine(flow.name)+": "+checked.words())
		}
	}
	if o.json {
		document.Status, document.Exit = statusNames[status], status
		document.Diagnostics = diagnosticDocuments(all)
		document.Files = each(document.Files, func(f fileDocument) fileDocument { return f })
		writeDocument(s.stdout, document)
	}
	return exit(status)
}

// checkSource looks for mistakes in a flow, or in a file of tests and the flows
// that these run.
func (s *session) checkSource(engine *runtime.Engine, flow source, sample string) (lang.Diagnostics, error) {
	if lang.IsTestFile(flow.name) {
		if sample != "" {
			return nil, usagef("--inputs is for flows, and %s holds tests", flow.name)
		}
		return flowtest.Check(flow.name, flow.text, flowtest.Config{}), nil
	}
	program, diagnostics := engine.Compile(flow.name, flow.text)
	if program == nil || sample == "" {
		return diagnostics, nil
	}
	found, unfit := s.checkSample(program, flow, sample)
	return append(diagnostics, found...).Sort().Limit(), unfit
}

// judge counts what was found in a file.
func (o checkOptions) judge(name string, diagnostics lang.Diagnostics) fileDocument {
	checked := fileDocument{File: name}
	for _, d := range diagnostics {
		if d.Severity == lang.Error {
			checked.Errors++
		} else {
			checked.Warnings++
		}
	}
	checked.OK = checked.Errors == 0 && (checked.Warnings == 0 || !o.strict)
	return checked
}

// words are the verdict on a file for people.
func (f fileDocument) words() string {
	var found []string
	if f.OK {
		found = append(found, "ok")
	}
	if f.Errors > 0 {
		found = append(found, counted(f.Errors, "error"))
	}
	if f.Warnings > 0 {
		found = append(found, counted(f.Warnings, "warning"))
	}
	return strings.Join(found, ", ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
