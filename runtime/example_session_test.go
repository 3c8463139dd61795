package runtime_test

import (
	"context"
	"fmt"

	"flowrun/runtime"
)

// A session is for hosts with a prompt, or a page where people try things: what one
// entry assigns the next one reads.
func ExampleSession() {
	engine, err := runtime.New(runtime.WithGlobals(map[string]any{"rate": 0.2}))
	if err != nil {
		fmt.Println(err)
		return
	}
	session := engine.NewSession()
	for _, entry := range []string{
		"function tax < net > { return net * rate }",
		"net = 50",
		"tax < net: net >",
		"net / 0",
		"nett",
	} {
		evaluation, diagnostics, err := session.Eval(context.Background(), "entry", entry)
		switch {
		case diagnostics.HasErrors():
			fmt.Println(diagnostics.Err())
		case err != nil:
			fmt.Println(err)
		case evaluation.Given:
			fmt.Println(evaluation.Value)
		}
	}
	// Output:
	// 10
	// entry:1:1: division by zero
	// entry:1:1: nett is not declared
}
