package email

import (
	"time"

	"flowrun/builtins/email/internal/transaction"
)

// Timeouts are the longest silences of a server before an attempt ends. Each is
// renewed whenever bytes move; a reply may take twice as long in all. A zero or
// negative field means its default, which follows RFC 5321 section 4.5.3.2: shorter
// ones make some servers fail that are only slow. What a flow may take as a whole
// is said by `timeout` in the flow.
type Timeouts struct {
	Connect time.Duration // from dialling to the end of AUTH, in all; 2 minutes
	Command time.Duration // for the reply to a command; 5 minutes
	Content time.Duration // for a piece of the content to be taken; 3 minutes
	Answer  time.Duration // for the reply after the content; 10 minutes
}

func (t Timeouts) transaction() transaction.Timeouts {
	return transaction.Timeouts{Connect: t.Connect, Command: t.Command, Content: t.Content, Dot: t.Answer}
}
