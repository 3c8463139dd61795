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
	"unicode/utf8"

	"github.com/hinshun/vt10x"
	"golang.org/x/sys/unix"
)

// typist is somebody at a terminal on which the command runs.
type typist struct {
	t        *testing.T
	keys     *os.File // the other side of the terminal
	terminal *os.File
	command  *exec.Cmd
	ended    chan struct{} // the command has
	drained  chan struct{} // nobody can write to the terminal any more, and all was read

	mutex   sync.Mutex
	changed *sync.Cond
	screen  vt10x.Terminal
	raw     bytes.Buffer
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
	program := "flowrun"
	if args[0] == "-c" {
		program = "sh"
	}
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	s := &typist{t: t, keys: keys, terminal: terminal, ended: make(chan struct{}), drained: make(chan struct{})}
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
	go s.watch()
	go func() {
		s.command.Wait()
		close(s.ended)
	}()
	t.Cleanup(s.standsUp)
	return s
}

// standsUp ends the command, if it has not ended, and the watching.
func (s *typist) standsUp() {
	s.command.Process.Kill()
	within(s.t, s.ended, "the command does not end though it was killed")
	s.terminal.Close()
	s.keys.Close() // which ends the reading too
	within(s.t, s.drained, "the terminal is still read though it was closed")
}

// within waits for what must happen.
func within(t *testing.T, happens <-chan struct{}, otherwise string) {
	t.Helper()
	select {
	case <-happens:
	case <-time.After(patience):
		t.Error(otherwise)
	}
}

// watch draws what appears on the screen, until the terminal has been closed.
func (s *typist) watch() {
	defer close(s.drained)
	buffer := make([]byte, 4096)
	kept := 0 // bytes of a character whose end is still to come
	for {
		n, err := s.keys.Read(buffer[kept:])
		text := buffer[:kept+n]
		whole := len(text) - cutCharacter(text)
		s.mutex.Lock()
		s.raw.Write(text[:whole])
		s.screen.Write(text[:whole])
		s.mutex.Unlock()
		s.changed.Broadcast()
		if err != nil {
			return
		}
		kept = copy(buffer, text[whole:])
	}
}

// cutCharacter is how many bytes at the end begin a character without ending it.
func cutCharacter(text []byte) int {
	for n := 1; n < min(utf8.UTFMax, len(text)+1); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// types presses keys.
func (s *typist) types(keys string) {
	s.t.Helper()
	s.keys.SetWriteDeadline(time.Now().Add(patience))
	if _, err := s.keys.WriteString(keys); err != nil {
		s.t.Fatalf("cannot type %q: %v; the screen shows\n%s", keys, err, s.shown())
	}
}

// shown is what is on the screen, without the blanks at the ends.
func (s *typist) shown() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.drawn()
}

// drawn is shown for those who hold the mutex.
func (s *typist) drawn() string {
	var lines []string
	for line := range strings.SplitSeq(s.screen.String(), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// written is everything that a command which has ended wrote to the terminal.
func (s *typist) written() string {
	s.t.Helper()
	s.terminal.Close()
	within(s.t, s.drained, "the terminal stays open though the command has ended")
	return s.writtenSoFar()
}

// writtenSoFar is what the command has written to the terminal.
func (s *typist) writtenSoFar() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.raw.String()
}

// sees waits until a text is on the screen. What was there before counts as well, so
// it cannot tell whether the keys typed last have had their effect.
func (s *typist) sees(text string) {
	s.t.Helper()
	s.waits("shows\n"+text, func(shown string) bool { return strings.Contains(shown, text) })
}

// seesLast waits until the screen ends with a line.
func (s *typist) seesLast(line string) {
	s.t.Helper()
	s.waits("ends with\n"+line, func(shown string) bool {
		return shown == line || strings.HasSuffix(shown, "\n"+line)
	})
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
	for !as(s.drawn()) {
		if late {
			s.t.Fatalf("the screen never %s\nbut\n%s", what, s.drawn())
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
		if got := strings.Contains(s.written(), "\x1b[35mif"); got != test.coloured {
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
		s.seesLast("flow[2]>")
		s.types("\x0c") // clears the screen
		s.waits("is cleared", func(shown string) bool { return shown == "flow[2]>" })
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
	s.waits("prompts anew", func(shown string) bool {
		// The system shows ^C after it has sent the signal, which the prompt may overtake.
		return strings.Contains(shown, "^C\nflow[2]>") || strings.Contains(shown, "\nflow[2]> ^C")
	})
	s.types("x\n")
	s.sees("[1,2]\nflow[3]>")
	s.types("while true { sleep < for: \"1h\" > }\n")
	s.sees("call sleep")
	s.types(ctrlC)
	s.sees("interrupted at flow[3]")
	s.sees("flow[4]>")
	s.types(ctrlD)
	s.leaves(statusDone)
	if written := s.written(); strings.Contains(written, "\x1b") {
		t.Errorf("escape sequences: %q", written)
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
