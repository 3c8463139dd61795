package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"flowrun/builtins/email/mailtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"flowrun": main})
}

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// scriptCommands are the commands of scripts beside those of testscript.
var scriptCommands = map[string]func(*testscript.TestScript, bool, []string){
	"status":     statusCommand,
	"interrupt":  interruptCommand,
	"mailserver": mailserverCommand,
	"delivered":  deliveredCommand,
	"stable":     stableCommand,
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			examples, err := filepath.Abs("../../examples")
			env.Setenv("EXAMPLES", examples)
			return err
		},
		Cmds: scriptCommands,
	})
}

// statusCommand is `status N command…`: the command ends with that exit status.
func statusCommand(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// interruptCommand is `interrupt N text command…`: once the command has written
// the text to standard error it gets SIGINT, and ends with that exit status. What
// it has written is in the file interrupted.
func interruptCommand(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	path, err := exec.LookPath(args[2])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, path, args[3:]...)
	command.Dir = ts.MkAbs(".")
	command.Env = append(os.Environ(), "HOME=/no-home", "TMPDIR="+ts.Getenv("TMPDIR"))
	output := &watched{text: args[1], seen: make(chan struct{})}
	command.Stderr = output
	ts.Check(command.Start())
	select {
	case <-output.seen:
		ts.Check(command.Process.Signal(os.Interrupt))
	case <-ctx.Done():
	}
	command.Wait()
	ts.Check(os.WriteFile(ts.MkAbs("interrupted"), []byte(output.String()), 0o600))
	if got := command.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// watched tells when a text has been written.
type watched struct {
	text string
	seen chan struct{}

	mutex   sync.Mutex
	written bytes.Buffer
	once    sync.Once
}

func (w *watched) Write(p []byte) (int, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.written.Write(p)
	if bytes.Contains(w.written.Bytes(), []byte(w.text)) {
		w.once.Do(func() { close(w.seen) })
	}
	return len(p), nil
}

func (w *watched) String() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.written.String()
}

// mailservers are the servers of scripts that run.
var mailservers sync.Map // *testscript.TestScript to *mailtest.Server

// mailserverCommand is `mailserver`: it starts a server that lets in ann with
// the password "secret", sets PORT to its port, and has commands trust it.
func mailserverCommand(ts *testscript.TestScript, _ bool, _ []string) {
	server, err := mailtest.Start(mailtest.WithCredentials("ann@shop.example", "secret"))
	ts.Check(err)
	ts.Defer(func() { server.Close() })
	authority := filepath.Join(ts.Getenv("WORK"), "authority.pem")
	ts.Check(os.WriteFile(authority, server.CertificatePEM(), 0o600))
	ts.Setenv("SSL_CERT_FILE", authority)
	ts.Setenv("PORT", strconv.Itoa(server.Port()))
	mailservers.Store(ts, server)
}

// deliveredCommand is `delivered regexp…`: the server got as many mails, and
// each matches: sender, recipients, user, TLS, subject and text, one a line.
func deliveredCommand(ts *testscript.TestScript, _ bool, args []string) {
	found, ok := mailservers.Load(ts)
	if !ok {
		ts.Fatalf("there is no mailserver")
	}
	mails := found.(*mailtest.Server).Mails()
	if len(mails) != len(args) {
		ts.Fatalf("%d mails came, want %d", len(mails), len(args))
	}
	for i, m := range mails {
		parsed, err := m.Parse()
		ts.Check(err)
		text := fmt.Sprintf("from %s\nto %s\nas %s\nover %s\nsubject %s\n%s",
			m.From, strings.Join(m.To, " "), m.User, m.TLS, parsed.Header("Subject"), parsed.Text)
		if !regexp.MustCompile("(?s)" + args[i]).MatchString(text) {
			ts.Fatalf("mail %d does not match %s:\n%s", i+1, args[i], text)
		}
	}
}

// passing are the parts of a document that no two runs share.
var passing = []struct {
	pattern *regexp.Regexp
	stable  string
}{
	{regexp.MustCompile(`"run": "[0-9a-f]{32}"`), `"run": "RUN"`},
	{regexp.MustCompile(`"time": "[^"]+"`), `"time": "TIME"`},
	{regexp.MustCompile(`("name": "Date",\s+"value": )"[^"]+"`), `$1"DATE"`},
	{regexp.MustCompile(`<[0-9a-v]{32}@`), `<ID@`},
	{regexp.MustCompile(`"[0-9a-v]{32}@`), `"ID@`},
	{regexp.MustCompile(`"(date|created|updated|began|ended)": "[^"]+"`), `"$1": "TIME"`},
	{regexp.MustCompile(`(localhost|127\.0\.0\.1):\d+`), `$1:PORT`},
	{regexp.MustCompile(`"size": \d{3,}`), `"size": SIZE`},
	{regexp.MustCompile(`"steps": [1-9]\d*`), `"steps": STEPS`},
	{regexp.MustCompile(`boundary=\\"=_[0-9a-f]+\\"`), `boundary=BOUNDARY`},
}

// stableCommand is `stable FILE`: it writes the last standard output to a file,
// without what no two runs share.
func stableCommand(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile("stdout")
	for _, p := range passing {
		text = p.pattern.ReplaceAllString(text, p.stable)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
