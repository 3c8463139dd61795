package expression

import (
	"errors"
	"math"

	"flowrun/lang"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// Machine evaluates compiled expressions for one run. It is not for concurrent
// use.
type Machine struct {
	host  Host
	frame Frame
	// vms evaluate the expression itself and, one level each, predicates inside
	// predicates: expr's VM frees what a predicate takes only at its end.
	vms   []*vm.VM
	level int
	// handed are the list and the initial value for the predicate of the next
	// level.
	handed [2]any

	limits Limits
	budget value.Budget  // of the values that are made, with the work counted
	bounds *value.Budget // the same without counting, for what outlives the evaluation
	spent  int           // bytes that are no whole step yet
	fresh  int           // bytes made since what is held was looked at
	known  knownSizes
}

// NewMachine makes a Machine for a run.
func NewMachine(host Host, limits Limits) *Machine {
	limits = limits.withDefaults()
	m := &Machine{host: host, limits: limits}
	m.bounds = &value.Budget{Bytes: limits.Value, Depth: limits.Depth}
	m.budget = *m.bounds
	m.budget.Spend = m.spend
	return m
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
func (m *Machine) Forget() { m.known = knownSizes{} }

// Eval evaluates an expression with the variables of frame. The error is an
// *Error.
func (m *Machine) Eval(x *Compiled, frame Frame) (any, error) {
	if x.constant {
		return x.value, nil
	}
	if x.broken {
		return nil, &Error{Span: x.span, Message: "the expression does not compile"}
	}
	m.frame, m.level, m.fresh = frame, 0, 0
	if x.weight > 0 {
		if err := m.count(x.weight); err != nil {
			return nil, failure((&place{whole: x.span}).locate(err), x.span)
		}
	}
	v, err := m.run(x.program)
	m.frame, m.handed = nil, [2]any{}
	if err != nil {
		return nil, failure(err, x.span)
	}
	return v, nil
}

func (m *Machine) run(program *vm.Program) (any, error) {
	if m.level == len(m.vms) {
		m.vms = append(m.vms, &vm.VM{MemoryBudget: math.MaxUint})
	}
	m.level++
	v, err := m.vms[m.level-1].Run(program, m)
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
