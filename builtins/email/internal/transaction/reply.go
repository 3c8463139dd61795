package transaction

import (
	"fmt"
	"regexp"
	"strings"

	"flowrun/lang"
)

// maxReplyText is how much of a reply's text is kept, in bytes.
const maxReplyText = 2000

// Reply is what a server answered. The zero Reply is none.
type Reply struct {
	Code     int    // such as 550 (RFC 5321 section 4.2)
	Enhanced string // such as "5.1.1" (RFC 3463), or ""
	Text     string // one line, without code and enhanced code, control characters made visible
}

// String returns the reply as "550 5.1.1 no such user", and "" for none.
func (r Reply) String() string {
	if r.Code == 0 {
		return ""
	}
	text := fmt.Sprint(r.Code)
	for _, part := range []string{r.Enhanced, r.Text} {
		if part != "" {
			text += " " + part
		}
	}
	return text
}

// Temporary reports whether the reply is a transient negative one, 4xx.
func (r Reply) Temporary() bool { return r.Code/100 == 4 }

func (r Reply) positive() bool { return r.Code/100 == 2 }

var enhancedCode = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)`)

// newReply reads the text of a reply whose lines are joined by line feeds; each
// may begin with the same enhanced status code (RFC 2034 section 4).
func newReply(code int, text string) Reply {
	reply := Reply{Code: code}
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if match := enhancedCode.FindStringSubmatch(line); match != nil && (reply.Enhanced == "" || reply.Enhanced == match[1]) {
			reply.Enhanced = match[1]
			line = line[len(match[0]):]
		}
		if line = printable(line); line != "" {
			lines = append(lines, line)
		}
	}
	reply.Text = strings.Join(lines, " ")
	if len(reply.Text) > maxReplyText {
		reply.Text = strings.ToValidUTF8(reply.Text[:maxReplyText], "") + "…"
	}
	return reply
}

// Printable gives a foreign text as one line without what could trouble a terminal
// or a log, cut to what can be read.
func Printable(text string) string {
	text = printable(text)
	if len(text) > maxReplyText {
		text = strings.ToValidUTF8(text[:maxReplyText], "") + "…"
	}
	return text
}

// printable makes visible what could trouble a terminal or a log.
func printable(line string) string {
	return lang.VisibleLine(strings.ReplaceAll(strings.TrimSpace(line), "\t", " "))
}
