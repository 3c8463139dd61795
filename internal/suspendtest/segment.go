// Package suspendtest runs flows in segments, each of which ends where a
// component is called, in this process or in others, so that tests can compare a
// suspended run with one that was left alone.
package suspendtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Host is what a process has to run a flow: an engine of its own, the inputs of
// the flow, and what its components did, to be asked after the segment.
type Host struct {
	Engine *runtime.Engine
	Inputs runtime.Inputs
	Done   func() []string
}

// Segment is a part of a run: from its begin, or from a snapshot, to its end or
// to the next call of a component.
type Segment struct {
	Name     string          `json:"name"`
	Source   string          `json:"source"`
	Setup    string          `json:"setup"` // for whoever makes the Host
	Whole    bool            `json:"whole"` // run to the end, suspending nothing
	Snapshot json.RawMessage `json:"snapshot,omitempty"`
	Reply    *runtime.Reply  `json:"reply,omitempty"`
	Clock    time.Duration   `json:"clock"`
}

// Ended is how a segment ended, as JSON can carry it to another process.
type Ended struct {
	Snapshot json.RawMessage `json:"snapshot,omitempty"`
	Reply    *runtime.Reply  `json:"reply,omitempty"` // of the call that was suspended
	Clock    time.Duration   `json:"clock"`
	Trace    []string        `json:"trace"`
	Done     []string        `json:"done"`
	Outcome  string          `json:"outcome"`
	Problem  string          `json:"problem"` // the segment could not be run
}

// Run runs a segment for a host.
func (s Segment) Run(ctx context.Context, host Host) Ended {
	ended, err := s.run(ctx, host)
	if err != nil {
		ended.Problem = err.Error()
	}
	return ended
}

func (s Segment) run(ctx context.Context, host Host) (ended Ended, err error) {
	program, diagnostics := host.Engine.Compile(s.Name, s.Source)
	if program == nil {
		return ended, fmt.Errorf("the flow does not check: %v", diagnostics)
	}
	effects := &effects{clock: s.Clock, whole: s.Whole}
	options := []runtime.RunOption{
		runtime.WithEffects(effects),
		runtime.WithObserver(func(e runtime.Event) { ended.Trace = append(ended.Trace, line(e)) }),
	}
	statements := &nesting{}
	if !s.Whole { // which shows that watching statements changes nothing
		options = append(options, runtime.WithStatementObserver(statements), runtime.WithObserver(statements.event))
	}
	var outcome *runtime.Outcome
	if s.Snapshot == nil {
		outcome, err = program.Run(ctx, host.Inputs, options...)
	} else {
		snapshot := &runtime.Snapshot{}
		if err := json.Unmarshal(s.Snapshot, snapshot); err != nil {
			return ended, err
		}
		outcome, err = program.Resume(ctx, snapshot, *s.Reply, options...)
		var unfit *runtime.SnapshotError
		if errors.As(err, &unfit) {
			return ended, err
		}
	}
	ended.Clock, ended.Done, ended.Problem = effects.clock, host.Done(), statements.ended()
	ended.Outcome = describe(outcome, err)
	if outcome.Snapshot == nil {
		return ended, nil
	}
	ended.Reply = &effects.kept
	ended.Snapshot, err = json.Marshal(outcome.Snapshot)
	return ended, err
}

// start is when the clock of every run begins.
var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// effects have a time that only waits move, a seed that is always the same, and
// suspend every call behind its component.
type effects struct {
	clock time.Duration
	drawn uint64
	whole bool
	kept  runtime.Reply
}

func (e *effects) Now() time.Time { return start.Add(e.clock) }

func (e *effects) Sleep(ctx context.Context, d time.Duration) error {
	e.clock += max(0, d)
	return context.Cause(ctx)
}

func (e *effects) Random() uint64 {
	e.drawn++
	return e.drawn * 0x9e3779b97f4a7c15
}

func (e *effects) Invoke(ctx context.Context, _ *runtime.Call, run func(context.Context) (any, error)) (any, error) {
	result, err := run(ctx)
	if e.whole {
		return result, err
	}
	e.kept = runtime.Reply{Result: result, Err: err}
	return nil, runtime.Suspend("test")
}

// line is an event of the trace.
func line(e runtime.Event) string {
	text := fmt.Sprintf("%s kind %d depth %d took %s", e.Time.Format(time.RFC3339Nano), e.Kind, e.Depth, e.Duration)
	if e.Call != nil {
		text += fmt.Sprintf(" %s/%s %s %q at %d", e.Call.Run, e.Call.Address, e.Call.Component, e.Call.Description, e.Call.Range.Start.Line)
	}
	for _, s := range e.Settings {
		text += " " + s.Key + ": " + exact(s.Value)
	}
	if e.Err != nil {
		return text + " error: " + failureText(e.Err)
	}
	return text + " result: " + exact(e.Result)
}

func failureText(err *runtime.Error) string {
	return fmt.Sprintf("%v (%s) %q %s %v", err, err.Kind, err.Hint, exact(err.Fields), err.Stack)
}

// exact is a value with everything that tells it from others.
func exact(v any) string {
	converted, err := value.From(v)
	if err != nil {
		return err.Error()
	}
	text, err := value.Save(converted)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func describe(outcome *runtime.Outcome, err error) string {
	text := fmt.Sprintf("run %s took %d steps\nresult %s\nvariables %s\nerror %v\n",
		outcome.Run, outcome.Steps, exact(outcome.Result), exact(outcome.Variables()), err)
	for _, failure := range outcome.Failures {
		text += failureText(failure) + "\n"
	}
	return text
}
