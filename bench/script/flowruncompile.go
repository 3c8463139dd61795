package script

import (
	"context"

	"flowrun/runtime"
)

// FlowrunCompile is flowrun with all that comes after parsing: lang.Parse leaves
// the inside of expressions to Engine.Compile, while the parsers of others read it.
// Compile also resolves names, checks calls and compiles the expressions.
type FlowrunCompile struct{}

func (FlowrunCompile) Name() string           { return "flowrun, compiled" }
func (FlowrunCompile) Module() string         { return "flowrun" }
func (FlowrunCompile) Statement(n int) string { return Flowrun{}.Statement(n) }

// declarations are what the statements use.
const declarations = "input order: map\ninput customer: map\n"

// listed are the settings of the calls in the statements.
type listed struct {
	Kind    string `flow:"kind,required"`
	Amount  int    `flow:"amount,required"`
	Country string `flow:"country"`
	Fast    bool   `flow:"fast"`
}

func (FlowrunCompile) Parse(source string) error {
	called := runtime.NewComponent("quote", func(context.Context, *runtime.Call, *listed) (any, error) { return nil, nil })
	engine, err := runtime.New(runtime.WithComponents(called), runtime.WithLimits(runtime.Limits{Source: 4 << 20}))
	if err != nil {
		return err
	}
	program, diagnostics := engine.Compile("parse.flow", declarations+source)
	if program == nil {
		return diagnostics
	}
	return nil
}
