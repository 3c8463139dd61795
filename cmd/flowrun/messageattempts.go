package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"flowrun/builtins/email"
	"flowrun/runtime/value"
)

// showRecipients shows who has got the message and who has not, with the reply
// that decided it.
func (a *lifeAnswer) showRecipients(w io.Writer, p palette) {
	if len(a.message.Recipients) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", p.bold("RECIPIENTS"))
	for _, r := range a.message.Recipients {
		for _, at := range a.message.Attempts {
			r.Text = withoutServer(r.Text, at.Server)
		}
		writeWrapped(w, p, "  ", recipientText(r))
	}
}

// showAttempts shows the attempts, and below each one what became of its
// recipients.
func (a *lifeAnswer) showAttempts(w io.Writer, p palette) {
	if len(a.message.Attempts) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", p.bold("ATTEMPTS"))
	for _, at := range a.message.Attempts {
		writeWrapped(w, p, "  ", attemptText(at))
		for _, r := range at.Recipients {
			if r.Code == 0 && r.Text == at.Error {
				r.Text = "" // the line above says it
			}
			writeWrapped(w, p, "     ", recipientText(r))
		}
	}
}

func recipientText(r email.Recipient) string {
	text := r.Address + ": " + string(r.State)
	if reply := replyText(r.Code, r.Enhanced, r.Text); reply != "" {
		text += ", " + reply
	}
	if r.State == email.StateFailed && r.Temporary {
		text += " (temporary)"
	}
	return text
}

// attemptText tells of an attempt on one line. Of one whose process ended only its
// beginning is known.
func attemptText(at email.Attempt) string {
	text := fmt.Sprintf("%d: began %s", at.Number, momentText(at.Began))
	if at.Server != "" {
		took := rounded(at.Ended.Sub(at.Began)).Truncate(time.Millisecond)
		text += fmt.Sprintf(", took %s, %s%s", value.FormatDuration(took), at.Server, tlsText(at))
	}
	text += fmt.Sprintf("; the message was %s afterwards", at.State)
	if wrong := wrongText(at); wrong != "" {
		text += "; " + wrong
	}
	return text
}

// tlsText tells how the session of an attempt was encrypted; nothing where the
// server never said anything, so that there may have been no session.
func tlsText(at email.Attempt) string {
	replied := at.Code != 0 || slices.ContainsFunc(at.Recipients, func(r email.Recipient) bool { return r.Code != 0 })
	switch {
	case at.TLS != "":
		return ", " + at.TLS
	case replied:
		return ", without TLS"
	}
	return ""
}

// wrongText tells what went wrong in an attempt, without what stands beside it
// anyway: the address of the server, and the refusal of a recipient.
func wrongText(at email.Attempt) string {
	text := withoutServer(at.Error, at.Server)
	for _, r := range at.Recipients {
		if r.Code != 0 && text == "recipient "+r.Address+": "+replyText(r.Code, r.Enhanced, r.Text) {
			return ""
		}
	}
	return text
}

// withoutServer takes the address of a server, which stands elsewhere, from the
// beginning of an error.
func withoutServer(text, server string) string {
	for _, doing := range []string{"send to ", "connect to "} {
		rest, found := strings.CutPrefix(text, doing)
		address, cause, more := strings.Cut(rest, ": ")
		if found && more && strings.HasSuffix(server, address) {
			return cause
		}
	}
	return text
}

// replyText is a reply of a server as it stands in a session.
func replyText(code int, enhanced, text string) string {
	if code == 0 {
		return text
	}
	if enhanced != "" {
		text = enhanced + " " + text
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, text))
}
