package script

import (
	_ "embed"

	"github.com/robertkrimen/otto"
)

// Otto is otto, whose JavaScript is ECMAScript 5: a function is made once and
// called with the values as its arguments.
type Otto struct{}

func (Otto) Name() string   { return "otto" }
func (Otto) Module() string { return "github.com/robertkrimen/otto" }

//go:embed programs/decision.es5.js
var decisionES5 string

// ottoFunction makes the function that a program is.
func ottoFunction(machine *otto.Otto, name, source string) (otto.Value, error) {
	script, err := machine.Compile(name, source)
	if err != nil {
		return otto.Value{}, err
	}
	return machine.Run(script)
}

// ottoQuote is the host function.
func ottoQuote(call otto.FunctionCall) otto.Value {
	amount, err := call.Argument(1).ToInteger()
	if err != nil {
		panic(call.Otto.MakeTypeError(err.Error()))
	}
	quoted, err := otto.ToValue(Quote(call.Argument(0).String(), int(amount)))
	if err != nil {
		panic(call.Otto.MakeTypeError(err.Error()))
	}
	return quoted
}

func (Otto) Decision() (func(*Order) (string, error), error) {
	machine := otto.New()
	if err := machine.Set("quote", ottoQuote); err != nil {
		return nil, err
	}
	decide, err := ottoFunction(machine, "decision.js", decisionES5)
	if err != nil {
		return nil, err
	}
	return func(o *Order) (string, error) {
		text, err := decide.Call(otto.UndefinedValue(),
			o.Name, o.Country, o.Status, o.Channel, o.Total, o.Items, o.Days, o.VIP)
		if err != nil {
			return "", err
		}
		return text.ToString()
	}, nil
}

func (Otto) Condition() (func(*Offer) (bool, error), error) {
	matches, err := ottoFunction(otto.New(), "condition.js", conditionJS)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (bool, error) {
		b, err := matches.Call(otto.UndefinedValue(), o.Amount, o.Status, o.Country)
		if err != nil {
			return false, err
		}
		return b.ToBoolean()
	}, nil
}

func (Otto) Sift() (func(*Offer) (int, error), error) {
	sift, err := ottoFunction(otto.New(), "conditions.js", conditionsJS)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (int, error) {
		matching, err := sift.Call(otto.UndefinedValue(), o.Amount, o.Status, o.Country)
		if err != nil {
			return 0, err
		}
		n, err := matching.ToInteger()
		return int(n), err
	}, nil
}

func (Otto) Loop() (func(rounds int) (int, error), error) {
	loop, err := ottoFunction(otto.New(), "loop.js", loopJS)
	if err != nil {
		return nil, err
	}
	return func(rounds int) (int, error) {
		total, err := loop.Call(otto.UndefinedValue(), rounds)
		if err != nil {
			return 0, err
		}
		n, err := total.ToInteger()
		return int(n), err
	}, nil
}
