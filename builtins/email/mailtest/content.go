package mailtest

import (
	"bytes"
	"io"
	"strings"
	"time"
)

// content serves DATA, from the command to the reply after the final dot.
func (g *gate) content(line string) error {
	g.server.recordStage(StageDATA)
	if fault, due := g.server.script.next(StageDATA, ""); due {
		if err := g.act(fault); err != nil || fault.Code != 354 {
			return err
		}
		return g.strayContent()
	}
	reply, err := g.relay(line)
	if err != nil || !strings.HasPrefix(reply, "354") {
		return err
	}
	if err := g.out.Flush(); err != nil {
		return err
	}
	if err := g.upload(g.engine.out); err != nil {
		return err
	}
	g.server.recordStage(StageDot)
	fault, due := g.server.script.next(StageDot, "")
	g.keep = !due || fault.Captured
	if reply, err = g.engine.ask("."); err != nil {
		return err
	}
	if due {
		return g.act(fault)
	}
	return g.send(reply)
}

// strayContent takes content after a 354 that no recipient justifies; what comes
// is captured without a recipient, so that a test can see it.
func (g *gate) strayContent() error {
	if err := g.out.Flush(); err != nil {
		return err
	}
	var raw bytes.Buffer
	if err := g.upload(&raw); err != nil {
		return err
	}
	g.server.recordMail(Mail{Raw: raw.Bytes(), TLS: g.tls, Received: time.Now(), Conn: g.number})
	return g.send("554 5.5.1 No valid recipients\r\n")
}

// upload copies content up to the final dot, dot-stuffing kept and the dot line
// left out (RFC 5321 section 4.5.2). A client that leaves before it counts as
// aborted.
func (g *gate) upload(to io.Writer) error {
	g.server.recordStage(StageUpload)
	fault, due := g.server.script.next(StageUpload, "")
	err := g.copyContent(to, fault, due)
	if err != nil {
		g.server.recordAbort()
	}
	return err
}

func (g *gate) copyContent(to io.Writer, fault Fault, due bool) error {
	var copied int64
	lineStart := true
	line := make([]byte, 0, 1024)
	for {
		if due && copied >= fault.AfterBytes {
			return g.interrupt(fault)
		}
		fragment, ended, err := g.contentLine(line[:0])
		if err != nil {
			return err
		}
		if lineStart && ended && string(fragment) == ".\r\n" {
			return nil
		}
		if _, err := to.Write(fragment); err != nil {
			return err
		}
		copied += int64(len(fragment))
		lineStart = ended
	}
}

// contentLine reads up to the next CR LF, or a part of a line that is very long.
// A CR before CR LF does not end a line, as the engine sees it.
func (g *gate) contentLine(line []byte) (fragment []byte, ended bool, err error) {
	afterCR := false
	for len(line) < cap(line) {
		c, err := g.in.ReadByte()
		if err != nil {
			return nil, false, err
		}
		line = append(line, c)
		if afterCR && c == '\n' {
			return line, true, nil
		}
		afterCR = c == '\r' && !afterCR
	}
	if afterCR {
		c, err := g.in.ReadByte()
		if err != nil {
			return nil, false, err
		}
		return append(line, c), c == '\n', nil
	}
	return line, false, nil
}

// interrupt acts out a fault inside the content. A stall reads nothing more, so
// that the client's writes stall as well.
func (g *gate) interrupt(fault Fault) error {
	if fault.Stall {
		select {
		case <-g.server.script.current():
		case <-g.server.closing:
		}
		return errLeave
	}
	if err := g.act(fault); err != nil {
		return err
	}
	g.out.Flush()
	return errLeave
}
