package mailtest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// maxCommandLine is the longest command in bytes that a client may send. It is
// well above RFC 5321 section 4.5.3.1.4, for AUTH (RFC 4954 section 4).
const maxCommandLine = 16 << 10

// errLeave ends a session on purpose.
var errLeave = errors.New("leave")

// gate stands between a client and the SMTP engine. It ends TLS, relays one
// command and one reply at a time, and acts out the faults of the script, so
// that the engine, which sees plain text from memory, need not know of either.
type gate struct {
	server *Server
	number int
	outer  net.Conn // the TCP connection

	wire net.Conn // outer, or TLS over it
	in   *bufio.Reader
	out  *bufio.Writer

	engine *engineLink

	tls  string // version, as Mail.TLS
	keep bool   // whether the engine is to capture the content under way
	left bool   // the session is over but for its last reply; under server.mu
}

// serve runs the session to its end and closes the connection.
func (g *gate) serve(implicitTLS bool) {
	defer g.outer.Close()
	g.use(g.outer)
	defer func() { g.out.Flush() }()
	if implicitTLS {
		if err := g.startTLS(); err != nil {
			return
		}
	}
	banner, err := g.attachEngine()
	defer func() {
		if g.engine != nil {
			g.engine.close()
		}
	}()
	if err != nil {
		return
	}
	if acted, err := g.actOn(StageConnect, ""); err != nil || acted {
		return
	}
	if g.send(banner) != nil {
		return
	}
	for g.command() == nil {
	}
}

func (g *gate) use(conn net.Conn) {
	g.wire = conn
	g.in = bufio.NewReaderSize(conn, maxCommandLine)
	g.out = bufio.NewWriter(conn)
}

func (g *gate) startTLS() error {
	conn := tls.Server(g.wire, g.server.tlsConfig)
	if err := conn.Handshake(); err != nil {
		return err
	}
	g.tls = tls.VersionName(conn.ConnectionState().Version)
	g.use(conn)
	return nil
}

// attachEngine gives the client a fresh engine session, as at the beginning and
// after STARTTLS (RFC 3207 section 4.2), and returns the engine's banner.
func (g *gate) attachEngine() (banner string, err error) {
	if g.engine != nil {
		g.engine.close()
	}
	if g.engine, err = g.server.linkEngine(g); err != nil {
		return "", err
	}
	return g.engine.reply()
}

// send writes a whole reply, line ends included.
func (g *gate) send(reply string) error {
	if _, err := g.out.WriteString(reply); err != nil {
		return err
	}
	if g.in.Buffered() > 0 {
		return nil // more commands of a pipeline lie ready (RFC 2920 section 3.2)
	}
	return g.out.Flush()
}

func (g *gate) readLine() (string, error) {
	line, err := g.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		g.send("500 5.5.2 Line too long\r\n")
		g.out.Flush()
		return "", errLeave
	}
	if err != nil {
		return "", err
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// relay passes a command on to the engine and its reply on to the client.
func (g *gate) relay(line string) (reply string, err error) {
	if reply, err = g.engine.ask(line); err != nil {
		return "", err
	}
	return reply, g.send(reply)
}

// command serves one command.
func (g *gate) command() error {
	line, err := g.readLine()
	if err != nil {
		return err
	}
	verb, argument, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	g.server.recordCommand(g.number, redact(verb, argument, line))

	stage := stageOf(verb)
	if stage == StageDATA {
		return g.content(line)
	}
	if stage != "" {
		acted, err := g.actOn(stage, pathOf(argument))
		if err != nil || acted {
			return err
		}
	}
	switch verb {
	case "EHLO":
		reply, err := g.engine.ask(line)
		if err != nil {
			return err
		}
		return g.send(g.offer(reply))
	case "STARTTLS":
		return g.commandStartTLS()
	case "AUTH":
		return g.commandAuth(line)
	case "BDAT":
		return g.send("502 5.5.1 BDAT is not implemented\r\n")
	case "QUIT":
		g.server.recordLeaving(g)
		g.relay(line)
		g.out.Flush()
		return errLeave
	}
	_, err = g.relay(line)
	return err
}

func stageOf(verb string) Stage {
	switch verb {
	case "HELO", "EHLO":
		return StageEHLO
	case "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "QUIT":
		return Stage(strings.ToLower(verb))
	}
	return ""
}

// redact returns the command line as it may be shown.
func redact(verb, argument, line string) string {
	if verb != "AUTH" {
		return line
	}
	mechanism, response, given := strings.Cut(argument, " ")
	if !given || response == "" {
		return line
	}
	return "AUTH " + mechanism + " ***"
}

// pathOf returns the address in "TO:<address> …", as far as there is one.
func pathOf(argument string) string {
	_, path, _ := strings.Cut(argument, "<")
	end := strings.LastIndexByte(path, '>')
	if end < 0 {
		return ""
	}
	return path[:end]
}

// offer rewrites the engine's EHLO reply to what the server's options offer.
func (g *gate) offer(reply string) string {
	if !strings.HasPrefix(reply, "250") {
		return reply
	}
	settings := g.server.settings
	var offered []string
	for i, line := range strings.Split(strings.TrimRight(reply, "\r\n"), "\r\n") {
		text := line[4:]
		keyword, _, _ := strings.Cut(text, " ")
		if i > 0 && (keyword == "CHUNKING" || settings.missingExtensions[keyword] ||
			keyword == "AUTH" && !g.authAllowed()) {
			continue
		}
		offered = append(offered, text)
	}
	if g.tls == "" && !settings.missingExtensions["STARTTLS"] {
		offered = append(offered, "STARTTLS")
	}
	return formatReply(250, "", strings.Join(offered, "\n"))
}

func (g *gate) authAllowed() bool { return g.tls != "" || g.server.settings.plaintextAuth }

func (g *gate) commandStartTLS() error {
	if g.tls != "" || g.server.settings.missingExtensions["STARTTLS"] {
		return g.send("502 5.5.1 STARTTLS is not available\r\n")
	}
	g.in.Discard(g.in.Buffered())
	if err := g.send("220 2.0.0 Ready to start TLS\r\n"); err != nil {
		return err
	}
	if err := g.startTLS(); err != nil {
		return err
	}
	_, err := g.attachEngine()
	return err
}

func (g *gate) commandAuth(line string) error {
	if !g.authAllowed() {
		return g.send("538 5.7.11 Encryption required for authentication\r\n")
	}
	for {
		reply, err := g.relay(line)
		if err != nil || !strings.HasPrefix(reply, "334") {
			return err
		}
		if line, err = g.readLine(); err != nil {
			return err
		}
	}
}

// actOn counts the stage and acts out the fault that is due, if any. The error
// ends the session.
func (g *gate) actOn(stage Stage, recipient string) (acted bool, err error) {
	g.server.recordStage(stage)
	fault, due := g.server.script.next(stage, recipient)
	if !due {
		return false, nil
	}
	return true, g.act(fault)
}

func (g *gate) act(fault Fault) error {
	if fault.Stall {
		g.out.Flush()
		io.Copy(io.Discard, g.in)
		return errLeave
	}
	if fault.Code != 0 {
		if err := g.send(formatReply(fault.Code, fault.Enhanced, fault.Text)); err != nil {
			return err
		}
	}
	if fault.Drop || fault.Code == 421 {
		g.out.Flush()
		return errLeave
	}
	return nil
}

func formatReply(code int, enhanced, text string) string {
	lines := strings.Split(text, "\n")
	var reply strings.Builder
	for i, line := range lines {
		separator := "-"
		if i == len(lines)-1 {
			separator = " "
		}
		if enhanced != "" {
			line = enhanced + " " + line
		}
		fmt.Fprintf(&reply, "%d%s%s\r\n", code, separator, line)
	}
	return reply.String()
}
