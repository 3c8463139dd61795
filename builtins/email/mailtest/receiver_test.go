package mailtest_test

import (
	"net/smtp"
	"testing"

	"flowrun/builtins/email/mailtest"
)

func TestReceiverGetsEveryMailAndTheServerKeepsNone(t *testing.T) {
	received := make(chan mailtest.Mail, 2)
	server, err := mailtest.Start(mailtest.WithReceiver(func(m mailtest.Mail) { received <- m }))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, to := range []string{"a@x.y", "b@x.y"} {
		client, err := smtp.Dial(server.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if err := client.Mail("f@x.y"); err != nil {
			t.Fatal(err)
		}
		if err := client.Rcpt(to); err != nil {
			t.Fatal(err)
		}
		content, err := client.Data()
		if err != nil {
			t.Fatal(err)
		}
		content.Write([]byte("Subject: s\r\n\r\nm\r\n"))
		if err := content.Close(); err != nil {
			t.Fatal(err)
		}
		if got := <-received; got.From != "f@x.y" || len(got.To) != 1 || got.To[0] != to || string(got.Raw) != "Subject: s\r\n\r\nm\r\n" {
			t.Errorf("received %+v", got)
		}
		if err := client.Quit(); err != nil {
			t.Fatal(err)
		}
	}
	if mails, commands := len(server.Mails()), len(server.Commands()); mails != 0 || commands != 0 {
		t.Errorf("%d mails and %d commands are kept", mails, commands)
	}
	if n := server.MostConnections(); server.Connections() != 2 || n != 1 {
		t.Errorf("%d connections, %d at the same time, want 2, one after the other", server.Connections(), n)
	}
}
