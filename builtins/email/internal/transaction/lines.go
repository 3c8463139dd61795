package transaction

import "bufio"

// lineNormaliser ends every line with CR LF: a CR alone, an LF alone and the two
// together are one line end each, and the last line gets one too (RFC 5321
// section 2.3.8).
type lineNormaliser struct {
	to       *bufio.Writer
	afterCR  bool
	line     int // bytes of the line so far
	longest  int
	eightBit bool
}

func (l *lineNormaliser) Write(p []byte) (int, error) {
	begin := 0
	for i, c := range p {
		if l.afterCR {
			l.afterCR = false
			if c == '\n' {
				begin = i + 1
				continue
			}
		}
		switch {
		case c == '\r' || c == '\n':
			if err := l.endLine(p[begin:i]); err != nil {
				return 0, err
			}
			l.afterCR = c == '\r'
			begin = i + 1
		case c >= 0x80:
			l.eightBit = true
		}
	}
	if err := l.text(p[begin:]); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (l *lineNormaliser) text(p []byte) error {
	l.line += len(p)
	l.longest = max(l.longest, l.line)
	_, err := l.to.Write(p)
	return err
}

func (l *lineNormaliser) endLine(rest []byte) error {
	if err := l.text(rest); err != nil {
		return err
	}
	l.line = 0
	_, err := l.to.WriteString("\r\n")
	return err
}

// finish ends the last line and hands everything on.
func (l *lineNormaliser) finish() error {
	if l.line > 0 {
		if err := l.endLine(nil); err != nil {
			return err
		}
	}
	return l.to.Flush()
}
