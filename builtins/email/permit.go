package email

import (
	"context"
	"errors"
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
	// From is the address in the header field, Sender the reverse path.
	From   string
	Sender string
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
	err := c.config.Permit(ctx, Envelope{
		Flow: call.Flow, Run: call.Run, Time: call.Now(),
		Server: m.to.server.String(),
		From:   m.letter.from.Spec(), Sender: m.message.Sender,
		Recipients: m.letter.recipients(), Size: m.spool.Size(),
	})
	var failure *runtime.Failure
	if err == nil || errors.As(err, &failure) {
		return err
	}
	return &runtime.Failure{Kind: KindForbidden, Message: "the host does not permit this mail: " + err.Error(), Cause: err}
}
