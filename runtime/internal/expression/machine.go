package expression

import (
	"errors"
	"math"
	"sync"

	"flowrun/lang"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// Machine evaluates compiled expressions for one run. It is not for concurrent
// use.
type Machine struct {
	host    Host
	counter *Counter
	frame   *Frame
	// vms evaluate the expression itself and, one level each, predicates inside
	// predicates: expr's VM frees what a predicate takes only at its end.
	vms   []*vm.VM
	level int
	// handed are the list and the initial value for the predicate of the next
	// level.
	handed [2]any

	// stack holds the operands that closures have evaluated while they evaluate
	// others, shared the values that stand between two comparisons.
	stack     []Cell
	shared    []Cell
	arguments []any  // room for those of an operation
	written   []byte // room for a template

	limits  Limits
	budget  value.Budget  // of the values that are made, with the work counted
	bounds  *value.Budget // the same without counting, for what outlives the evaluation
	spent   int           // bytes that are no whole step yet
	fresh   int           // bytes made since what is held was looked at
	scalars bool          // a plain value is no larger than a value may be
	used    bool          // an evaluation has left something behind
	known   knownSizes
}

// NewMachine makes a Machine for a run.
func NewMachine(host Host, limits Limits) *Machine {
	limits = limits.withDefaults()
	m := machines.Get().(*Machine)
	m.host, m.counter, m.limits, m.scalars = host, host.Counter(), limits, limits.Value >= value.PlainSize
	m.budget.Bytes, m.budget.Depth = limits.Value, limits.Depth
	if m.bounds == nil || m.bounds.Bytes != limits.Value || m.bounds.Depth != limits.Depth {
		m.bounds = &value.Budget{Bytes: limits.Value, Depth: limits.Depth}
	}
	return m
}

// machines are those of runs that have ended, so that the next run need not make
// all the room that evaluations take.
var machines = sync.Pool{New: func() any {
	m := &Machine{}
	m.budget.Spend = m.spend
	return m
}}

// Release is the end of the run: nobody uses the Machine any more.
func (m *Machine) Release() {
	*m = Machine{
		budget: value.Budget{Spend: m.budget.Spend}, bounds: m.bounds,
		stack: m.cleared(), arguments: m.arguments[:0], written: m.written[:0],
	}
	machines.Put(m)
}

// Renew is the end of the run for a Machine that the next run of the same host, with
// the same limits, uses again.
func (m *Machine) Renew() {
	m.frame, m.vms = nil, nil
	if m.used || len(m.stack) > 0 {
		m.stack, m.handed = m.cleared(), [2]any{}
	}
	clear(m.shared)
	m.shared = m.shared[:0] // what is in use counts as held
	m.level, m.spent, m.fresh, m.used = 0, 0, 0, false
	m.Forget()
}

// cleared is the room of the stack without what is on it.
func (m *Machine) cleared() []Cell {
	if clear(m.stack); cap(m.stack) > mostKept/32 {
		return nil
	}
	return m.stack[:0]
}

// Budget bounds the values of the run and counts the work of going through them.
func (m *Machine) Budget() *value.Budget { return &m.budget }

// Size is the size of a value as its Budget counts it. Going through the value
// counts as work.
func (m *Machine) Size(v any) (int, error) {
	list, ok := v.([]any)
	long := ok && len(list) >= longList
	if long {
		if size, ok := m.known.find(list); ok {
			return size, nil
		}
	}
	size, err := m.budget.Size(v)
	if err != nil {
		return 0, err
	}
	if long {
		m.known.remember(list, size)
	}
	return size, m.spend(measuringEffort * size)
}

// measuringEffort is what it costs to measure a byte, beside going through one.
const measuringEffort = 2

// Forget drops what the Machine knows of the lists that it has seen, as if it
// were new.
func (m *Machine) Forget() {
	if m.known.some {
		m.known = knownSizes{}
	}
}

// Eval evaluates an expression with the variables of frame. The error is an
// *Error.
func (m *Machine) Eval(x *Compiled, frame *Frame) (any, error) {
	if x.constant {
		return x.value, nil
	}
	if x.code.cell == nil {
		return m.onVM(x, frame)
	}
	c, err := m.Cell(x, frame)
	return c.Value(), err
}

// Cell is Eval for a value that stays in a Cell.
func (m *Machine) Cell(x *Compiled, frame *Frame) (Cell, error) {
	if own := x.code.own; own > 0 && frame.Own[own-1].IsSet() {
		return frame.Own[own-1].Cell, nil
	}
	if x.code.cell == nil {
		v, err := m.Eval(x, frame)
		return CellOf(v), err
	}
	if err := m.start(x, frame); err != nil {
		return Cell{}, err
	}
	c, err := x.code.cell(m)
	if err != nil {
		return Cell{}, m.failed(err, x)
	}
	return c, nil
}

// NotBool is the error of a condition that is neither true nor false.
type NotBool struct{ Value any }

func (*NotBool) Error() string { return "the condition is neither true nor false" }

// Condition is Eval for what must be true or false; another value is a *NotBool.
func (m *Machine) Condition(x *Compiled, frame *Frame) (bool, error) {
	if x.code.truth == nil {
		c, err := m.Cell(x, frame)
		if err == nil && c.kind != cellBool {
			err = &NotBool{c.Value()}
		}
		return c.number != 0, err
	}
	if err := m.start(x, frame); err != nil {
		return false, err
	}
	holds, err := x.code.truth(m)
	if err != nil {
		return false, m.failed(err, x)
	}
	return holds, nil
}

// Text is Eval for what MakesText.
func (m *Machine) Text(x *Compiled, frame *Frame) (string, error) {
	if err := m.start(x, frame); err != nil {
		return "", err
	}
	text, err := x.code.text(m)
	if err != nil {
		return "", m.failed(err, x)
	}
	return text, nil
}

// start prepares for an evaluation. Mostly there is nothing to do.
func (m *Machine) start(x *Compiled, frame *Frame) error {
	if m.frame != frame {
		m.frame = frame
	}
	if x.prepare || m.used {
		return m.prepare(x)
	}
	return nil
}

// prepare does all of begin where there is nothing to do but to count steps.
func (m *Machine) prepare(x *Compiled) error {
	c := m.counter
	if m.used || x.code.shared > 0 || c == nil || c.Taken+int(x.weight) >= c.CheckAt {
		return m.begin(x)
	}
	c.Taken += int(x.weight)
	return nil
}

// begin prepares for an evaluation: it counts the steps for the length of the
// expression, and what an evaluation before has left behind goes.
func (m *Machine) begin(x *Compiled) error {
	if m.used {
		m.level, m.fresh, m.used = 0, 0, false
		clear(m.stack)
		m.stack = m.stack[:0]
	}
	if shared := int(x.code.shared); len(m.shared) < shared {
		m.shared = append(m.shared[:0], make([]Cell, shared)...)
	}
	if x.weight == 0 {
		return nil
	}
	if err := m.count(int(x.weight)); err != nil {
		return failure((&place{whole: x.span}).locate(err), x.span)
	}
	return nil
}

// failed ends an evaluation that met an error.
func (m *Machine) failed(err error, x *Compiled) error {
	m.used = true
	return failure(err, x.span)
}

// onVM evaluates an expression on expr's VM.
func (m *Machine) onVM(x *Compiled, frame *Frame) (any, error) {
	if x.broken {
		return nil, &Error{Span: x.span, Message: "the expression does not compile"}
	}
	m.frame = frame
	if err := m.begin(x); err != nil {
		return nil, err
	}
	v, err := m.run(x.details.program)
	m.handed, m.used = [2]any{}, true
	if err != nil {
		return nil, failure(err, x.span)
	}
	return v, nil
}

func (m *Machine) run(program *vm.Program) (any, error) {
	if m.level == len(m.vms) {
		m.vms = append(m.vms, &vm.VM{MemoryBudget: math.MaxUint})
	}
	machine := m.vms[m.level]
	m.level++
	v, err := machine.Run(program, m)
	clear(machine.Variables) // which would count as held
	m.level--
	return v, err
}

// failure finds our error in what the VM made of it.
func failure(err error, span lang.Span) error {
	var placed *Error
	if errors.As(err, &placed) {
		return placed
	}
	var unknown *file.Error
	if errors.As(err, &unknown) {
		return &Error{Span: span, Message: "the expression cannot be evaluated"}
	}
	return &Error{Span: span, Message: err.Error()}
}
