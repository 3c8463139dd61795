package crashtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flowrun/builtins/email/mailtest"
	"flowrun/internal/storetest"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

var folder string // of the built command

func TestMain(m *testing.M) {
	status := m.Run()
	if folder != "" {
		os.RemoveAll(folder)
	}
	os.Exit(status)
}

// binary builds the command once, without the race detector, which would only
// slow it down.
var binary = sync.OnceValues(func() (string, error) {
	var err error
	if folder, err = os.MkdirTemp("", "crashtest"); err != nil {
		return "", err
	}
	path := filepath.Join(folder, "flowrun")
	if output, err := exec.Command("go", "build", "-race=false", "-o", path, "flowrun/cmd/flowrun").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, output)
	}
	return path, nil
})

// site is a store, a mail server, and a folder with flows.
type site struct {
	t        *testing.T
	location string
	server   *mailtest.Server
	address  string // of the server, or of what stands before it
	folder   string
}

func newSite(t *testing.T, location string, faults ...mailtest.Fault) *site {
	t.Helper()
	server, err := mailtest.Start(mailtest.WithFaults(faults...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return &site{t: t, location: location, server: server, address: server.Addr(), folder: t.TempDir()}
}

// eachSite runs a test with each of the databases.
func eachSite(t *testing.T, faults []mailtest.Fault, test func(*site)) {
	storetest.EachLocation(t, func(t *testing.T, location string) { test(newSite(t, location, faults...)) })
}

func (s *site) write(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// command makes a process of the command on this site's store and server, which
// is killed when a test takes too long.
func (s *site) command(args ...string) *exec.Cmd {
	s.t.Helper()
	path, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	s.t.Cleanup(cancel)
	command := exec.CommandContext(ctx, path, args...)
	command.Dir = s.folder
	command.Env = []string{
		"HOME=" + s.folder, "TMPDIR=" + s.folder, "FLOWRUN_STORE=" + s.location, "FLOWRUN_FROM=shop@shop.example",
		"FLOWRUN_SMTP=smtp://" + s.address + "?tls=none",
	}
	return command
}

// ended is how a process of the command ended.
type ended struct {
	status         int
	stdout, stderr string
}

func (s *site) run(args ...string) ended {
	s.t.Helper()
	return s.finish(s.command(args...))
}

func (s *site) finish(command *exec.Cmd) ended {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return ended{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// message is what `messages show` tells of one.
type message struct {
	ID         int64
	MessageID  string
	State      string
	InDoubt    bool
	Advice     string
	Recipients []struct{ Address, State string }
	Attempts   []struct{ State string }
}

func (s *site) messages() []message {
	s.t.Helper()
	var document struct{ Messages []message }
	s.document(&document, "messages", "list", "--limit", "0", "--json")
	return document.Messages
}

func (s *site) show(id int64) message {
	s.t.Helper()
	var document struct{ Messages []message }
	s.document(&document, "messages", "show", fmt.Sprint(id), "--json")
	if len(document.Messages) != 1 {
		s.t.Fatalf("messages show %d shows %d messages", id, len(document.Messages))
	}
	return document.Messages[0]
}

func (s *site) document(document any, args ...string) {
	s.t.Helper()
	got := s.run(args...)
	if got.status != 0 {
		s.t.Fatalf("flowrun %s: status %d\n%s%s", strings.Join(args, " "), got.status, got.stdout, got.stderr)
	}
	if err := json.Unmarshal([]byte(got.stdout), document); err != nil {
		s.t.Fatal(err)
	}
}

// kill starts the command and kills it, as by `kill -9`, when a session is at this
// stage for the nth time.
func (s *site) kill(stage mailtest.Stage, n int, args ...string) {
	s.t.Helper()
	command := s.command(args...)
	if err := command.Start(); err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.server.WaitForStage(ctx, stage, n); err != nil {
		s.t.Errorf("the command does not come to %s: %v", stage, err)
	}
	if err := command.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	command.Wait()
}
