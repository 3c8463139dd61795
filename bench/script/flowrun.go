package script

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
)

// Flowrun is flowrun.
type Flowrun struct{}

func (Flowrun) Name() string   { return "flowrun" }
func (Flowrun) Module() string { return "flowrun" }

var (
	//go:embed programs/decision.flow
	decisionFlow string
	//go:embed programs/condition.flow
	conditionFlow string
	//go:embed programs/conditions.flow
	conditionsFlow string
	//go:embed programs/loop.flow
	loopFlow string
)

// quoted are the settings of the component quote.
type quoted struct {
	Kind   string `flow:"kind,required"`
	Amount int    `flow:"amount,required"`
}

func quote(_ context.Context, s quoted) (int, error) {
	return Quote(s.Kind, s.Amount), nil
}

// flow compiles a program; components are those that it calls.
func flow(name, source string, components ...*runtime.Component) (*runtime.Program, error) {
	engine, err := runtime.New(runtime.WithComponents(components...))
	if err != nil {
		return nil, err
	}
	program, diagnostics := engine.Compile(name, source)
	if program == nil {
		return nil, diagnostics
	}
	return program, nil
}

func (Flowrun) Decision() (func(*Order) (string, error), error) { return decision(decisionFlow) }

// Parts are the decision as far as each of its paragraphs: the inputs, the conditions, the
// switch, the calls, and the text.
func (Flowrun) Parts() (parts []func(*Order) (string, error), err error) {
	paragraphs := strings.Split(decisionFlow, "\n\n")
	for n := range paragraphs {
		source := strings.Join(paragraphs[:n+1], "\n\n")
		if n+1 < len(paragraphs) {
			source += "\nreturn \"\"\n"
		}
		part, err := decision(source)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

func decision(source string) (func(*Order) (string, error), error) {
	program, err := flow("decision.flow", source, runtime.NewComponentFunc("quote", quote))
	if err != nil {
		return nil, err
	}
	decide, err := runtime.FuncOf[Order, string](program)
	return func(o *Order) (string, error) { return decide(context.Background(), o) }, err
}

func (Flowrun) Condition() (func(*Offer) (bool, error), error) {
	program, err := flow("condition.flow", conditionFlow)
	if err != nil {
		return nil, err
	}
	matches, err := runtime.FuncOf[Offer, bool](program)
	return func(o *Offer) (bool, error) { return matches(context.Background(), o) }, err
}

func (Flowrun) Sift() (func(*Offer) (int, error), error) {
	program, err := flow("conditions.flow", conditionsFlow)
	if err != nil {
		return nil, err
	}
	sift, err := runtime.FuncOf[Offer, int](program)
	return func(o *Offer) (int, error) { return sift(context.Background(), o) }, err
}

// turns are the inputs of the loop.
type turns struct {
	Rounds int `flow:"rounds"`
}

func (Flowrun) Loop() (func(rounds int) (int, error), error) {
	program, err := flow("loop.flow", loopFlow)
	if err != nil {
		return nil, err
	}
	loop, err := runtime.FuncOf[turns, int](program)
	return func(rounds int) (int, error) { return loop(context.Background(), &turns{rounds}) }, err
}

func (Flowrun) Statement(n int) string {
	switch n % 4 {
	case 0:
		return fmt.Sprintf("label_%d = \"Order ${order.id} of ${customer.name} is on its way to ${customer.city}, row %d\"\n", n, n)
	case 1:
		return fmt.Sprintf("total_%d = (order.price + order.shipping * %d) * (100 - order.discount) / 100 + order.tax\n", n, n)
	case 2:
		return fmt.Sprintf("if order.total > %d and order.country in [\"DE\", \"FR\", \"UA\"] {\n  level_%d = \"silver\"\n}\n", n, n)
	default:
		return fmt.Sprintf("quote_%d = quote < kind: \"freight\", amount: order.items + %d, country: order.country, fast: true >\n", n, n)
	}
}

func (Flowrun) Parse(source string) error {
	_, diagnostics := lang.Parse("parse.flow", source)
	return diagnostics.Err()
}
