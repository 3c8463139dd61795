package transaction

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
)

// maxHeard is how much of what a server said an error repeats, in bytes.
const maxHeard = 200

// nonsenseError is an answer that is no reply of SMTP.
type nonsenseError struct{ said string }

func (e *nonsenseError) Error() string { return "it said " + quoted(e.said) }

// interruptedError is the end of a connection in the middle of a reply.
type interruptedError struct {
	said  string
	cause error
}

func (e *interruptedError) Error() string { return e.cause.Error() + ", after " + quoted(e.said) }
func (e *interruptedError) Unwrap() error { return e.cause }

// quoted shows the beginning of what a server said.
func quoted(said string) string {
	if len(said) > maxHeard {
		return `"` + printable(said[:maxHeard]) + `…"`
	}
	return `"` + printable(said) + `"`
}

// readReply reads a reply of one line or more (RFC 5321 section 4.2.1), code
// without text among them, and keeps no more of it than can be told. All its lines
// have the same code; lines that end with LF alone pass. Secrets are taken out of
// it, which a server may repeat.
func readReply(r *bufio.Reader, secrets scrubber) (Reply, error) {
	var room [4]string
	code, lines, err := readReplyLines(r, secrets, room[:0])
	if err != nil {
		return Reply{}, err
	}
	return newReply(code, lines), nil
}

// readReplyLines is readReply that gives the lines, without their codes, appended to
// an empty slice.
func readReplyLines(r *bufio.Reader, secrets scrubber, lines []string) (int, []string, error) {
	kept := 0
	for {
		line, err := readReplyLine(r, secrets)
		switch {
		case err != nil && (line != "" || len(lines) > 0):
			return 0, nil, &interruptedError{said: saidIn(lines, line), cause: err}
		case err != nil:
			return 0, nil, err
		case !isReplyLine(line) || len(lines) > 0 && line[:3] != lines[0][:3]:
			return 0, nil, &nonsenseError{said: saidIn(lines, line)}
		}
		if kept <= maxReplyText {
			lines = append(lines, line)
			kept += len(line)
		}
		if len(line) == 3 || line[3] == ' ' {
			code := int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
			for i, line := range lines {
				lines[i] = line[min(4, len(line)):]
			}
			return code, lines, nil
		}
	}
}

// saidIn is what a server said in lines with their codes, the last of which is no
// line of a reply.
func saidIn(lines []string, last string) string {
	return strings.Join(append(lines, last), " / ")
}

// isReplyLine reports a code of 200 to 599 with nothing, a space or a hyphen after
// it.
func isReplyLine(line string) bool {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || line[1] < '0' || line[1] > '9' || line[2] < '0' || line[2] > '9' {
		return false
	}
	return len(line) == 3 || line[3] == ' ' || line[3] == '-'
}

// readReplyLine reads a line without its secrets, of which it keeps the beginning.
func readReplyLine(r *bufio.Reader, secrets scrubber) (string, error) {
	most := maxReplyText + 5 + secrets.longest
	line, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line = bytes.Clone(line)
	}
	cut := len(line) > most
	line = line[:min(len(line), most)]
	for errors.Is(err, bufio.ErrBufferFull) {
		var piece []byte
		piece, err = r.ReadSlice('\n')
		taken := min(len(piece), most-len(line))
		line = append(line, piece[:taken]...)
		cut = cut || taken < len(piece)
	}
	text := string(bytes.TrimRight(line, "\r\n"))
	if cut {
		return secrets.scrubCut(text), err
	}
	return secrets.scrub(text), err
}

// errFlood ends a connection whose server sends without end.
var errFlood = errors.New("the server sends more than any reply needs")

// heardError tells what a server had said before an error of the connection.
func heardError(cause error, said []byte) error {
	if len(said) == 0 || said[0] >= 0x14 && said[0] <= 0x17 { // a record of TLS (RFC 8446 section 5.1)
		return cause
	}
	return &interruptedError{said: string(said), cause: cause}
}
