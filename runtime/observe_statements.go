package runtime

import (
	"context"

	"flowrun/lang"
)

// StatementObserver follows a run statement by statement. Its methods are called
// from the goroutine of the run, one after the other; one observer may serve any
// number of runs at once, since all that it has to remember can be in the context
// that it returns.
type StatementObserver interface {
	// StatementStarted is told of a statement before it runs. The context that it
	// returns, ctx or one made of it, is that of the statement: of the components
	// that it calls, of the statements in its blocks, and of the events in it.
	StatementStarted(ctx context.Context, s *Statement) context.Context
	// StatementEnded is told of the same statement with that context. err is the
	// error of a StatementFailed, else nil.
	StatementEnded(ctx context.Context, s *Statement, how StatementEnd, err *Error)
}

// WithStatementObserver tells observer of every statement of the run. Several are
// told in turn, and in reverse of a statement's end. A run without one pays
// nothing for it.
func WithStatementObserver(observer StatementObserver) RunOption {
	return func(r *run) {
		if observer != nil {
			r.statements = append(r.statements, observer)
		}
	}
}

// Statement is one execution of a statement.
type Statement struct {
	Kind StatementKind
	// Name is the component or function of a call, the variable of an assignment,
	// the label of a goto, or "".
	Name string
	// Range is where the statement stands, its blocks included.
	Range lang.Range
	// Flow is the name in the flow's header, or the source's name.
	Flow string
	// Run identifies the run.
	Run string
	// Depth is how many function calls deep it is.
	Depth int
	// Entered is set when a goto or a resumed run goes on inside the statement and
	// does not begin it.
	Entered bool
}

// StatementKind is what a statement does.
type StatementKind string

// The kinds of statements.
const (
	StatementAssign   StatementKind = "assign"
	StatementIf       StatementKind = "if"
	StatementSwitch   StatementKind = "switch"
	StatementWhile    StatementKind = "while"
	StatementFor      StatementKind = "for"
	StatementBreak    StatementKind = "break"
	StatementContinue StatementKind = "continue"
	StatementStop     StatementKind = "stop"
	StatementReturn   StatementKind = "return"
	StatementGoto     StatementKind = "goto"
	StatementCall     StatementKind = "call"   // of a component or of a function
	StatementExpect   StatementKind = "expect" // in the test of a flow
)

// StatementEnd is how a statement ended.
type StatementEnd uint8

// The ends of statements.
const (
	StatementDone      StatementEnd = iota // the next one follows, also when an error was passed over
	StatementLeft                          // break, continue, return, stop or goto leads out of it
	StatementFailed                        // its error goes on to whoever takes it
	StatementSuspended                     // the run is suspended in it
)

// observed runs a statement of the block by body, and tells of it.
func (b *block) observed(f *frame, i int, entered bool, body func() signal) signal {
	r := f.run
	s := &Statement{
		Range: f.source().Range(b.places[i]),
		Flow:  r.program.name, Run: r.identity(), Depth: r.depth, Entered: entered,
	}
	s.Kind, s.Name = b.statements[i].kind()
	outer := r.ctx
	for _, observer := range r.statements {
		r.statementStarted(observer, s)
	}
	inner := r.ctx
	sig := body()
	how, err := endOf(f, sig)
	for i := len(r.statements) - 1; i >= 0; i-- {
		r.statementEnded(r.statements[i], inner, s, how, err)
	}
	r.ctx = outer
	return sig
}

func (r *run) statementStarted(observer StatementObserver, s *Statement) {
	defer r.guard("a statement observer")
	if ctx := observer.StatementStarted(r.ctx, s); ctx != nil {
		r.ctx = ctx
	}
}

func (r *run) statementEnded(observer StatementObserver, ctx context.Context, s *Statement, how StatementEnd, err *Error) {
	defer r.guard("a statement observer")
	observer.StatementEnded(ctx, s, how, err)
}

func endOf(f *frame, sig signal) (StatementEnd, *Error) {
	switch sig {
	case next:
		return StatementDone, nil
	case failed:
		return StatementFailed, f.err
	case suspended:
		return StatementSuspended, nil
	}
	return StatementLeft, nil
}

// What the statements are, for observers.

func (s *assign) kind() (StatementKind, string)    { return StatementAssign, s.target.name }
func (*ifElse) kind() (StatementKind, string)      { return StatementIf, "" }
func (*switchCase) kind() (StatementKind, string)  { return StatementSwitch, "" }
func (*while) kind() (StatementKind, string)       { return StatementWhile, "" }
func (*forEach) kind() (StatementKind, string)     { return StatementFor, "" }
func (*returnValue) kind() (StatementKind, string) { return StatementReturn, "" }
func (s *jump) kind() (StatementKind, string)      { return StatementGoto, s.label.name }
func (s *call) kind() (StatementKind, string)      { return StatementCall, s.name }
func (*expectation) kind() (StatementKind, string) { return StatementExpect, "" }

func (s *leave) kind() (StatementKind, string) {
	switch s.sig {
	case breakLoop:
		return StatementBreak, ""
	case continueLoop:
		return StatementContinue, ""
	}
	return StatementStop, ""
}
