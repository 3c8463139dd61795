package runtime

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

const (
	// snapshotFormat is the version of a Snapshot's JSON.
	snapshotFormat = 1
	// semantics is the version of the meaning of flows. It changes when a run
	// that was suspended before would go on in another way than it began.
	semantics = 1
)

// Snapshot is a suspended run: the call that it waits for, and everything that
// Program.Resume needs to go on. It marshals to JSON and back, and may be kept
// for as long as the source stays as it is. Secrets are in it by name only;
// everything else that the flow has in its variables is in it as it is. Whoever
// can change a snapshot can change what the run does, so a host that lets it out
// of its hands has to seal it.
type Snapshot struct {
	// Run identifies the run. Run and Address together are the idempotency key of
	// the call, as its component saw it.
	Run string
	// Flow is the name in the flow's header, or the source's name.
	Flow string
	// Component is the name of the component that suspended the run.
	Component string
	// Address is the address of its call.
	Address string
	// Description is the call's `description`, or "".
	Description string
	// Reason is what Suspend was given.
	Reason string
	// Time is when the run was suspended, in its own time.
	Time time.Time
	// Deadline is when the first of the timeouts passes that bound the call: its
	// own and those of the function calls around it. A host that has no result by
	// then resumes with any Reply, which fails with kind timeout. Zero means none.
	Deadline time.Time

	state savedState
}

// savedState is what a Snapshot holds for Resume.
type savedState struct {
	Format    int             `json:"format"`
	Semantics int             `json:"semantics"`
	Source    string          `json:"source"` // SHA-256, hexadecimal
	Steps     int             `json:"steps"`
	Work      int             `json:"work"`   // bytes gone through that are no whole step yet
	Passes    []int           `json:"passes"` // by call statement
	Tallies   map[string]int  `json:"tallies,omitempty"`
	Seed      []byte          `json:"seed"`
	Random    []byte          `json:"random"` // state of the generator
	Failures  []savedFailure  `json:"failures,omitempty"`
	Variables json.RawMessage `json:"variables"` // of the flow, by name
	Path      []savedTurn     `json:"path"`      // from the flow's body to the call
}

// savedTurn is a turn of the path: exactly one of its parts is there.
type savedTurn struct {
	Index *int       `json:"index,omitempty"` // of a statement, or of the block of a statement
	Loop  *savedLoop `json:"loop,omitempty"`
	Call  *savedPass `json:"call,omitempty"`
}

// savedLoop is a round of a `for`.
type savedLoop struct {
	Collection json.RawMessage `json:"collection"`
	At         int             `json:"at"` // index of the round; of a range its number
	Key        json.RawMessage `json:"key,omitempty"`
	Item       json.RawMessage `json:"item"`
	Assigned   []bool          `json:"assigned"` // key and item, by the body
}

// savedPass is a pass through a call.
type savedPass struct {
	Place     string          `json:"place"` // one of passPlaces
	Number    int             `json:"number"`
	Break     bool            `json:"break,omitempty"`
	Timeout   time.Duration   `json:"timeout,omitempty"`
	Deadline  time.Time       `json:"deadline,omitzero"`
	Began     *time.Time      `json:"began,omitempty"`
	Variables json.RawMessage `json:"variables,omitempty"` // of the function, by name
}

var passPlaces = []string{inFailover: "failover", inCatch: "catch", inComponent: "component", inFunction: "function"}

// savedFailure is an error that `onError: "continue"` passed over.
type savedFailure struct {
	Kind      Kind            `json:"kind"`
	Message   string          `json:"message"`
	Hint      string          `json:"hint,omitempty"`
	Component string          `json:"component,omitempty"`
	Placed    bool            `json:"placed,omitempty"`
	Span      lang.Span       `json:"span"`
	Stack     []StackEntry    `json:"stack,omitempty"`
	Fields    json.RawMessage `json:"fields,omitempty"`
	Cause     string          `json:"cause,omitempty"`
}

// summary are the exported fields of a Snapshot as JSON has them.
type summary struct {
	Run         string    `json:"run"`
	Flow        string    `json:"flow"`
	Component   string    `json:"component"`
	Address     string    `json:"address"`
	Description string    `json:"description,omitempty"`
	Reason      string    `json:"reason"`
	Time        time.Time `json:"time"`
	Deadline    time.Time `json:"deadline,omitzero"`
}

// document is the JSON of a Snapshot.
type document struct {
	summary
	savedState
}

// MarshalJSON writes the snapshot.
func (s Snapshot) MarshalJSON() ([]byte, error) {
	return json.Marshal(document{
		summary{s.Run, s.Flow, s.Component, s.Address, s.Description, s.Reason, s.Time, s.Deadline},
		s.state,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote. A document that is none, or of a
// version that this package does not know, is an error; what else may be wrong
// with it, Resume finds.
func (s *Snapshot) UnmarshalJSON(text []byte) error {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return errors.New("the snapshot cannot be read: it is damaged, or no snapshot")
	}
	if d.Format != snapshotFormat {
		return fmt.Errorf("the snapshot has format %d, this version of flowrun reads format %d", d.Format, snapshotFormat)
	}
	*s = Snapshot{d.Run, d.Flow, d.Component, d.Address, d.Description, d.Reason, d.Time, d.Deadline, d.savedState}
	return nil
}

// hash identifies the source of a program.
func (p *Program) hash() string {
	sum := sha256.Sum256([]byte(p.source.Text))
	return hex.EncodeToString(sum[:])
}

// snapshot makes the Snapshot of a run that was left. Its error says which value
// cannot be written.
func (r *run) snapshot() (*Snapshot, *Error) {
	pass := r.suspended.pass
	call := pass.describe()
	s := &Snapshot{
		Run: call.Run, Flow: call.Flow, Component: call.Component, Address: call.Address, Description: call.Description,
		Reason: r.suspended.reason, Time: wall(r.now()),
	}
	if deadline, owner := pass.earliest(); owner != nil {
		s.Deadline = wall(deadline)
	}
	if err := r.save(&s.state); err != nil {
		e := pass.error(KindValue, fmt.Sprintf("the run cannot be suspended: %v", err))
		e.Cause = err
		return nil, e
	}
	return s, nil
}

// wall is a time as another process can read it: without this process's
// monotonic clock, and in UTC, since RFC 3339 cannot write every offset.
func wall(t time.Time) time.Time { return t.Round(0).UTC() }

func (r *run) save(state *savedState) (err error) {
	*state = savedState{
		Format: snapshotFormat, Semantics: semantics, Source: r.program.hash(),
		Tallies: r.tallies.save(), Steps: r.counter.Taken, Work: r.machine.Work(), Passes: slices.Clone(r.passes), Seed: slices.Clone(r.random.seed[:]),
	}
	if state.Random, err = r.random.source.MarshalBinary(); err != nil {
		return err
	}
	if state.Variables, err = r.program.saveVariables(r.program.variables, r.flow.Own); err != nil {
		return err
	}
	for _, failure := range r.failures {
		saved, err := saveFailure(failure)
		if err != nil {
			return err
		}
		state.Failures = append(state.Failures, saved)
	}
	for i := len(r.trail) - 1; i >= 0; i-- {
		saved, err := r.saveTurn(r.trail[i])
		if err != nil {
			return err
		}
		state.Path = append(state.Path, saved)
	}
	return nil
}

// keeps reports whether a variable is part of a snapshot: a global of the host
// that the flow only reads is not.
func (p *Program) keeps(owner *variables, slot int) bool {
	if owner != p.variables || owner.assigned[slot] {
		return true
	}
	for _, g := range p.globals {
		if g.slot == slot {
			return false
		}
	}
	return true
}

// saveVariables writes the variables that have a value. Those of loops are in
// the loops' states.
func (p *Program) saveVariables(owner *variables, slots []expression.Variable) (json.RawMessage, error) {
	named := map[string]any{}
	for name, slot := range owner.slots.all() {
		if slots[slot].IsSet() && p.keeps(owner, slot) {
			named[name] = slots[slot].Value()
		}
	}
	return value.Save(named)
}

func saveFailure(failure *Error) (saved savedFailure, err error) {
	saved = savedFailure{
		Kind: failure.Kind, Message: failure.Message, Hint: failure.Hint, Component: failure.Component,
		Placed: failure.Source != nil, Span: failure.Span, Stack: failure.Stack,
	}
	if failure.Cause != nil {
		saved.Cause = failure.Cause.Error()
	}
	if failure.Fields != nil {
		saved.Fields, err = value.Save(failure.Fields)
	}
	return saved, err
}

func (r *run) saveTurn(t turn) (saved savedTurn, err error) {
	switch {
	case t.loop != nil:
		saved.Loop, err = t.loop.save()
	case t.pass != nil:
		saved.Call, err = r.program.savePass(t)
	default:
		saved.Index = &t.choice
	}
	return saved, err
}

func (s *loopState) save() (saved *savedLoop, err error) {
	saved = &savedLoop{At: s.rounds.next - 1, Assigned: []bool{s.keyAssigned, s.itemAssigned}}
	if saved.Collection, err = value.Save(s.rounds.collection()); err != nil {
		return nil, err
	}
	if saved.Key, err = value.Save(s.key); err != nil {
		return nil, err
	}
	saved.Item, err = value.Save(s.item)
	return saved, err
}

// collection is what the rounds go through.
func (r *rounds) collection() any {
	switch {
	case r.ranged:
		return r.bounds
	case r.fields != nil:
		return r.fields
	}
	return r.list
}

func (p *Program) savePass(t turn) (saved *savedPass, err error) {
	saved = &savedPass{
		Place: passPlaces[t.choice], Number: t.pass.number, Break: t.pass.stop,
		Timeout: t.pass.timeout, Deadline: wall(t.pass.deadline),
	}
	if t.pass.began != nil {
		began := wall(*t.pass.began)
		saved.Began = &began
	}
	if t.choice == inFunction {
		saved.Variables, err = p.saveVariables(t.pass.statement.function.variables, t.pass.variables)
	}
	return saved, err
}
