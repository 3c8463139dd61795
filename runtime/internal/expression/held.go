package expression

import (
	"fmt"

	"flowrun/runtime/value"

	"github.com/expr-lang/expr/vm"
)

// checkHeld measures what the VMs hold.
func (m *Machine) checkHeld() error {
	held := &holdings{budget: value.Budget{Bytes: m.limits.Variables, Depth: m.limits.Depth + 1}, left: m.limits.Variables - m.host.Held()}
	for _, machine := range m.vms[:m.level] {
		held.vm(machine)
	}
	held.all(m.handed[:])
	held.cells(m.stack)
	held.cells(m.shared)
	if held.left < 0 {
		return &value.LimitError{
			Message: fmt.Sprintf("the variables and what this expression holds would take more than %s", value.FormatBytes(m.limits.Variables)),
			Option:  "Variables",
		}
	}
	return m.spend(m.limits.Variables - held.left)
}

// holdings add up what is held.
type holdings struct {
	budget value.Budget
	left   int
}

func (h *holdings) vm(machine *vm.VM) {
	h.all(machine.Stack)
	h.all(machine.Variables)
	for _, scope := range machine.Scopes {
		h.all(scope.Anys)
		h.add(scope.Acc)
	}
}

func (h *holdings) cells(cells []Cell) {
	for i := range cells {
		if cells[i].IsScalar() {
			h.left -= value.PlainSize
		} else {
			h.add(cells[i].Value())
		}
	}
}

func (h *holdings) all(values []any) {
	for _, v := range values {
		h.add(v)
	}
}

func (h *holdings) add(v any) {
	switch v := v.(type) {
	case pair:
		h.add(v.key)
		h.add(v.element)
		return
	case *Machine:
		return
	}
	if h.left < 0 {
		return
	}
	h.budget.Bytes = h.left + 1
	size, err := h.budget.Size(v)
	if err != nil {
		size = h.left + 1
	}
	h.left -= size
}
