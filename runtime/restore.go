package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// pathRestorer reads the path of a snapshot along the statements that it leads
// through, so that whatever it gives, a run can enter.
type pathRestorer struct {
	program *Program
	passes  []int
	saved   []savedTurn // what is left
	path    []turn
	depth   int    // function calls on the way
	address string // of the call at the end
}

var errPath = errors.New("damaged: its path leads nowhere")

// index takes a turn that is an index below bound.
func (p *pathRestorer) index(bound int) (int, error) {
	if len(p.saved) == 0 || p.saved[0].Index == nil || p.saved[0].Loop != nil || p.saved[0].Call != nil {
		return 0, errPath
	}
	i := *p.saved[0].Index
	if i < 0 || i >= bound {
		return 0, errPath
	}
	p.take(turn{choice: i})
	return i, nil
}

func (p *pathRestorer) take(t turn) {
	p.saved = p.saved[1:]
	p.path = append(p.path, t)
}

// block goes on in a block of a frame with these variables.
func (p *pathRestorer) block(b *block, owner *variables) error {
	i, err := p.index(len(b.statements))
	if err != nil {
		return err
	}
	switch s := b.statements[i].(type) {
	case *ifElse:
		return p.choice(s.blocks, owner)
	case *switchCase:
		return p.choice(s.blocks, owner)
	case *while:
		return p.block(s.body, owner)
	case *forEach:
		return p.loop(s, owner)
	case *call:
		return p.call(s, owner)
	}
	return errPath
}

func (p *pathRestorer) choice(blocks []*block, owner *variables) error {
	i, err := p.index(len(blocks))
	if err != nil {
		return err
	}
	return p.block(blocks[i], owner)
}

func (p *pathRestorer) loop(s *forEach, owner *variables) error {
	if len(p.saved) == 0 || p.saved[0].Loop == nil || p.saved[0].Index != nil || p.saved[0].Call != nil {
		return errPath
	}
	state, err := p.saved[0].Loop.restore()
	if err != nil {
		return err
	}
	p.take(turn{loop: state})
	return p.block(s.body, owner)
}

func (l *savedLoop) restore() (*loopState, error) {
	collection, err := value.Restore(l.Collection)
	if err != nil {
		return nil, fmt.Errorf("damaged: the collection of a loop: %w", err)
	}
	remaining, _, err := roundsOf(collection)
	if err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	if !remaining.jump(l.At) {
		return nil, errors.New("damaged: a loop is outside its collection")
	}
	if len(l.Assigned) != 2 {
		return nil, errors.New("damaged: the variables of a loop cannot be read")
	}
	state := &loopState{rounds: remaining, keyAssigned: l.Assigned[0], itemAssigned: l.Assigned[1]}
	if state.key, err = value.Restore(l.Key); err == nil {
		state.item, err = value.Restore(l.Item)
	}
	if err != nil {
		return nil, fmt.Errorf("damaged: the variables of a loop: %w", err)
	}
	return state, nil
}

// jump goes behind the round at an index, or at a number of a range.
func (r *rounds) jump(at int) bool {
	first, last := 0, len(r.list)-1
	switch {
	case r.ranged:
		first, last = r.bounds.From, r.bounds.To
	case r.fields != nil:
		last = len(r.keys) - 1
	}
	r.next = at + 1
	return at >= first && at <= last
}

func (p *pathRestorer) call(s *call, owner *variables) error {
	if len(p.saved) > 0 && p.saved[0].Index != nil {
		return p.entered(s, owner)
	}
	if len(p.saved) == 0 || p.saved[0].Call == nil || p.saved[0].Loop != nil {
		return errPath
	}
	saved := p.saved[0].Call
	pass, err := p.pass(s, saved)
	if err != nil {
		return err
	}
	place := slices.Index(passPlaces, saved.Place)
	state := &passState{callPass: pass}
	t := turn{choice: place, pass: state}
	switch {
	case place == inFailover && s.failover != nil:
		p.take(t)
		return p.block(s.failover, owner)
	case place == inCatch && s.catch != nil:
		p.take(t)
		return p.block(s.catch, owner)
	case place == inFunction && s.function != nil:
		return p.function(s.function, t, saved)
	case place == inComponent && s.component != nil:
		p.take(t)
		p.address = addressOf(s.id, pass.number)
		if len(p.saved) > 0 {
			return errPath
		}
		return nil
	}
	return errPath
}

// entered goes on in a block that a goto led into.
func (p *pathRestorer) entered(s *call, owner *variables) error {
	i, err := p.index(inCatch + 1)
	if err != nil {
		return err
	}
	inner := []*block{inFailover: s.failover, inCatch: s.catch}[i]
	if inner == nil {
		return errPath
	}
	return p.block(inner, owner)
}

func (p *pathRestorer) pass(s *call, saved *savedPass) (*callPass, error) {
	fits := saved.Number >= 1 && saved.Number <= p.passes[s.id] &&
		(s.stop != nil || !saved.Break) &&
		(s.timeout != nil || saved.Timeout == 0) &&
		saved.Timeout >= 0 && (saved.Timeout > 0) == !saved.Deadline.IsZero()
	if !fits {
		return nil, fmt.Errorf("damaged: a call of %s is not as the flow has it", s.name)
	}
	return &callPass{
		number: saved.Number, stop: saved.Break, timeout: saved.Timeout, deadline: saved.Deadline, began: saved.Began,
	}, nil
}

func (p *pathRestorer) function(fn *function, t turn, saved *savedPass) error {
	if p.depth++; p.depth > p.program.limits.CallDepth {
		return fmt.Errorf("its function calls nest deeper than %d; %s", p.program.limits.CallDepth, lang.LimitHint("CallDepth"))
	}
	t.pass.variables = make([]expression.Variable, len(fn.variables.names))
	if err := p.program.restoreVariables(fn.variables, t.pass.variables, saved.Variables); err != nil {
		return err
	}
	p.take(t)
	return p.block(fn.body, fn.variables)
}

// restoreVariables fills the slots of a frame.
func (p *Program) restoreVariables(owner *variables, slots []expression.Variable, saved json.RawMessage) error {
	restored, err := value.Restore(saved)
	if err != nil {
		return fmt.Errorf("damaged: its variables: %w", err)
	}
	named, ok := restored.(map[string]any)
	if !ok {
		return errors.New("damaged: its variables cannot be read")
	}
	for name, v := range named {
		slot, known := owner.slots.find(name)
		if !known || !p.keeps(owner, slot) {
			return fmt.Errorf("damaged: the flow has no variable %.40q", name)
		}
		slots[slot].Put(expression.CellOf(v), 0)
	}
	return nil
}

func (p *Program) restoreFailure(saved savedFailure) (*Error, error) {
	failure := &Error{
		Kind: saved.Kind, Message: saved.Message, Hint: saved.Hint, Component: saved.Component, Stack: saved.Stack,
	}
	if saved.Placed {
		if saved.Span.Start < 0 || saved.Span.End < saved.Span.Start || saved.Span.End > len(p.source.Text) {
			return nil, errors.New("damaged: the place of a failure is not in the source")
		}
		failure.Source, failure.Span = p.source, saved.Span
	}
	if saved.Cause != "" {
		failure.Cause = errors.New(saved.Cause)
	}
	if len(saved.Fields) > 0 {
		fields, err := value.Restore(saved.Fields)
		if err != nil {
			return nil, fmt.Errorf("damaged: the fields of a failure: %w", err)
		}
		failure.Fields, _ = fields.(map[string]any)
	}
	return failure, nil
}

// addressOf is the address of a pass through a call statement.
func addressOf(statement, pass int) string {
	var room [40]byte
	text := strconv.AppendInt(room[:0], int64(statement), 10)
	text = strconv.AppendInt(append(text, '.'), int64(pass), 10)
	return string(text)
}
