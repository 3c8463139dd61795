// Package virtualtime runs flows in a time in which waits pass at once, for
// sandboxes and for tests of flows that sleep.
package virtualtime

import (
	"context"
	"sync"
	"time"

	"flowrun/runtime"
)

// Effects are those of an ordinary run (runtime.Direct) but for the time: it
// goes on as the machine's does, or stands still, and jumps ahead by every wait. Each run needs
// Effects of its own; its methods are safe for concurrent use.
type Effects struct {
	runtime.Direct
	onWait func(wait time.Duration)

	mutex sync.Mutex
	base  time.Time // the time of the run at mark
	mark  time.Time // on the machine's clock; the zero time when the time stands still
}

// New starts the time of a run at start. onWait is told of every wait that
// passes at once; nil tells nobody.
func New(start time.Time, onWait func(wait time.Duration)) *Effects {
	if onWait == nil {
		onWait = func(time.Duration) {}
	}
	return &Effects{onWait: onWait, base: start, mark: time.Now()}
}

// NewStill is New for a time that stands still between the waits, so that a run
// is the same each time.
func NewStill(start time.Time, onWait func(wait time.Duration)) *Effects {
	e := New(start, onWait)
	e.mark = time.Time{}
	return e
}

// Now is the time of the run.
func (e *Effects) Now() time.Time {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.mark.IsZero() {
		return e.base
	}
	return e.base.Add(time.Since(e.mark))
}

// Sleep moves the time of the run ahead by d and returns at once. A context that
// has ended is an error, as it is for a real wait.
func (e *Effects) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if d <= 0 {
		return nil
	}
	e.onWait(d)
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.base = e.base.Add(d)
	return nil
}
