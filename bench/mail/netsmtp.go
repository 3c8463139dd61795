package mail

import (
	"crypto/tls"
	"fmt"
	"net/smtp"
	"time"
)

// NetSMTP is Go's own net/smtp, with a mail written by hand and a connection for
// each, as its SendMail does it.
type NetSMTP struct{}

func (NetSMTP) Name() string   { return "net/smtp" }
func (NetSMTP) Module() string { return "" }

type netSMTPOutbox struct {
	to  Server
	tls *tls.Config // nil for plain text
}

func (NetSMTP) Open(to Server) (Outbox, error) {
	o := &netSMTPOutbox{to: to}
	if to.encrypted() {
		o.tls = to.tlsConfig()
	}
	return o, nil
}

func (o *netSMTPOutbox) Close() error { return nil }

func (o *netSMTPOutbox) Send(letters []Letter) error {
	for _, letter := range letters {
		if err := o.send(letter); err != nil {
			return err
		}
	}
	return nil
}

// send is smtp.SendMail with a TLS configuration.
func (o *netSMTPOutbox) send(letter Letter) error {
	client, err := smtp.Dial(o.to.address())
	if err != nil {
		return err
	}
	defer client.Close()
	if o.tls != nil {
		if err := client.StartTLS(o.tls); err != nil {
			return err
		}
	}
	if err := client.Mail(sender); err != nil {
		return err
	}
	if err := client.Rcpt(letter.To); err != nil {
		return err
	}
	content, err := client.Data()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(content, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nDate: %s\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n%s",
		sender, letter.To, letter.Subject, time.Now().Format(time.RFC1123Z), letter.Text)
	if err != nil {
		return err
	}
	if err := content.Close(); err != nil {
		return err
	}
	return client.Quit()
}
