package script

import (
	_ "embed"
	"errors"

	"github.com/d5/tengo/v2"
)

// Tengo is tengo: the values are set as the compiled script's variables before each
// run, and the result is read from one. Compiled.Run, which its documentation shows,
// makes a virtual machine with a stack of its own for each run.
type Tengo struct{}

func (Tengo) Name() string   { return "tengo" }
func (Tengo) Module() string { return "github.com/d5/tengo/v2" }

var (
	//go:embed programs/decision.tengo
	decisionTengo string
	//go:embed programs/condition.tengo
	conditionTengo string
	//go:embed programs/conditions.tengo
	conditionsTengo string
	//go:embed programs/loop.tengo
	loopTengo string
)

// variables of a script with their values.
type variables []struct {
	name  string
	value any
}

// tengoScript compiles a script with these variables.
func tengoScript(source string, declared variables) (*tengo.Compiled, error) {
	script := tengo.NewScript([]byte(source))
	for _, variable := range declared {
		if err := script.Add(variable.name, variable.value); err != nil {
			return nil, err
		}
	}
	return script.Compile()
}

// tengoRun runs a compiled script and gives the variable that is its result.
func tengoRun(compiled *tengo.Compiled, given variables, result string) (*tengo.Variable, error) {
	for _, variable := range given {
		if err := compiled.Set(variable.name, variable.value); err != nil {
			return nil, err
		}
	}
	if err := compiled.Run(); err != nil {
		return nil, err
	}
	return compiled.Get(result), nil
}

func tengoQuote(arguments ...tengo.Object) (tengo.Object, error) {
	if len(arguments) != 2 {
		return nil, tengo.ErrWrongNumArguments
	}
	kind, isText := tengo.ToString(arguments[0])
	amount, isInt := tengo.ToInt(arguments[1])
	if !isText || !isInt {
		return nil, errors.New("quote wants a text and an int")
	}
	return &tengo.Int{Value: int64(Quote(kind, amount))}, nil
}

func orderVariables(o *Order) variables {
	return variables{
		{"name", o.Name}, {"country", o.Country}, {"status", o.Status}, {"channel", o.Channel},
		{"total", o.Total}, {"items", o.Items}, {"days", o.Days}, {"vip", o.VIP},
	}
}

func (Tengo) Decision() (func(*Order) (string, error), error) {
	declared := append(orderVariables(&Order{}),
		variables{{"quote", &tengo.UserFunction{Name: "quote", Value: tengoQuote}}}...)
	compiled, err := tengoScript(decisionTengo, declared)
	if err != nil {
		return nil, err
	}
	return func(o *Order) (string, error) {
		text, err := tengoRun(compiled, orderVariables(o), "subject")
		if err != nil {
			return "", err
		}
		return text.String(), nil
	}, nil
}

func offerVariables(o *Offer) variables {
	return variables{{"amount", o.Amount}, {"status", o.Status}, {"country", o.Country}}
}

func (Tengo) Condition() (func(*Offer) (bool, error), error) {
	compiled, err := tengoScript(conditionTengo, offerVariables(&Offer{}))
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (bool, error) {
		b, err := tengoRun(compiled, offerVariables(o), "open")
		if err != nil {
			return false, err
		}
		return b.Bool(), nil
	}, nil
}

func (Tengo) Sift() (func(*Offer) (int, error), error) {
	compiled, err := tengoScript(conditionsTengo, offerVariables(&Offer{}))
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (int, error) {
		matching, err := tengoRun(compiled, offerVariables(o), "matching")
		if err != nil {
			return 0, err
		}
		return matching.Int(), nil
	}, nil
}

func (Tengo) Loop() (func(rounds int) (int, error), error) {
	compiled, err := tengoScript(loopTengo, variables{{"rounds", 0}})
	if err != nil {
		return nil, err
	}
	return func(rounds int) (int, error) {
		total, err := tengoRun(compiled, variables{{"rounds", rounds}}, "result")
		if err != nil {
			return 0, err
		}
		return total.Int(), nil
	}, nil
}
