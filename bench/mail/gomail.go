package mail

import (
	"gopkg.in/gomail.v2"
)

// Gomail is gomail.v2.
type Gomail struct {
	// OneConnection sends all mails over one; without it each has its own, as
	// DialAndSend makes it.
	OneConnection bool
}

func (g Gomail) Name() string {
	if g.OneConnection {
		return "gomail.v2, one connection"
	}
	return "gomail.v2, per message"
}

func (Gomail) Module() string { return "gopkg.in/gomail.v2" }

type gomailOutbox struct {
	dialer        *gomail.Dialer
	oneConnection bool
}

// gomailDialer is a dialer for a server; it uses STARTTLS when the server offers
// it.
func gomailDialer(to Server) *gomail.Dialer {
	dialer := gomail.NewDialer(to.Host, to.Port, "", "")
	if to.encrypted() {
		dialer.TLSConfig = to.tlsConfig()
	}
	return dialer
}

func (g Gomail) Open(to Server) (Outbox, error) {
	return &gomailOutbox{gomailDialer(to), g.OneConnection}, nil
}

func (o *gomailOutbox) Close() error { return nil }

func gomailMessage(letter Letter) *gomail.Message {
	m := gomail.NewMessage()
	m.SetHeader("From", sender)
	m.SetHeader("To", letter.To)
	m.SetHeader("Subject", letter.Subject)
	m.SetBody("text/plain", letter.Text)
	return m
}

func (o *gomailOutbox) Send(letters []Letter) error {
	if o.oneConnection {
		return o.sendOverOne(letters)
	}
	for _, letter := range letters {
		if err := o.dialer.DialAndSend(gomailMessage(letter)); err != nil {
			return err
		}
	}
	return nil
}

func (o *gomailOutbox) sendOverOne(letters []Letter) error {
	connection, err := o.dialer.Dial()
	if err != nil {
		return err
	}
	defer connection.Close()
	for _, letter := range letters {
		if err := gomail.Send(connection, gomailMessage(letter)); err != nil {
			return err
		}
	}
	return nil
}

// Stock leaves the files where they are.
func (Gomail) Stock(_ string, files []string) ([]string, error) { return files, nil }

// SendFiles sends files from the disk.
func (Gomail) SendFiles(to Server, _ string, attachments []string) error {
	dialer := gomailDialer(to)
	return atOnce(attachments, func(path string) error {
		m := gomailMessage(fileLetter)
		m.Attach(path)
		return dialer.DialAndSend(m)
	})
}
