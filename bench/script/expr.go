package script

import (
	"fmt"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Expr is expr with its own virtual machine: one machine and one map of variables
// for all runs, as its documentation recommends for speed.
type Expr struct{}

func (Expr) Name() string   { return "expr" }
func (Expr) Module() string { return "github.com/expr-lang/expr" }

func (Expr) Condition() (func(*Offer) (bool, error), error) {
	variables := map[string]any{"amount": 0, "status": "", "country": ""}
	program, err := expr.Compile(`amount > 100 && status == "open" && country in ["DE", "FR", "UA"]`,
		expr.Env(variables), expr.AsBool())
	if err != nil {
		return nil, err
	}
	machine := vm.VM{}
	return func(o *Offer) (bool, error) {
		variables["amount"], variables["status"], variables["country"] = o.Amount, o.Status, o.Country
		matches, err := machine.Run(program, variables)
		if err != nil {
			return false, err
		}
		b, ok := matches.(bool)
		if !ok {
			return false, fmt.Errorf("the condition gave %T", matches)
		}
		return b, nil
	}, nil
}

func (e Expr) Sift() (func(*Offer) (int, error), error) { return siftByHost(e) }
