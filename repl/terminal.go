package repl

import (
	"fmt"
	"os"

	"github.com/reeflective/readline/inputrc"
	"golang.org/x/term"
)

// stopProcess is the name of what Ctrl-Z does.
const stopProcess = "suspend"

// bindSuspend has Ctrl-Z stop the process, as the terminal does of itself while an
// entry runs.
func (t *Terminal) bindSuspend() {
	t.shell.Keymap.Register(map[string]func(){stopProcess: t.suspend})
	for _, binds := range t.shell.Config.Binds {
		binds["\x1a"] = inputrc.Bind{Action: stopProcess}
	}
}

// suspend gives the terminal back to the shell until it continues the process, and
// then shows again what is being typed.
func (t *Terminal) suspend() {
	t.shell.History.SkipSave()
	terminal := int(os.Stdin.Fd())
	reading, err := term.GetState(terminal)
	if err != nil || t.before == nil || !suspendable() {
		return
	}
	t.shell.Display.ResetHelpers()
	t.shell.Display.AcceptLine()
	t.unmarked()
	term.Restore(terminal, t.before)
	suspend()
	if now, err := term.GetState(terminal); err == nil {
		t.before = now
	}
	term.Restore(terminal, reading)
	t.marked()
	t.reserved = 0
	t.reserve(string(*t.shell.Line()))
	t.shell.Display.PrintPrimaryPrompt()
}

// await notes how the terminal is outside of the prompt, and prepares it for what is
// typed while the next entry runs.
func (t *Terminal) await() {
	terminal := int(os.Stdin.Fd())
	if t.before == nil {
		t.before, _ = term.GetState(terminal)
	}
	keepEndOfFile(terminal)
}

// marked has the terminal mark what is pasted, unless ~/.inputrc forbids it.
func (t *Terminal) marked() {
	if t.shell.Config.GetBool(bracketedPaste) {
		fmt.Print("\x1b[?2004h")
	}
}

// unmarked has the terminal mark no longer what is pasted.
func (t *Terminal) unmarked() {
	if t.shell.Config.GetBool(bracketedPaste) {
		fmt.Print("\x1b[?2004l")
	}
}
