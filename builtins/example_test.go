package builtins_test

import (
	"context"
	"fmt"
	"log"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/runtime"
)

func Example() {
	source := `
input guest: map
sent = sendEmail < to: guest.email, subject: "Welcome", message: "Dear ${guest.name}, come in!", dryRun: true >
return sent.state
`
	server := &email.ServerConfig{Host: "mail.example.com", User: "door@example.com", Password: "…"}
	engine, err := runtime.New(runtime.WithComponents(
		builtins.Standard(builtins.Config{Email: email.Config{Server: server}})...))
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("welcome.flow", source)
	if program == nil {
		log.Fatal(problems)
	}
	guest := map[string]any{"name": "Ann", "email": "ann@example.com"}
	outcome, err := program.Run(context.Background(), runtime.Inputs{"guest": guest})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Result)
	// Output: dryRun
}
