package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/log"
	"flowrun/flowtest"
	"flowrun/lang"
)

// testOptions are the flags of test.
type testOptions struct {
	match    string
	verbose  bool
	parallel int
	json     bool
	junit    string
}

func newTest(s *session) *cobra.Command {
	var o testOptions
	command := &cobra.Command{
		Use:   "test [FILE|FOLDER...]",
		Short: "Runs the tests of flows",
		Long: `Runs the tests of flows: those of files, those of the files *_test.flow in
folders, or with FOLDER/... also in the folders below. Without arguments those in
this folder are run.

Every test runs its flows in a sandbox of its own: no mail leaves this machine,
and no wait of a flow takes time.`,
		Example: `  flowrun test
  flowrun test -v -run greylist examples/greylisting_test.flow
  flowrun test --junit report.xml ./...`,
		RunE: func(command *cobra.Command, args []string) error {
			return s.test(command.Context(), args, o)
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.match, "run", "", "run the tests whose names this regular `expression` matches")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "show every test, and what its flows log")
	flags.IntVarP(&o.parallel, "parallel", "p", 0, "how many `files` to test at the same time; 0 is one a processor")
	flags.BoolVar(&o.json, "json", false, "report to programs: one JSON document")
	flags.StringVar(&o.junit, "junit", "", "write a JUnit report to this `file`, too")
	flags.SortFlags = false
	return command
}

// test runs tests and reports.
func (s *session) test(ctx context.Context, arguments []string, o testOptions) error {
	config := flowtest.Config{Parallel: o.parallel}
	if o.parallel < 0 {
		return usagef("--parallel is %d, want 0 or more", o.parallel)
	}
	if o.match != "" {
		match, err := regexp.Compile(o.match)
		if err != nil {
			reason := err.Error()
			var malformed *syntax.Error
			if errors.As(err, &malformed) {
				reason = malformed.Code.String()
			}
			return usagef("-run: %q is no regular expression: %s", o.match, reason)
		}
		config.Match = match
	}
	r := &testReport{session: s, testOptions: o}
	files, err := flowtest.Find(arguments...)
	if err != nil {
		return exit(r.refused(&usageError{err}))
	}
	if !o.json {
		config.Tested = r.show
	}
	report := flowtest.Run(ctx, files, config)
	return exit(r.end(ctx, report))
}

// testReport is what test has to tell.
type testReport struct {
	*session
	testOptions
}

// refused reports that there is nothing to test.
func (r *testReport) refused(err error) int {
	if r.json {
		r.writeDocument(&flowtest.Report{}, statusUsage, []string{err.Error()})
		return statusUsage
	}
	r.complain(err)
	return statusUsage
}

// end reports how the tests ended.
func (r *testReport) end(ctx context.Context, report *flowtest.Report) int {
	status := statusDone
	var problems []string
	switch {
	case ctx.Err() != nil:
		status, problems = statusInterrupted, []string{errInterrupted.Error()}
	case !report.Passed():
		status = statusFailed
	case r.match != "" && noTests(report):
		status, problems = statusFailed, []string{fmt.Sprintf("no test has a name that -run %q matches", r.match)}
	}
	if r.junit != "" {
		if err := r.writeJUnit(report); err != nil {
			status, problems = max(status, statusFailed), append(problems, err.Error())
		}
	}
	if r.json {
		r.writeDocument(report, status, problems)
		return status
	}
	for _, problem := range problems {
		r.complain(errors.New(problem))
	}
	return status
}

func noTests(report *flowtest.Report) bool {
	for _, file := range report.Files {
		if len(file.Tests) > 0 {
			return false
		}
	}
	return true
}

func (r *testReport) writeJUnit(report *flowtest.Report) error {
	var text strings.Builder
	if err := report.JUnit(&text); err != nil {
		return err
	}
	if err := writeWhole(r.junit, strings.NewReader(text.String())); err != nil {
		return fmt.Errorf("cannot write %s: %w", r.junit, withoutPath(err))
	}
	return nil
}

// show tells of a file whose tests have ended, as go test does.
func (r *testReport) show(file *flowtest.File) {
	file.Diagnostics.Render(r.stderr, r.rendering())
	for _, test := range file.Tests {
		if test.Failed() || len(test.Warnings) > 0 || r.verbose {
			r.showTest(test)
		}
	}
	name, seconds := lang.VisibleLine(file.Name), file.Duration.Seconds()
	switch {
	case file.Err != nil:
		r.complain(file.Err)
		fmt.Fprintf(r.stdout, "%s  %s\n", r.out.red("FAIL"), name)
	case file.Diagnostics.HasErrors():
		fmt.Fprintf(r.stdout, "%s  %s  does not check\n", r.out.red("FAIL"), name)
	case !file.Passed():
		fmt.Fprintf(r.stdout, "%s  %s  %.3fs\n", r.out.red("FAIL"), name, seconds)
	case len(file.Tests) == 0:
		fmt.Fprintf(r.stdout, "ok    %s  %.3fs  no tests to run\n", name, seconds)
	default:
		fmt.Fprintf(r.stdout, "ok    %s  %.3fs\n", name, seconds)
	}
}

func (r *testReport) showTest(test *flowtest.Test) {
	verdict := "--- PASS:"
	if test.Failed() {
		verdict = r.out.red("--- FAIL:")
	}
	fmt.Fprintf(r.stdout, "%s %s (%.2fs)\n", verdict, lang.VisibleLine(test.Name), test.Duration.Seconds())
	for _, failure := range test.Failures {
		r.indented(failure.String())
	}
	for _, warning := range test.Warnings {
		r.indented("warning: " + warning.String())
	}
	r.showLog(test.Log)
}

// What is shown of a log.
const (
	mostLogShown    = 100  // entries, the last ones
	longestLogShown = 2000 // bytes of a message
)

func (r *testReport) showLog(entries []log.Entry) {
	if before := len(entries) - mostLogShown; before > 0 {
		r.indented(fmt.Sprintf("… %d log entries before these", before))
		entries = entries[before:]
	}
	for _, entry := range entries {
		message := entry.Message
		if len(message) > longestLogShown {
			message = strings.ToValidUTF8(message[:longestLogShown], "") + "…"
		}
		r.indented(fmt.Sprintf("%s: %s", strings.ToLower(entry.Level.String()), lang.Visible(message)))
	}
}

// indented writes lines below a test.
func (r *testReport) indented(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(r.stdout, strings.TrimRight("    "+line, " "))
	}
}
