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
	begin := 0 // of what has not been handed on
	if l.afterCR && len(p) > 0 {
		l.afterCR = false
		if p[0] == '\n' {
			begin = 1
		}
	}
	line := begin // where the line begins, or goes on
	for i := begin; i < len(p); i++ {
		c := p[i]
		if c >= ' ' && c < 0x80 {
			continue
		}
		switch {
		case c == '\r' && i+1 < len(p) && p[i+1] == '\n':
			l.endLine(i - line)
			i++
			line = i + 1
		case c == '\r' || c == '\n':
			l.endLine(i - line)
			l.afterCR = c == '\r' && i+1 == len(p)
			l.to.Write(p[begin:i])
			if _, err := l.to.WriteString("\r\n"); err != nil {
				return 0, err
			}
			begin, line = i+1, i+1
		case c >= 0x80:
			l.eightBit = true
		}
	}
	l.line += len(p) - line
	l.longest = max(l.longest, l.line)
	if _, err := l.to.Write(p[begin:]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// endLine ends a line that has so many bytes more.
func (l *lineNormaliser) endLine(more int) {
	l.longest = max(l.longest, l.line+more)
	l.line = 0
}

// finish ends the last line and hands everything on.
func (l *lineNormaliser) finish() error {
	if l.line > 0 {
		l.endLine(0)
		l.to.WriteString("\r\n")
	}
	return l.to.Flush()
}
