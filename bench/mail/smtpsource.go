package mail

import (
	"fmt"
	"os/exec"
	"strconv"
)

// SMTPSource is postfix's load generator smtp-source with 4 sessions at the same
// time. It writes mails of its own, as long as the letters.
type SMTPSource struct {
	// KeepConnections sends all mails of a session over one; without it each has its
	// own, which is what the program does when not told otherwise.
	KeepConnections bool

	path        string
	environment []string
}

// FindSMTPSource finds the program.
func FindSMTPSource() (SMTPSource, bool) {
	path, environment, found := postfixProgram("smtp-source")
	return SMTPSource{path: path, environment: environment}, found
}

func (s SMTPSource) Name() string {
	if s.KeepConnections {
		return "smtp-source -s 4 -d"
	}
	return "smtp-source -s 4"
}

func (SMTPSource) Module() string { return "" }

type smtpSourceOutbox struct {
	SMTPSource
	to Server
}

func (s SMTPSource) Open(to Server) (Outbox, error) {
	if to.encrypted() {
		return nil, fmt.Errorf("smtp-source cannot do STARTTLS")
	}
	return &smtpSourceOutbox{s, to}, nil
}

func (o *smtpSourceOutbox) Close() error { return nil }

func (o *smtpSourceOutbox) Send(letters []Letter) error {
	arguments := []string{"-s", "4", "-m", strconv.Itoa(len(letters)), "-l", strconv.Itoa(textBytes), "-f", sender, "-t", fileLetter.To}
	if o.KeepConnections {
		arguments = append(arguments, "-d")
	}
	source := exec.Command(o.path, append(arguments, o.to.address())...)
	source.Env = o.environment
	if said, err := source.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, said)
	}
	return nil
}
