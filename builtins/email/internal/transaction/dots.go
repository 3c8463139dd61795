package transaction

import (
	"bytes"
	"io"
)

// dotStuffer doubles a dot that begins a line (RFC 5321 section 4.5.2). Its
// content has CR LF line ends only.
type dotStuffer struct {
	to        io.Writer
	lineStart bool
}

var lineDot = []byte("\n.")

func (d *dotStuffer) Write(p []byte) (int, error) {
	rest := p
	if d.lineStart && len(rest) > 0 && rest[0] == '.' {
		if _, err := d.to.Write([]byte{'.'}); err != nil {
			return 0, err
		}
	}
	for {
		at := bytes.Index(rest, lineDot)
		if at < 0 {
			break
		}
		if _, err := d.to.Write(rest[:at+2]); err != nil {
			return 0, err
		}
		if _, err := d.to.Write([]byte{'.'}); err != nil {
			return 0, err
		}
		rest = rest[at+2:]
	}
	if _, err := d.to.Write(rest); err != nil {
		return 0, err
	}
	if len(p) > 0 {
		d.lineStart = p[len(p)-1] == '\n'
	}
	return len(p), nil
}
