package runtime

import (
	"context"
	"fmt"
	"time"
)

// EventKind says what an Event tells.
type EventKind uint8

// The kinds of events.
const (
	CallStarted   EventKind = iota // settings are evaluated, the component starts
	CallEnded                      // the component ended, with or without error
	FailoverTaken                  // a call above its limit runs its failover
	CatchTaken                     // a failed call runs its catch block
	ErrorSkipped                   // `onError: "continue"` passed over an error
	CallTold                       // a component tells of what it does, see Call.Tell
	CallRefused                    // a call fails before its component starts: its settings, or its limit
)

var eventKinds = [...]string{
	CallStarted: "call started", CallEnded: "call ended", FailoverTaken: "failover taken", CatchTaken: "catch taken",
	ErrorSkipped: "error skipped", CallTold: "call told", CallRefused: "call refused",
}

// String names the kind, such as "call started".
func (k EventKind) String() string {
	if int(k) < len(eventKinds) {
		return eventKinds[k]
	}
	return fmt.Sprintf("EventKind(%d)", uint8(k))
}

// Event is something that happened in a run, for traces and logs. Events come in
// order, from the goroutine of the run; a slow observer slows the run.
type Event struct {
	Kind EventKind
	// Context is that of the statement in which it happened: the run's, or what a
	// StatementObserver made of it.
	Context context.Context
	// Flow is the name in the flow's header, or the source's name.
	Flow string
	// Run identifies the run.
	Run string
	// Time is in the time of the run.
	Time time.Time
	// Depth is how many function calls deep it happened.
	Depth int
	// Call is the call it belongs to; nil for an ErrorSkipped of another
	// statement.
	Call *Call
	// Settings are the evaluated settings of a CallStarted, in order; secrets
	// are references.
	Settings []EventSetting
	// Result is what the component returned, in a CallEnded.
	Result any
	// Err is the error of a CallEnded, CallRefused, CatchTaken or ErrorSkipped; nil
	// for none.
	Err *Error
	// Duration is how long the component took, in a CallEnded.
	Duration time.Duration
	// Text is what the component told, in a CallTold.
	Text string
}

// EventSetting is a setting with its value.
type EventSetting struct {
	Key   string
	Value any
}
