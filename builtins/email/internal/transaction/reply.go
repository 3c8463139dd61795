package transaction

import (
	"strconv"
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
	room := make([]byte, 0, 64) // most replies fit into it
	text := strconv.AppendInt(room, int64(r.Code), 10)
	for _, part := range [...]string{r.Enhanced, r.Text} {
		if part != "" {
			text = append(append(text, ' '), part...)
		}
	}
	return string(text)
}

// Temporary reports whether the reply is a transient negative one, 4xx.
func (r Reply) Temporary() bool { return r.Code/100 == 4 }

func (r Reply) positive() bool { return r.Code/100 == 2 }

// newReply reads the lines of a reply, without their codes; each may begin with the
// same enhanced status code (RFC 2034 section 4).
func newReply(code int, lines []string) Reply {
	reply := Reply{Code: code}
	shown := make([]string, 0, 4)
	for _, line := range lines {
		if enhanced, rest := cutEnhanced(line); enhanced != "" && (reply.Enhanced == "" || reply.Enhanced == enhanced) {
			reply.Enhanced, line = enhanced, rest
		}
		if line = printable(line); line != "" {
			shown = append(shown, line)
		}
	}
	reply.Text = strings.Join(shown, " ")
	if len(reply.Text) > maxReplyText {
		reply.Text = strings.ToValidUTF8(reply.Text[:maxReplyText], "") + "…"
	}
	return reply
}

// blanks may stand after an enhanced status code.
const blanks = " \t\n\f\r"

// cutEnhanced cuts an enhanced status code (RFC 3463 section 2) and the blanks after
// it from the beginning of a line; "" is none.
func cutEnhanced(line string) (code, rest string) {
	code = line
	if end := strings.IndexAny(line, blanks); end >= 0 {
		code = line[:end]
	}
	class, others, _ := strings.Cut(code, ".")
	subject, detail, _ := strings.Cut(others, ".")
	if class != "2" && class != "4" && class != "5" || !isEnhancedNumber(subject) || !isEnhancedNumber(detail) {
		return "", line
	}
	return code, strings.TrimLeft(line[len(code):], blanks)
}

func isEnhancedNumber(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != "" && len(text) <= 3
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
	if isPrintableASCII(line) {
		return strings.TrimSpace(line)
	}
	return lang.VisibleLine(strings.ReplaceAll(strings.TrimSpace(line), "\t", " "))
}

func isPrintableASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
