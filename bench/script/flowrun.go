package script

import (
	"context"
	_ "embed"
	"fmt"

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

// result runs a program and gives what it returns.
func result[T any](program *runtime.Program, inputs runtime.Inputs) (returned T, err error) {
	outcome, err := program.Run(context.Background(), inputs)
	if err != nil {
		return returned, err
	}
	returned, ok := outcome.Result.(T)
	if !ok {
		return returned, fmt.Errorf("the flow returned %T", outcome.Result)
	}
	return returned, nil
}

func (Flowrun) Decision() (func(*Order) (string, error), error) {
	program, err := flow("decision.flow", decisionFlow, runtime.NewComponentFunc("quote", quote))
	if err != nil {
		return nil, err
	}
	return func(o *Order) (string, error) {
		return result[string](program, runtime.Inputs{
			"name": o.Name, "country": o.Country, "status": o.Status, "channel": o.Channel,
			"total": o.Total, "items": o.Items, "days": o.Days, "vip": o.VIP,
		})
	}, nil
}

// Condition reuses the map of inputs, as is done for expr and CEL.
func (Flowrun) Condition() (func(*Offer) (bool, error), error) {
	program, err := flow("condition.flow", conditionFlow)
	if err != nil {
		return nil, err
	}
	inputs := runtime.Inputs{}
	return func(o *Offer) (bool, error) {
		inputs["amount"], inputs["status"], inputs["country"] = o.Amount, o.Status, o.Country
		return result[bool](program, inputs)
	}, nil
}

func (Flowrun) Sift() (func(*Offer) (int, error), error) {
	program, err := flow("conditions.flow", conditionsFlow)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (int, error) {
		return result[int](program, runtime.Inputs{"most": o.Amount, "status": o.Status, "country": o.Country})
	}, nil
}

func (Flowrun) Loop() (func(rounds int) (int, error), error) {
	program, err := flow("loop.flow", loopFlow)
	if err != nil {
		return nil, err
	}
	return func(rounds int) (int, error) {
		return result[int](program, runtime.Inputs{"rounds": rounds})
	}, nil
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
