package script

import (
	"context"
	"fmt"

	"flowrun/runtime"
)

// FlowrunRun is flowrun by Program.Run, which takes a map of inputs and gives an outcome
// with variables to keep, and with a component of NewComponent, which gets its Call.
type FlowrunRun struct{}

func (FlowrunRun) Name() string   { return "flowrun, Program.Run" }
func (FlowrunRun) Module() string { return "flowrun" }

func (FlowrunRun) Decision() (func(*Order) (string, error), error) {
	program, err := flow("decision.flow", decisionFlow,
		runtime.NewComponent("quote", func(_ context.Context, _ *runtime.Call, s *quoted) (any, error) {
			return Quote(s.Kind, s.Amount), nil
		}))
	if err != nil {
		return nil, err
	}
	return func(o *Order) (string, error) {
		return resultOfRun[string](program, runtime.Inputs{
			"name": o.Name, "country": o.Country, "status": o.Status, "channel": o.Channel,
			"total": o.Total, "items": o.Items, "days": o.Days, "vip": o.VIP,
		})
	}, nil
}

func (FlowrunRun) Condition() (func(*Offer) (bool, error), error) {
	program, err := flow("condition.flow", conditionFlow)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (bool, error) {
		return resultOfRun[bool](program, runtime.Inputs{"amount": o.Amount, "status": o.Status, "country": o.Country})
	}, nil
}

// resultOfRun runs a program and gives what it returns.
func resultOfRun[T any](program *runtime.Program, inputs runtime.Inputs) (result T, err error) {
	outcome, err := program.Run(context.Background(), inputs)
	if err != nil {
		return result, err
	}
	result, ok := outcome.Result.(T)
	if !ok {
		return result, fmt.Errorf("the flow returned %T", outcome.Result)
	}
	return result, nil
}
