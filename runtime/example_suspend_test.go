package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"flowrun/runtime"
)

// A component asks a person and suspends the run; days later, perhaps in another
// process, the answer resumes it.
func ExampleProgram_Resume() {
	type settings struct {
		Question string `flow:"question,required"`
	}
	ask := runtime.NewComponent("ask", func(_ context.Context, call *runtime.Call, s *settings) (any, error) {
		// A host files the question under call.Run and call.Address, its
		// idempotency key.
		return nil, runtime.Suspend(s.Question)
	})
	compile := func() *runtime.Program {
		engine, err := runtime.New(runtime.WithComponents(ask))
		if err != nil {
			log.Fatal(err)
		}
		program, problems := engine.Compile("refund.flow", `
input amount: int
answer = ask < question: "Refund ${amount}?", timeout: "7d" > catch problem {
  return "not refunded: ${problem.message}"
}
return "refunded ${amount}, said ${answer}"
`)
		if program == nil {
			log.Fatal(problems)
		}
		return program
	}

	outcome, err := compile().Run(context.Background(), runtime.Inputs{"amount": 40})
	if err != nil {
		log.Fatal(err)
	}
	if outcome.Snapshot == nil {
		log.Fatal("the flow ended without asking")
	}
	fmt.Println(outcome.Snapshot.Component, "waits:", outcome.Snapshot.Reason)
	stored, err := json.Marshal(outcome.Snapshot)
	if err != nil {
		log.Fatal(err)
	}

	var snapshot runtime.Snapshot
	if err := json.Unmarshal(stored, &snapshot); err != nil {
		log.Fatal(err)
	}
	outcome, err = compile().Resume(context.Background(), &snapshot, runtime.Reply{Result: "Ann"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Result)
	// Output:
	// ask waits: Refund 40?
	// refunded 40, said Ann
}
