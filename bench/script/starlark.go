package script

import (
	_ "embed"
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Starlark is starlark-go: a file that defines a function is run once, and the
// function called on a thread of its own for each run.
type Starlark struct{}

func (Starlark) Name() string   { return "starlark-go" }
func (Starlark) Module() string { return "go.starlark.net" }

var (
	//go:embed programs/decision.star
	decisionStar string
	//go:embed programs/condition.star
	conditionStar string
	//go:embed programs/conditions.star
	conditionsStar string
	//go:embed programs/loop.star
	loopStar string
)

var starlarkOptions = &syntax.FileOptions{}

// starlarkFunction gives a function that a file defines.
func starlarkFunction(file, source, function string, host starlark.StringDict) (starlark.Value, error) {
	globals, err := starlark.ExecFileOptions(starlarkOptions, &starlark.Thread{Name: file}, file, source, host)
	if err != nil {
		return nil, err
	}
	return globals[function], nil
}

func starlarkQuote(_ *starlark.Thread, called *starlark.Builtin, arguments starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	var kind string
	var amount int
	if err := starlark.UnpackPositionalArgs(called.Name(), arguments, named, 2, &kind, &amount); err != nil {
		return nil, err
	}
	return starlark.MakeInt(Quote(kind, amount)), nil
}

func (Starlark) Decision() (func(*Order) (string, error), error) {
	decide, err := starlarkFunction("decision.star", decisionStar, "decide",
		starlark.StringDict{"quote": starlark.NewBuiltin("quote", starlarkQuote)})
	if err != nil {
		return nil, err
	}
	return func(o *Order) (string, error) {
		text, err := starlark.Call(&starlark.Thread{}, decide, starlark.Tuple{
			starlark.String(o.Name), starlark.String(o.Country), starlark.String(o.Status), starlark.String(o.Channel),
			starlark.MakeInt(o.Total), starlark.MakeInt(o.Items), starlark.MakeInt(o.Days), starlark.Bool(o.VIP),
		}, nil)
		if err != nil {
			return "", err
		}
		s, ok := starlark.AsString(text)
		if !ok {
			return "", fmt.Errorf("decide returned a %s", text.Type())
		}
		return s, nil
	}, nil
}

func (Starlark) Condition() (func(*Offer) (bool, error), error) {
	matches, err := starlarkFunction("condition.star", conditionStar, "matches", nil)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (bool, error) {
		b, err := starlark.Call(&starlark.Thread{}, matches, offered(o), nil)
		if err != nil {
			return false, err
		}
		return bool(b.Truth()), nil
	}, nil
}

// offered are the arguments for an offer.
func offered(o *Offer) starlark.Tuple {
	return starlark.Tuple{starlark.MakeInt(o.Amount), starlark.String(o.Status), starlark.String(o.Country)}
}

func (Starlark) Sift() (func(*Offer) (int, error), error) {
	sift, err := starlarkFunction("conditions.star", conditionsStar, "sift", nil)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (int, error) {
		matching, err := starlark.Call(&starlark.Thread{}, sift, offered(o), nil)
		if err != nil {
			return 0, err
		}
		return starlark.AsInt32(matching)
	}, nil
}

func (Starlark) Loop() (func(rounds int) (int, error), error) {
	loop, err := starlarkFunction("loop.star", loopStar, "loop", nil)
	if err != nil {
		return nil, err
	}
	return func(rounds int) (int, error) {
		total, err := starlark.Call(&starlark.Thread{}, loop, starlark.Tuple{starlark.MakeInt(rounds)}, nil)
		if err != nil {
			return 0, err
		}
		return starlark.AsInt32(total)
	}, nil
}

func (Starlark) Statement(n int) string {
	switch n % 4 {
	case 0:
		return fmt.Sprintf("label_%d = \"Order %%d of %%s is on its way to %%s, row %d\" %% (order.id, customer.name, customer.city)\n", n, n)
	case 1:
		return fmt.Sprintf("total_%d = (order.price + order.shipping * %d) * (100 - order.discount) / 100 + order.tax\n", n, n)
	case 2:
		return fmt.Sprintf("if order.total > %d and order.country in [\"DE\", \"FR\", \"UA\"]:\n    level_%d = \"silver\"\n", n, n)
	default:
		return fmt.Sprintf("quote_%d = quote(kind = \"freight\", amount = order.items + %d, country = order.country, fast = True)\n", n, n)
	}
}

func (Starlark) Parse(source string) error {
	_, err := starlarkOptions.Parse("parse.star", source, 0)
	return err
}
