package main

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestLettersOfEveryScriptCanBeTyped(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	for _, letter := range "x = \"aäöüßéz ÅÿŁжれ\"" { // one after the other, as they are typed
		s.types(string(letter))
	}
	s.sees(`flow[1]> x = "aäöüßéz ÅÿŁжれ`)
	s.types(enter)
	s.sees("flow[2]>")
	s.types("len(x) + 100" + enter)
	s.sees("\n113\nflow[3]>")
	s.types("len(\"e\u0301\") + 200" + enter) // an accent of its own
	s.sees("\n202\nflow[4]>")
	s.types("\"れ\"" + left + "たb" + enter) // in the middle of what is there
	s.sees(`"れたb"` + "\nflow[5]>")
	s.types(`é` + altB + "y = \"" + ctrlE + "\"" + enter) // Meta is still a key
	s.sees(`y = "é"` + "\nflow[6]>")
}

const (
	left  = "\x1b[D"
	altB  = "\x1bb"
	ctrlE = "\x05"
	ctrlZ = "\x1a"
)

func TestTheTerminalMarksWhatIsPastedAtThePromptOnly(t *testing.T) {
	const marks, marksNot = "\x1b[?2004h", "\x1b[?2004l"
	s := sitDown(t, nil, "repl", "--trace")
	s.sees("flow[1]>")
	s.types("\x1b[200~if true {\r\tx = \"äé\"\r}\x1b[201~" + enter)
	s.sees("flow[2]>")
	s.types("x" + enter)
	s.sees(`"äé"` + "\nflow[3]>")
	s.types(`sleep < for: "1h" >` + enter)
	s.sees("call sleep")
	written := s.writtenSoFar()
	if on, off := strings.LastIndex(written, marks), strings.LastIndex(written, marksNot); on < 0 || on > off {
		t.Errorf("while an entry runs: %q", written)
	}
	s.types(ctrlC)
	s.sees("flow[4]>")
	s.types(ctrlD)
	s.leaves(statusDone)
	written = s.written()
	if on, off := strings.LastIndex(written, marks), strings.LastIndex(written, marksNot); on > off {
		t.Errorf("at the end: %q", written)
	}
}

func TestWhatIsPastedBehindAFailureDoesNotRun(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	s.types("\x1b[200~1 / 0\r\"ran\" + \"!\"\x1b[201~" + enter)
	s.sees("what was pasted behind the entry that failed was not run\nflow[2]>")
	s.waits("is without the value", func(shown string) bool { return !strings.Contains(shown, `"ran!"`) })
}

func TestCtrlDDeletesWhatStandsUnderTheCursorOnly(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	s.types("[1, 23]" + ctrlD + "\x1b[3~" + enter) // and Delete
	s.sees("\n[1,23]\nflow[2]>")
	s.types("[4, 56]" + left + left + ctrlD + enter)
	s.sees("\n[4,5]\nflow[3]>")
	s.types("x = `open" + ctrlD + enter + "more" + ctrlD + enter + ctrlD)
	s.sees("more\n\nflow[3]>")
	s.types(ctrlD)
	s.leaves(statusDone)
}

func TestCtrlDThatIsTypedAheadLeavesAfterTheEntry(t *testing.T) {
	s := sitDown(t, nil, "repl", "--trace")
	s.sees("flow[1]>")
	s.types(`sleep < for: "500ms" >` + enter)
	s.sees("call sleep")
	s.types("6 * 7" + enter + ctrlD)
	s.leaves(statusDone)
	if written := s.written(); !strings.Contains(written, "42") {
		t.Errorf("what was typed before it did not run: %q", written)
	}
}

func TestCtrlZAtThePromptGivesTheTerminalBackUntilTheShellContinues(t *testing.T) {
	shell := `set -m; flowrun repl; echo "stopped $?"; read line; echo "heard $line"; fg; echo "ended $?"`
	s := sitDown(t, []string{"PATH=" + os.Getenv("PATH")}, "-c", shell)
	s.sees("flow[1]>")
	s.types("x = [1," + enter + "2" + ctrlZ)
	s.sees("stopped ")
	mode, err := unix.IoctlGetTermios(int(s.terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	if mode.Lflag&unix.ICANON == 0 || mode.Lflag&unix.ECHO == 0 || mode.Cc[unix.VEOF] != ctrlD[0] {
		t.Errorf("the shell gets a terminal with the mode %#x and Ctrl-D %#x", mode.Lflag, mode.Cc[unix.VEOF])
	}
	s.types("words\r")
	s.sees("heard words")
	s.waits("shows the entry again", func(shown string) bool { return strings.Count(shown, "flow[1]> x = [1,") == 2 })
	s.types("]" + enter)
	s.sees("flow[2]>")
	s.types("x" + enter)
	s.sees("[1,2]\nflow[3]>")
	s.types(ctrlD)
	s.sees("ended 0")
	s.leaves(statusDone)
}

func TestCtrlZWithoutAShellDoesNothing(t *testing.T) {
	s := sitDown(t, nil, "repl")
	s.sees("flow[1]>")
	s.types("6 * " + ctrlZ + "7" + enter)
	s.sees("flow[1]> 6 * 7\n42\nflow[2]>")
}
