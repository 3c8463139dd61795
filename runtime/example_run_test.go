package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"sync"
	"time"

	"flowrun/lang"
	"flowrun/runtime"
)

// An engine compiles, a program runs.
func Example() {
	engine, err := runtime.New(runtime.WithGlobals(map[string]any{"company": "Acme"}))
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("greet.flow", `
input name: string
return "Dear ${name}, yours, ${company}"
`)
	if program == nil {
		log.Fatal(problems)
	}
	outcome, err := program.Run(context.Background(), runtime.Inputs{"name": "Ann"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Result)
	// Output: Dear Ann, yours, Acme
}

// Every problem of a source comes at once, each with its place and an excerpt.
func ExampleEngine_Compile() {
	engine, err := runtime.New()
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("order.flow", `
input order: map
total = ordr.price * 1.2
send < to: order.email >
`)
	if program == nil {
		_ = problems.Render(os.Stdout, lang.RenderOptions{})
	}
	// Output:
	// order.flow:3:9: error: ordr is not declared
	//     3 | total = ordr.price * 1.2
	//       |         ^^^^ did you mean "order"?
	// order.flow:4:1: error: unknown component "send"
	//     4 | send < to: order.email >
	//       | ^^^^
}

// Customer is a struct of the host.
type Customer struct {
	Name    string
	Orders  []Order
	Balance int    `expr:"-"` // hidden
	token   string // unexported: no flow reads it
}

// Order is a part of one.
type Order struct{ Price float64 }

// String is the text of a customer in templates.
func (c *Customer) String() string { return c.Name }

// Block is a method, which no flow can call.
func (c *Customer) Block() { c.token = "" }

// Values of the host pass in as they are; flows read the exported fields of
// structs under their own names, and cannot change them.
func ExampleInputs() {
	engine, err := runtime.New()
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("total.flow", `
input customer: map
return "${customer} owes ${sum(customer.Orders, .Price)}"
`)
	if program == nil {
		log.Fatal(problems)
	}
	ann := &Customer{Name: "Ann", Orders: []Order{{Price: 12.5}, {Price: 30}}, Balance: -7, token: "t"}
	outcome, err := program.Run(context.Background(), runtime.Inputs{"customer": ann})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Result)
	for _, field := range []string{"Balance", "token", "Block()"} {
		program, problems := engine.Compile("peek.flow", "input customer\nreturn customer."+field)
		if program == nil {
			fmt.Println(problems)
			continue
		}
		_, err := program.Run(context.Background(), runtime.Inputs{"customer": ann})
		fmt.Println(err)
	}
	// Output:
	// Ann owes 42.5
	// peek.flow:2:17: the struct has no field "Balance"
	// peek.flow:2:17: the struct has no field "token"
	// peek.flow:2:17: there is no method "Block"
}

// A run that takes too much ends with an error of kind resource, which names the
// limit; one that the host cancels ends with kind cancelled.
func ExampleWithLimits() {
	engine, err := runtime.New(runtime.WithLimits(runtime.Limits{Steps: 100_000, Variables: 1 << 20}))
	if err != nil {
		log.Fatal(err)
	}
	run := func(ctx context.Context, source string) {
		program, problems := engine.Compile("hostile.flow", source)
		if program == nil {
			log.Fatal(problems)
		}
		_, err := program.Run(ctx, nil)
		var failed *runtime.Error
		if errors.As(err, &failed) {
			fmt.Printf("%s: %s\n", failed.Kind, failed)
		}
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), time.Minute, errors.New("a flow has a minute"))
	run(ctx, `while true { }`)
	run(ctx, `text = repeat("x", 2_000_000)`)
	cancel()
	run(ctx, `while true { }`)
	// Output:
	// resource: hostile.flow:1:7: the run took more than 100000 steps
	// resource: hostile.flow:1:1: the run would hold more than 1 MiB in its variables
	// cancelled: the run was cancelled
}

// One program serves any number of runs at once, and none of them sees another.
func ExampleProgram_Run_concurrent() {
	engine, err := runtime.New()
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("double.flow", "input n: int\nn = n * 2\nreturn n")
	if program == nil {
		log.Fatal(problems)
	}
	results := make([]any, 100)
	room := make(chan struct{}, 8) // so many at once, since each may hold Limits.Variables
	var runs sync.WaitGroup
	for n := range results {
		room <- struct{}{}
		runs.Go(func() {
			defer func() { <-room }()
			outcome, err := program.Run(context.Background(), runtime.Inputs{"n": n})
			if err != nil {
				log.Print(err)
				return
			}
			results[n] = outcome.Result
		})
	}
	runs.Wait()
	fmt.Println(results[0], results[21], results[99])
	// Output: 0 42 198
}

// An observer is told what a run does, in order.
func ExampleWithObserver() {
	say := runtime.NewComponent("say", func(_ context.Context, call *runtime.Call, s *struct {
		Text string `flow:"text,required"`
	}) (any, error) {
		return len(s.Text), nil
	})
	engine, err := runtime.New(runtime.WithComponents(say))
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("say.flow", `n = say < text: "hello", description: "greets" >`)
	if program == nil {
		log.Fatal(problems)
	}
	_, err = program.Run(context.Background(), nil, runtime.WithRunID("run-7"), runtime.WithObserver(func(e runtime.Event) {
		switch e.Kind {
		case runtime.CallStarted:
			fmt.Println(e.Run, "calls", e.Call.Component, e.Settings)
		case runtime.CallEnded:
			fmt.Println(e.Call.Description, "and gives", e.Result)
		}
	}))
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// run-7 calls say [{text hello}]
	// greets and gives 5
}

// countingStatements counts the lines that a run went through, for a report of
// what its tests cover.
type countingStatements map[int]int

// StatementStarted counts the statement.
func (c countingStatements) StatementStarted(ctx context.Context, s *runtime.Statement) context.Context {
	c[s.Range.Start.Line]++
	return ctx
}

// StatementEnded has nothing to do.
func (c countingStatements) StatementEnded(context.Context, *runtime.Statement, runtime.StatementEnd, *runtime.Error) {
}

// A statement observer follows every statement.
func ExampleWithStatementObserver() {
	engine, err := runtime.New()
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("count.flow", "for i in 1..3 {\n  x = i\n}\nif x > 3 {\n  x = 0\n}\n")
	if program == nil {
		log.Fatal(problems)
	}
	lines := countingStatements{}
	if _, err := program.Run(context.Background(), nil, runtime.WithStatementObserver(lines)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(lines)
	// Output: map[1:1 2:3 4:1]
}

// A host withholds the settings of a component that its flows are not to use.
func ExampleComponent_Without() {
	fetch := runtime.NewComponent("fetch", func(context.Context, *runtime.Call, *struct {
		Page  string `flow:"page,required"`
		Proxy string `flow:"proxy"`
	}) (any, error) {
		return nil, nil
	})
	engine, err := runtime.New(runtime.WithComponents(fetch.Without("proxy")))
	if err != nil {
		log.Fatal(err)
	}
	_, problems := engine.Compile("fetch.flow", `fetch < page: "/", proxy: "localhost" >`)
	fmt.Println(problems)
	// Output: fetch.flow:1:20: the host does not grant the setting "proxy" of fetch
}
