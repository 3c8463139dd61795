package script

import (
	_ "embed"
	"fmt"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// Goja is goja: a function is made once and called with the values as its
// arguments. The host function is a native one, which needs no reflection.
type Goja struct{}

func (Goja) Name() string   { return "goja" }
func (Goja) Module() string { return "github.com/dop251/goja" }

var (
	//go:embed programs/decision.js
	decisionJS string
	//go:embed programs/condition.js
	conditionJS string
	//go:embed programs/conditions.js
	conditionsJS string
	//go:embed programs/loop.js
	loopJS string
)

// gojaFunction makes the function that a program is.
func gojaFunction(machine *goja.Runtime, name, source string) (goja.Callable, error) {
	program, err := goja.Compile(name, source, true)
	if err != nil {
		return nil, err
	}
	made, err := machine.RunProgram(program)
	if err != nil {
		return nil, err
	}
	function, ok := goja.AssertFunction(made)
	if !ok {
		return nil, fmt.Errorf("%s is no function", name)
	}
	return function, nil
}

func (Goja) Decision() (func(*Order) (string, error), error) {
	machine := goja.New()
	machine.Set("quote", func(call goja.FunctionCall) goja.Value {
		return machine.ToValue(Quote(call.Argument(0).String(), int(call.Argument(1).ToInteger())))
	})
	decide, err := gojaFunction(machine, "decision.js", decisionJS)
	if err != nil {
		return nil, err
	}
	return func(o *Order) (string, error) {
		text, err := decide(goja.Undefined(),
			machine.ToValue(o.Name), machine.ToValue(o.Country), machine.ToValue(o.Status), machine.ToValue(o.Channel),
			machine.ToValue(o.Total), machine.ToValue(o.Items), machine.ToValue(o.Days), machine.ToValue(o.VIP))
		if err != nil {
			return "", err
		}
		return text.String(), nil
	}, nil
}

func (Goja) Condition() (func(*Offer) (bool, error), error) {
	machine := goja.New()
	matches, err := gojaFunction(machine, "condition.js", conditionJS)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (bool, error) {
		b, err := matches(goja.Undefined(), machine.ToValue(o.Amount), machine.ToValue(o.Status), machine.ToValue(o.Country))
		if err != nil {
			return false, err
		}
		return b.ToBoolean(), nil
	}, nil
}

func (Goja) Sift() (func(*Offer) (int, error), error) {
	machine := goja.New()
	sift, err := gojaFunction(machine, "conditions.js", conditionsJS)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (int, error) {
		matching, err := sift(goja.Undefined(), machine.ToValue(o.Amount), machine.ToValue(o.Status), machine.ToValue(o.Country))
		if err != nil {
			return 0, err
		}
		return int(matching.ToInteger()), nil
	}, nil
}

func (Goja) Loop() (func(rounds int) (int, error), error) {
	machine := goja.New()
	loop, err := gojaFunction(machine, "loop.js", loopJS)
	if err != nil {
		return nil, err
	}
	return func(rounds int) (int, error) {
		total, err := loop(goja.Undefined(), machine.ToValue(rounds))
		if err != nil {
			return 0, err
		}
		return int(total.ToInteger()), nil
	}, nil
}

func (Goja) Statement(n int) string {
	switch n % 4 {
	case 0:
		return fmt.Sprintf("let label_%d = `Order ${order.id} of ${customer.name} is on its way to ${customer.city}, row %d`;\n", n, n)
	case 1:
		return fmt.Sprintf("let total_%d = (order.price + order.shipping * %d) * (100 - order.discount) / 100 + order.tax;\n", n, n)
	case 2:
		return fmt.Sprintf("if (order.total > %d && [\"DE\", \"FR\", \"UA\"].includes(order.country)) {\n  level_%d = \"silver\";\n}\n", n, n)
	default:
		return fmt.Sprintf("let quote_%d = quote({ kind: \"freight\", amount: order.items + %d, country: order.country, fast: true });\n", n, n)
	}
}

func (Goja) Parse(source string) error {
	_, err := parser.ParseFile(nil, "parse.js", source, 0)
	return err
}
