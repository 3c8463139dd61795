package main

import (
	"context"
	"errors"
	"fmt"

	"flowrun/builtins/email/mailtest"
	"flowrun/builtins/log"
	"flowrun/lang"
	"flowrun/runtime"
)

// report is everything that run has to tell: to people as it happens and at the
// end, or to programs as one document.
type report struct {
	session *session
	json    bool

	flow        source
	program     *runtime.Program // nil when the flow did not check
	diagnostics lang.Diagnostics
	warnings    []string
	entries     []log.Entry
	logged      int // size of the entries in bytes
	sandboxed   bool
	mails       []mailtest.Mail
	outcome     *runtime.Outcome // nil when the flow did not run
}

// check takes what the compiler found.
func (r *report) check(diagnostics lang.Diagnostics) {
	r.diagnostics = diagnostics
	if !r.json {
		diagnostics.Render(r.session.stderr, r.session.rendering())
	}
}

// log takes what the flow logs.
func (r *report) log(ctx context.Context, entry log.Entry) error {
	if r.json {
		return r.keep(entry)
	}
	return log.Lines(r.session.stderr)(ctx, entry)
}

// warn takes what is dangerous and done all the same.
func (r *report) warn(_ context.Context, warning string) {
	r.warnings = append(r.warnings, warning)
	if !r.json {
		r.session.warn(warning)
	}
}

// The document of a run is written at its end, so what a flow logs is kept until
// then, within bounds.
const (
	mostLogged = 16 << 20 // bytes
	entrySize  = 256      // of an entry beside its message
)

func (r *report) keep(entry log.Entry) error {
	r.logged += entrySize + len(entry.Message)
	if r.logged > mostLogged {
		return &runtime.Failure{
			Kind:    runtime.KindResource,
			Message: "the flow logs more than the 16 MiB that one document takes",
			Hint:    "without --json its log has no end",
		}
	}
	r.entries = append(r.entries, entry)
	return nil
}

// notice tells people of something beside the flow's own doing.
func (r *report) notice(text string) {
	if !r.json {
		fmt.Fprintln(r.session.stderr, r.session.err.dim(text))
	}
}

// capture takes the mails of the sandbox.
func (r *report) capture(mails []mailtest.Mail) {
	r.sandboxed, r.mails = true, mails
}

// end reports how the run ended, given its error, and gives the exit status.
func (r *report) end(err error) int {
	status := r.status(err)
	if r.json {
		r.writeJSON(status, err)
		return status
	}
	if r.outcome != nil && r.outcome.Run != "" {
		if r.sandboxed {
			showMails(r.session.stdout, r.session.out, r.mails)
		}
		r.showResult()
	}
	switch {
	case r.failures() != nil:
		r.session.showFailures(r.failures())
	case status == statusInterrupted:
		r.session.complain(errInterrupted)
	case status != statusDone && status != statusInvalid:
		r.session.complain(err)
	}
	return status
}

var errInterrupted = errors.New("interrupted")

// interruption says where a run was interrupted, when that is known.
func interruption(e *runtime.Error) error {
	if e.Source == nil {
		return errInterrupted
	}
	told := fmt.Errorf("%w at %s:%d", errInterrupted, e.Source.Name, e.Range().Start.Line)
	var failure *runtime.Failure
	if errors.As(e.Cause, &failure) && failure.Aftermath != "" {
		return fmt.Errorf("%w; %s", told, failure.Aftermath)
	}
	return told
}

func (r *report) failures() []*runtime.Error {
	if r.outcome == nil {
		return nil
	}
	return r.outcome.Failures
}

// status gives the exit status for the error of a run, or of what comes before it.
func (r *report) status(err error) int {
	var usage *usageError
	var list problemList
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errInvalid):
		return statusInvalid
	case errors.Is(err, context.Canceled), errors.Is(err, &runtime.Error{Kind: runtime.KindCancelled}):
		return statusInterrupted
	case errors.As(err, &usage), errors.As(err, &list), r.unfitDefaults():
		return statusUsage
	}
	return statusFailed
}

// unfitDefaults reports that the run did not begin, since the default of an
// input could not be used.
func (r *report) unfitDefaults() bool {
	failures := r.failures()
	return len(failures) == 1 && failures[0].Kind == runtime.KindInput && failures[0].Component == "" && r.outcome.Steps == 0
}

func (s *session) showFailures(failures []*runtime.Error) {
	for _, failure := range failures {
		if failure.Kind == runtime.KindCancelled {
			s.complain(interruption(failure))
			continue
		}
		failure.Render(s.stderr, s.rendering())
	}
	if len(failures) > 1 {
		s.complain(fmt.Errorf("%d errors in all", len(failures)))
	}
}
