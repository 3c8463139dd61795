package mail

import (
	"context"

	gomail "github.com/wneessen/go-mail"
)

// GoMail is go-mail.
type GoMail struct {
	// OneConnection sends all mails over one; without it each has its own, as
	// DialAndSend makes it.
	OneConnection bool
}

func (g GoMail) Name() string {
	if g.OneConnection {
		return "go-mail, one connection"
	}
	return "go-mail, DialAndSend"
}

func (GoMail) Module() string { return "github.com/wneessen/go-mail" }

type goMailOutbox struct {
	client        *gomail.Client
	oneConnection bool
}

// goMailClient is a client for a server.
func goMailClient(to Server) (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(to.Port), gomail.WithTLSPolicy(gomail.NoTLS)}
	if to.encrypted() {
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithTLSConfig(to.tlsConfig()))
	}
	return gomail.NewClient(to.Host, options...)
}

func (g GoMail) Open(to Server) (Outbox, error) {
	client, err := goMailClient(to)
	return &goMailOutbox{client, g.OneConnection}, err
}

func (o *goMailOutbox) Close() error { return nil }

func goMailMessage(letter Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg()
	if err := m.From(sender); err != nil {
		return nil, err
	}
	if err := m.To(letter.To); err != nil {
		return nil, err
	}
	m.Subject(letter.Subject)
	m.SetBodyString(gomail.TypeTextPlain, letter.Text)
	return m, nil
}

func (o *goMailOutbox) Send(letters []Letter) error {
	send := o.client.DialAndSend
	if o.oneConnection {
		if err := o.client.DialWithContext(context.Background()); err != nil {
			return err
		}
		defer o.client.Close()
		send = o.client.Send
	}
	for _, letter := range letters {
		m, err := goMailMessage(letter)
		if err != nil {
			return err
		}
		if err := send(m); err != nil {
			return err
		}
	}
	return nil
}

// Stock leaves the files where they are.
func (GoMail) Stock(_ string, files []string) ([]string, error) { return files, nil }

// SendFiles sends files from the disk.
func (GoMail) SendFiles(to Server, _ string, attachments []string) error {
	return atOnce(attachments, func(path string) error {
		client, err := goMailClient(to)
		if err != nil {
			return err
		}
		m, err := goMailMessage(fileLetter)
		if err != nil {
			return err
		}
		m.AttachFile(path)
		return client.DialAndSend(m)
	})
}
