package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// trace writes one line for each event of a run:
//
//	  0s  line 7   call sendEmail to: "ann@example.com", subject: "Hello"
//	12ms  line 7   done sendEmail in 12ms: sent to 1 recipient
//
// The first column is the time of the run since its begin; what happens inside
// functions is indented.
type trace struct {
	w       io.Writer
	palette palette
	began   time.Time
}

func newTrace(w io.Writer, p palette, began time.Time) *trace {
	return &trace{w, p, began}
}

func (t *trace) observe(e runtime.Event) {
	elapsed := rounded(max(0, e.Time.Sub(t.began)).Round(time.Millisecond))
	place := ""
	if line := eventLine(e); line > 0 {
		place = fmt.Sprintf("line %d", line)
	}
	word, rest := describe(e)
	switch e.Kind {
	case runtime.CallEnded, runtime.CallRefused:
		if e.Err != nil {
			word = t.palette.red(word)
		} else {
			word = t.palette.green(word)
		}
	default:
		word = t.palette.bold(word)
	}
	columns := t.palette.dim(fmt.Sprintf("%8s  %-8s", value.FormatDuration(elapsed), place))
	fmt.Fprintf(t.w, "%s %s%s %s\n", columns, strings.Repeat("  ", e.Depth), word, lang.VisibleLine(rest))
}

func eventLine(e runtime.Event) int {
	switch {
	case e.Call != nil:
		return e.Call.Range.Start.Line
	case e.Err != nil:
		return e.Err.Range().Start.Line
	}
	return 0
}

// describe gives the word for what happened, and the rest of the line.
func describe(e runtime.Event) (word, rest string) {
	name := ""
	if e.Call != nil {
		name = e.Call.Component
	}
	switch e.Kind {
	case runtime.CallStarted:
		if e.Call.Description != "" {
			name += " (" + e.Call.Description + ")"
		}
		settings := make([]string, len(e.Settings))
		for i, s := range e.Settings {
			settings[i] = s.Key + ": " + value.Glance(s.Value)
		}
		return "call", strings.TrimRight(name+" "+strings.Join(settings, ", "), " ")
	case runtime.CallEnded:
		took := name
		if d := e.Duration.Round(time.Millisecond / 10); d > 0 {
			took += " in " + value.FormatDuration(d)
		}
		switch {
		case e.Err != nil:
			return "fail", took + ": " + e.Err.Message
		case e.Result == nil:
			return "done", took
		}
		return "done", took + ": " + value.Glance(e.Result)
	case runtime.CallTold:
		return "now", name + ": " + e.Text
	case runtime.CallRefused:
		return "fail", name + ": " + e.Err.Message
	case runtime.FailoverTaken:
		return "over", name + ": limit passed, failover runs"
	case runtime.CatchTaken:
		return "catch", name + ": " + e.Err.Message
	}
	return "skip", e.Err.Summary()
}
