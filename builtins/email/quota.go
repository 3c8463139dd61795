package email

import (
	"fmt"

	"flowrun/runtime"
)

// countMail counts one mail of a run, also one that is only tried or that fails,
// or fails when the run has had as many as the host allows: mails take time
// before they are sent, which no step of the run counts.
func (c *component) countMail(call *runtime.Call) error {
	if call.Tally("sendEmail mails") <= c.config.Limits.Mails {
		return nil
	}
	return &runtime.Failure{
		Kind:    KindQuota,
		Message: fmt.Sprintf("this run has made %d mails, the most that the host allows", c.config.Limits.Mails),
	}
}
