package email

import (
	"context"
	"errors"
	"slices"
	"time"

	"flowrun/runtime"
)

// Envelope is a mail that is ready to be sent, as Config.Permit sees it.
type Envelope struct {
	Flow string    // the flow's name
	Run  string    // the run's identifier
	Time time.Time // of the run
	// Server is such as "smtp://ann@mail.example.com:587", without password.
	Server string
	// From is the address in the header field, Sender the reverse path: the address
	// of the header field Sender, too, where the flow gives one. FromName and
	// SenderName are the names that readers see in place of these addresses, or "".
	From       string
	FromName   string
	Sender     string
	SenderName string
	// ReplyTo are the addresses that answers go to, none when they go to From.
	ReplyTo []Address
	// Subject is "" when there is none.
	Subject string
	// Recipients are those of the envelope, the blind copies among them, each once.
	Recipients []string
	// Size is that of the whole mail in bytes.
	Size int64
}

// permit asks the host about a mail.
func (c *component) permit(ctx context.Context, call *runtime.Call, m *prepared) error {
	if c.config.Permit == nil {
		return nil
	}
	mail := Envelope{
		Flow: call.Flow, Run: call.Run, Time: call.Now(),
		Server: m.to.server.String(),
		From:   m.letter.from.Spec(), FromName: m.letter.from.Name, Sender: m.message.Sender,
		ReplyTo: slices.Clone(m.letter.replyTo), Subject: m.letter.subject,
		Recipients: m.letter.recipients(), Size: m.spool.Size(),
	}
	if sender := m.letter.sender; sender != nil {
		mail.SenderName = sender.Name
	}
	err := c.config.Permit(ctx, mail)
	var failure *runtime.Failure
	if err == nil || errors.As(err, &failure) {
		return err
	}
	return &runtime.Failure{Kind: KindForbidden, Message: "the host does not permit this mail: " + err.Error(), Cause: err}
}
