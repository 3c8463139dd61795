package script

import (
	"fmt"

	"cel.dev/cel-go/cel"
)

// CEL is cel-go, with its optimizations on and an Activation that reads the offer, which
// takes less time than a map.
type CEL struct{}

func (CEL) Name() string   { return "cel-go" }
func (CEL) Module() string { return "cel.dev/cel-go" }

func (CEL) Condition() (func(*Offer) (bool, error), error) {
	env, err := cel.NewEnv(
		cel.Variable("amount", cel.IntType),
		cel.Variable("status", cel.StringType),
		cel.Variable("country", cel.StringType),
	)
	if err != nil {
		return nil, err
	}
	tree, issues := env.Compile(`amount > 100 && status == "open" && country in ["DE", "FR", "UA"]`)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, err
	}
	variables := new(celOffer)
	return func(o *Offer) (bool, error) {
		variables.offer = o
		matches, _, err := program.Eval(variables)
		if err != nil {
			return false, err
		}
		b, ok := matches.Value().(bool)
		if !ok {
			return false, fmt.Errorf("the condition gave %v", matches.Type())
		}
		return b, nil
	}, nil
}

// celOffer gives the fields of an offer as variables.
type celOffer struct{ offer *Offer }

func (c *celOffer) ResolveName(name string) (any, bool) {
	switch name {
	case "amount":
		return c.offer.Amount, true
	case "status":
		return c.offer.Status, true
	case "country":
		return c.offer.Country, true
	}
	return nil, false
}

func (c *celOffer) Parent() cel.Activation { return nil }

func (e CEL) Sift() (func(*Offer) (int, error), error) { return siftByHost(e) }
