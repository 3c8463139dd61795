package email

import (
	"fmt"

	"flowrun/runtime"
)

// countMail counts one mail of a run, or fails when the run has had as many as
// the host allows.
func (c *component) countMail(call *runtime.Call) error {
	if call.Tally("sendEmail mails") <= c.config.Limits.Mails {
		return nil
	}
	return &runtime.Failure{
		Kind:    KindQuota,
		Message: fmt.Sprintf("this run has sent %d mails, the most that the host allows", c.config.Limits.Mails),
	}
}
