package mailtest_test

import (
	"context"
	"fmt"
	"log"

	"github.com/wneessen/go-mail"

	"flowrun/builtins/email/mailtest"
)

// A test of an application that sends mail: the server greylists the first
// attempt, takes the second, and shows what came.
func Example() {
	server, err := mailtest.Start(
		mailtest.WithCredentials("shop", "secret"),
		mailtest.WithAuthRequired(),
		mailtest.WithFaults(mailtest.Greylist(1)),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	config := server.TLSConfig()
	config.ServerName = server.Host()
	client, err := mail.NewClient(server.Host(),
		mail.WithTLSPolicy(mail.TLSMandatory), mail.WithPort(server.Port()), mail.WithTLSConfig(config),
		mail.WithSMTPAuth(mail.SMTPAuthPlain), mail.WithUsername("shop"), mail.WithPassword("secret"))
	if err != nil {
		log.Fatal(err)
	}
	message := mail.NewMsg()
	message.From("shop@shop.example")
	message.To("ann@customers.example")
	message.Subject("Grüße")
	message.SetBodyString(mail.TypeTextPlain, "Your parcel is on its way.")

	fmt.Println("first attempt failed:", client.DialAndSend(message) != nil)
	if err := client.DialAndSend(message); err != nil {
		log.Fatal(err)
	}

	mails, err := server.WaitFor(context.Background(), 1)
	if err != nil {
		log.Fatal(err)
	}
	parsed, err := mails[0].Parse()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(mails[0].From, "->", mails[0].To, "by", mails[0].User, "over", mails[0].TLS)
	fmt.Println(parsed.Header("Subject"))
	fmt.Println(parsed.Text)
	// Output:
	// first attempt failed: true
	// shop@shop.example -> [ann@customers.example] by shop over TLS 1.3
	// Grüße
	// Your parcel is on its way.
}
