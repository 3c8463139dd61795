package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"flowrun/builtins/email"
)

// advice says in a sentence what the state of a message that was to be sent means,
// and what to do about it.
func (a *lifeAnswer) advice() string {
	m := a.message
	resend := fmt.Sprintf("flowrun messages resend %d%s", m.ID, a.over)
	again := fmt.Sprintf("Ask them or look into the server's log, then flowrun messages resend %d --again%s sends it to all of them once more", m.ID, a.over)
	switch {
	case m.InDoubt:
		return "its sending was begun and never finished, since the process ended: some recipients may have it. " + again
	case m.State == email.StatePending:
		return "it is kept and nobody has tried to send it: " + resend + " sends it"
	case m.State == email.StateSending:
		return "an attempt is being made just now; if its process has ended, that is known at " + m.ClaimedUntil.Local().Format(time.TimeOnly)
	case m.State == email.StateUnknown:
		return whyUnknown(m) + ", so the recipients may have it. " + again
	case m.State == email.StatePartial && refusedForGood(m):
		return "some recipients have it, the others were refused for good: mend what the replies say; " + resend + " tries them again all the same"
	case m.State == email.StatePartial:
		return "some recipients have it: " + resend + " tries the others again"
	case m.State == email.StateFailed && interrupted(m):
		return "no recipient has it, since the run was interrupted: " + resend + " tries again"
	case m.State == email.StateFailed && temporary(m):
		return "no recipient has it, and the same may succeed later: " + resend + " tries again"
	case m.State == email.StateFailed && refusedForGood(m):
		return "no recipient has it, all were refused for good: mend what the replies say; " + resend + " tries them again all the same"
	case m.State == email.StateFailed:
		return "no recipient has it: mend what the replies say, then " + resend + " tries again"
	case m.State == email.StateSent:
		return "the server took it for all recipients"
	}
	return ""
}

// whyUnknown tells of the latest attempt that nobody knows the outcome of.
func whyUnknown(m email.Message) string {
	for _, at := range slices.Backward(m.Attempts) {
		switch {
		case at.Server == "":
			return "the process that was sending it ended before it noted what became of it"
		case !slices.ContainsFunc(at.Recipients, func(r email.Recipient) bool { return r.State == email.StateUnknown }):
		case strings.HasSuffix(at.Error, email.Interruption):
			return "the run was interrupted when the server had it all"
		default:
			return "the connection broke when the server had it all"
		}
	}
	return "nobody knows what became of it"
}

// interrupted reports that the last attempt to send a message ended with its run.
func interrupted(m email.Message) bool {
	last := len(m.Attempts) - 1
	return last >= 0 && strings.HasSuffix(m.Attempts[last].Error, email.Interruption)
}

// temporary reports that every refusal of a message was.
func temporary(m email.Message) bool {
	for _, r := range m.Recipients {
		if r.State == email.StateFailed && !r.Temporary {
			return false
		}
	}
	return len(m.Recipients) > 0
}

// refusedForGood reports that the server refused every recipient that has not got
// the message, and will again.
func refusedForGood(m email.Message) bool {
	refused := false
	for _, r := range m.Recipients {
		switch {
		case r.State == email.StateSent:
		case r.State == email.StateFailed && r.Code != 0 && !r.Temporary:
			refused = true
		default:
			return false
		}
	}
	return refused
}
