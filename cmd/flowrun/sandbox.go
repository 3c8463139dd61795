package main

import (
	"context"
	"errors"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/value"
	"flowrun/runtime/virtualtime"
	"flowrun/sandbox"
)

// fillSandbox fills the sandbox's store from the fixture beside a flow, when there
// is one. What is wrong with it is wrong usage.
func fillSandbox(ctx context.Context, box *sandbox.Sandbox, flow string) error {
	if flow == standardInput {
		box.Store.Hint = "the sandbox has a store of its own, which NAME.store.json fills for a flow in a file NAME.flow"
		return nil
	}
	err := box.Fill(ctx, flow)
	var fixture *sandbox.FixtureError
	switch {
	case !errors.As(err, &fixture):
		return err
	case fixture.Problems != nil:
		return &fixtureError{fixture}
	}
	return &usageError{err}
}

// fixtureError lists everything that is wrong with a fixture.
type fixtureError struct{ *sandbox.FixtureError }

func (e *fixtureError) list() []string { return e.Problems }

// sandboxEffects let every wait pass at once, and say so.
func sandboxEffects(say func(string)) runtime.Effects {
	advice := " (--real-time waits)"
	return virtualtime.New(time.Now(), func(wait time.Duration) {
		say("sandbox: a wait of " + value.FormatDuration(rounded(wait)) + " passes at once" + advice)
		advice = ""
	})
}

// rounded is a duration with as many digits as people care for.
func rounded(d time.Duration) time.Duration {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second)
	case d >= time.Millisecond:
		return d.Round(time.Millisecond)
	}
	return d
}
