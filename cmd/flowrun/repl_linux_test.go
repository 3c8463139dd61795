package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hinshun/vt10x"
	"golang.org/x/sys/unix"
)

// typist is somebody at a terminal on which the command runs.
type typist struct {
	t        *testing.T
	keys     *os.File // the other side of the terminal
	terminal *os.File
	command  *exec.Cmd
	ended    chan struct{}

	mutex   sync.Mutex
	changed *sync.Cond
	screen  vt10x.Terminal
	raw     bytes.Buffer
	closed  bool
}

// sitDown starts the command on a terminal of 40 rows, with a home of its own.
func sitDown(t *testing.T, environment []string, args ...string) *typist {
	t.Helper()
	return sitDownBefore(t, 40, environment, args...)
}

// sitDownBefore is sitDown before a terminal of so many rows.
func sitDownBefore(t *testing.T, rows int, environment []string, args ...string) *typist {
	t.Helper()
	keys, terminal, err := openTerminal()
	if err == nil {
		err = unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(rows), Col: 120})
	}
	if err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath("flowrun")
	if err != nil {
		t.Fatal(err)
	}
	s := &typist{t: t, keys: keys, terminal: terminal, ended: make(chan struct{})}
	s.changed = sync.NewCond(&s.mutex)
	s.screen = vt10x.New(vt10x.WithWriter(keys), vt10x.WithSize(120, rows))
	s.command = exec.Command(path, args...)
	s.command.Dir = t.TempDir()
	s.command.Env = append([]string{"HOME=" + t.TempDir(), "TERM=xterm-256color"}, environment...)
	s.command.Stdin, s.command.Stdout, s.command.Stderr = terminal, terminal, terminal
	s.command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	var watching sync.WaitGroup
	watching.Go(s.watch)
	go func() {
		s.command.Wait()
		close(s.ended)
	}()
	t.Cleanup(func() {
		s.command.Process.Kill()
		<-s.ended
		terminal.Close()
		watching.Wait()
		keys.Close()
	})
	return s
}

// watch draws what appears on the screen.
func (s *typist) watch() {
	buffer := make([]byte, 4096)
	for {
		n, err := s.keys.Read(buffer)
		s.mutex.Lock()
		s.raw.Write(buffer[:n])
		s.screen.Write(buffer[:n])
		s.closed = err != nil
		s.mutex.Unlock()
		s.changed.Broadcast()
		if err != nil {
			return
		}
	}
}

// types presses keys.
func (s *typist) types(keys string) {
	s.t.Helper()
	if _, err := s.keys.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// shown is what is on the screen, without the blanks at the ends.
func (s *typist) shown() string {
	var lines []string
	for line := range strings.SplitSeq(s.screen.String(), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// sees waits until a text is on the screen.
func (s *typist) sees(text string) {
	s.t.Helper()
	s.waits("shows\n"+text, func(shown string) bool { return strings.Contains(shown, text) })
}

// waits waits until the screen is as it should be.
func (s *typist) waits(what string, as func(shown string) bool) {
	s.t.Helper()
	late := false
	timer := time.AfterFunc(patience, func() {
		s.mutex.Lock()
		late = true
		s.mutex.Unlock()
		s.changed.Broadcast()
	})
	defer timer.Stop()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for !as(s.shown()) {
		if late || s.closed {
			s.t.Fatalf("the screen never %s\nbut\n%s", what, s.shown())
		}
		s.changed.Wait()
	}
}

// leaves waits for the end of the command, which has a status.
func (s *typist) leaves(status int) {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Fatalf("the command does not end; the screen shows\n%s", s.shown())
	}
	if got := s.command.ProcessState.ExitCode(); got != status {
		s.t.Errorf("exit status %d, want %d", got, status)
	}
}

const (
	enter = "\r"
	ctrlC = "\x03"
	ctrlD = "\x04"
	tab   = "\t"
	up    = "\x1b[A"
)

func TestPromptRunsEntriesOfOneLineAndOfMore(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	s.types("x = [1," + enter + "2]" + enter)
	s.sees("flow[2]>")
	s.types("if x[0] == 1 {" + enter + "y = \"\"\"" + enter + "two" + enter + "lines\"\"\"" + enter + "}" + enter)
	s.sees("flow[3]>")
	s.types("y" + enter)
	s.sees(`"two\nlines"` + "\nflow[4]>")
	s.types("1 / 0" + enter)
	s.sees("flow[4]:1:1: error: division by zero\n    1 | 1 / 0\n      | ^^^^^\nflow[5]>")
	s.types("\"a\\u{1b}[2J\"" + enter)
	s.sees(`"a\u{1b}[2J"` + "\nflow[6]>")
	s.types("log <" + enter + "message: `a" + enter + "b`" + enter + "> catch {" + enter + "}" + enter)
	s.sees("flow[7]>")
	s.types(ctrlD)
	s.leaves(statusDone)
}

func TestPromptColoursWhatIsTyped(t *testing.T) {
	for _, test := range []struct {
		environment []string
		coloured    bool
	}{{nil, true}, {[]string{"NO_COLOR=1"}, false}} {
		s := sitDown(t, test.environment, "repl")
		s.sees("flow[1]>")
		s.types("if true { }" + enter)
		s.sees("flow[2]>")
		s.types(ctrlD)
		s.leaves(statusDone)
		if got := strings.Contains(s.raw.String(), "\x1b[35mif"); got != test.coloured {
			t.Errorf("%v: coloured %v", test.environment, got)
		}
	}
}

func TestTabCompletesAtThePrompt(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	s.types("orders = 2" + enter)
	s.sees("flow[2]>")
	for typed, completed := range map[string]string{
		"sendEm":                  "sendEmail <",
		"sendEmail < retryC":      "sendEmail < retryCount:",
		"x = ord":                 "x = orders",
		"x = upper(ord":           "x = upper(orders",
		"log < level: \"err":      `log < level: "error"`,
		"fun":                     "function",
		":comp":                   ":components",
		":doc sendE":              ":doc sendEmail",
		"sendEmail < subject: up": "sendEmail < subject: upper(",
	} {
		s.types(typed + tab)
		s.sees("flow[2]> " + completed)
		s.types(ctrlC)
		s.sees("\nflow[2]>")
		s.types("\x0c") // clears the screen
		s.sees("flow[2]>")
	}
	s.types("sendEmail < re" + tab)
	s.sees("\nretryCount:    -- ")
}

func TestCtrlCStopsTheEntryThatRuns(t *testing.T) {
	s := sitDown(t, nil, "repl", "--trace")
	s.sees("flow[1]>")
	s.types("x = 1" + enter)
	s.sees("flow[2]>")
	s.types(`sleep < for: "1h" >; x = 2` + enter)
	s.sees("call sleep")
	s.types(ctrlC)
	s.sees("interrupted at flow[2]:1\nflow[3]>")
	s.types("x" + enter)
	s.sees("\n1\nflow[4]>")
	s.types("while true { sleep < for: \"1ms\" > }" + enter)
	s.sees("done sleep")
	s.types(ctrlC)
	s.sees("flow[5]>")
	s.types(ctrlD)
	s.leaves(statusDone)
}

func TestCtrlCAtThePromptDropsTheInput(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	s.types("x = [1," + enter + "2" + ctrlC)
	s.sees("2\nflow[1]>")
	s.types("sendEmail < re" + tab + tab)
	s.sees("sendEmail < replyTo:")
	s.types(ctrlC)
	s.sees("re\nflow[1]>")
	s.types("6 * 7" + enter)
	s.sees("flow[1]> 6 * 7\n42\nflow[2]>")
}

func TestWhatIsPastedRunsWhenEnterIsPressed(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	s.types("\x1b[200~x = 1\r\ny = [\r\n2]\r\n\"\x1b[2J\"\x1b[201~")
	s.sees(`"\u{1b}[2J"`)
	s.types(enter)
	s.sees("flow[2]>")
	s.types("[x, y[0]]" + enter)
	s.sees("\n[1,2]\nflow[3]>")
	s.types(ctrlD)
	s.leaves(statusDone)
}

func TestHistoryLivesOnInTheNextSession(t *testing.T) {
	state := t.TempDir()
	environment := []string{"XDG_STATE_HOME=" + state}
	first := sitDown(t, environment, "repl")
	first.sees("flow[1]>")
	first.types("x = [1," + enter + "2]" + enter)
	first.sees("flow[2]>")
	first.types(" hidden = 1" + enter)
	first.sees("flow[3]>")
	first.types(ctrlD)
	first.leaves(statusDone)

	second := sitDown(t, environment, "repl")
	second.sees("flow[1]>")
	second.types(up)
	second.sees("flow[1]> x = [1,\n         2]")
	second.types(enter)
	second.sees("flow[2]>")
	second.types("x" + enter)
	second.sees("[1,2]\nflow[3]>")
	second.types(ctrlD)
	second.leaves(statusDone)

	file := filepath.Join(state, "flowrun", "history")
	kept, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(kept), "hidden") {
		t.Errorf("the history has %q, %v", kept, err)
	}
	if found, err := os.Stat(file); err != nil || found.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", found.Mode(), err)
	}
}

func TestHistoryCanBeTurnedOff(t *testing.T) {
	for _, test := range []struct{ environment, argument string }{{"FLOWRUN_HISTORY=off", "repl"}, {"A=", "--no-history"}} {
		state := t.TempDir()
		arguments := []string{"repl"}
		if test.argument != "repl" {
			arguments = append(arguments, test.argument)
		}
		s := sitDown(t, []string{"XDG_STATE_HOME=" + state, test.environment}, arguments...)
		s.sees("flow[1]>")
		s.types("x = 1" + enter)
		s.sees("flow[2]>")
		s.types(up)
		s.sees("flow[2]> x = 1")
		s.types(ctrlC)
		s.sees("flow[2]> x = 1\nflow[2]>")
		s.types(ctrlD)
		s.leaves(statusDone)
		if left, err := os.ReadDir(state); err != nil || len(left) > 0 {
			t.Errorf("%v leaves %v, %v", test, left, err)
		}
	}
}

func TestPromptShowsMailsAsTheyArrive(t *testing.T) {
	s := sitDown(t, nil, "repl", "--sandbox", "--real-time")
	s.sees("flow[1]>")
	s.types(`sendEmail < to: "ann@example.com", subject: "One", message: "m" >; sleep < for: "1h" >` + enter)
	s.sees("Subject      One")
	s.types(ctrlC)
	s.sees("flow[2]>")
}

func TestPlainTerminalGetsPlainPrompts(t *testing.T) {
	s := sitDown(t, []string{"TERM=dumb"}, "repl", "--trace")
	s.sees("flow[1]>")
	s.types("x = [1,\n")
	s.sees("\n     ...")
	s.types("2]\n")
	s.sees("flow[2]>")
	s.types("x = [" + "\n")
	s.sees("flow[2]> x = [\n     ...")
	s.types(ctrlC)
	s.sees("^C\nflow[2]>")
	s.types("x\n")
	s.sees("[1,2]\nflow[3]>")
	s.types("while true { sleep < for: \"1h\" > }\n")
	s.sees("call sleep")
	s.types(ctrlC)
	s.sees("interrupted at flow[3]")
	s.sees("flow[4]>")
	s.types(ctrlD)
	s.leaves(statusDone)
	if strings.Contains(s.raw.String(), "\x1b") {
		t.Errorf("escape sequences: %q", s.raw.String())
	}
}

func TestATerminalIsAsBeforeWhenTheCommandIsTerminated(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	s.command.Process.Signal(syscall.SIGTERM)
	s.leaves(statusInterrupted)
	mode, err := unix.IoctlGetTermios(int(s.terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	if mode.Lflag&unix.ICANON == 0 || mode.Lflag&unix.ECHO == 0 {
		t.Errorf("the terminal stays raw: %s", fmt.Sprintf("%#x", mode.Lflag))
	}
}
