package mailtest_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"strconv"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// newEngine is what the host under test has: flows may do what the standard
// components do, and the tests say where its mails go.
func newEngine(mail email.Config) (*runtime.Engine, error) {
	return runtime.New(runtime.WithComponents(builtins.Standard(builtins.Config{Email: mail})...))
}

// A host's tests send for real, to a server of the test: every mail is led there,
// whatever server the host or the flow names.
func Example_host() {
	server, err := mailtest.Start(
		mailtest.WithAnyName(),
		mailtest.WithFaults(mailtest.RefuseRecipient("bob@example.com", 550, "5.1.1", "no such user")))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	engine, err := newEngine(email.Config{
		Server: &email.ServerConfig{Host: "mail.acme.example"},
		Redirect: &email.Redirect{
			Address:    server.Addr(),
			TLSAddress: net.JoinHostPort(server.Host(), strconv.Itoa(server.TLSPort())),
			RootCAs:    server.CertPool(),
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("invite.flow", `
input guests: list
sendEmail < from: "door@acme.example", to: guests, subject: "Saturday", message: "Come by!" > catch problem {
  return problem.message
}
`)
	if program == nil {
		log.Fatal(problems)
	}
	guests := []string{"ann@example.com", "bob@example.com"}
	outcome, err := program.Run(context.Background(), runtime.Inputs{"guests": guests})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Result)
	for _, mail := range server.Mails() {
		message, err := mail.Parse()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(mail.To, message.Header("Subject"), "-", message.Text)
	}
	// Output:
	// 1 of 2 recipients got no mail: send to mail.acme.example:587: recipient bob@example.com: 550 5.1.1 no such user
	// [ann@example.com] Saturday - Come by!
}
