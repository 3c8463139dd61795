package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/reeflective/readline"
	"github.com/reeflective/readline/inputrc"
	"github.com/rivo/uniseg"
	"golang.org/x/term"

	"flowrun/lang"
)

// Terminal is an Editor with line editing, history, completion and colours, on the
// process's own terminal. It changes how that handles Ctrl-D; who made it restores the
// terminal in the end.
type Terminal struct {
	repl     *REPL
	shell    *readline.Shell
	prompt   string
	rest     string      // of what was pasted, which the next reads give
	reserved int         // rows below the prompt
	before   *term.State // of the terminal outside of the prompt
}

// NewTerminal makes the editor of a prompt.
func NewTerminal(r *REPL, history *History, colour bool) *Terminal {
	t := &Terminal{repl: r, shell: readline.NewShell()}
	shell := t.shell
	shell.Prompt.Primary(func() string { return t.prompt })
	shell.History.Add("flowrun", history)
	shell.AcceptMultiline = func(text []rune) bool { return Complete(string(text)) }
	shell.PasteTransformer = pasted
	shell.Completer = func(text []rune, cursor int) readline.Completions {
		return r.candidates(string(text[:min(cursor, len(text))]), t.room())
	}
	t.setKeys()
	shell.Config.Set("menu-complete-display-prefix", true) // Tab first shows what there is
	shell.Config.Set("cursor-position-probe", false)       // its answer would swallow what is typed ahead
	t.bindDrop()
	t.bindSuspend()
	shell.SyntaxHighlighter = func(text []rune) string {
		t.reserve(string(text))
		if !colour {
			return string(text)
		}
		return Highlight(string(text))
	}
	return t
}

// reserve makes room for an entry and one row below it before it is drawn: readline
// counts rows from where it began, which fails when the screen scrolls meanwhile.
func (t *Terminal) reserve(text string) {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || width < 1 {
		return
	}
	rows := 1
	for line := range strings.SplitSeq(text, "\n") {
		rows += 1 + (len(t.prompt)+uniseg.StringWidth(line))/width
	}
	if rows > t.reserved {
		t.reserved = rows
		fmt.Print(strings.Repeat(index, rows) + fmt.Sprintf("\x1b[%dA", rows))
	}
}

// index moves the cursor down and lets the screen scroll (ECMA-48 IND).
const index = "\x1bD"

// drop is the name of what Ctrl-C does.
const drop = "drop-input"

// bindDrop has Ctrl-C drop the input wherever the user is. Of itself readline only
// closes a menu that is open.
func (t *Terminal) bindDrop() {
	abort := t.shell.Keymap.Commands()["abort"]
	t.shell.Keymap.Register(map[string]func(){drop: func() {
		abort()
		if dropped, _, _ := t.shell.History.LineAccepted(); !dropped {
			t.shell.Display.AcceptLine()
			t.shell.History.Accept(false, false, readline.ErrInterrupt)
		}
	}})
	for _, binds := range t.shell.Config.Binds {
		binds["\x03"] = inputrc.Bind{Action: drop}
	}
}

// pasted makes what was pasted fit to be shown.
func pasted(text string) string {
	return lang.Visible(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
}

// Read gives the next entry. Of what was pasted it gives one after the other, up to
// one that fails.
func (t *Terminal) Read(ctx context.Context, prompt string) (text string, err error) {
	if t.repl.broken {
		if strings.TrimSpace(t.rest) != "" {
			t.repl.skipped()
		}
		t.rest = ""
	}
	if t.rest == "" {
		if text, err = t.read(ctx, prompt); err != nil || whole(text) {
			return text, err
		}
		t.rest = text
	}
	text, t.rest = cut(ctx, t.rest)
	return text, nil
}

// read prompts, and gives what was typed or pasted until it was complete.
func (t *Terminal) read(ctx context.Context, prompt string) (string, error) {
	t.prompt, t.reserved = prompt, 0
	t.await()
	t.reserve("")
	type outcome struct {
		text string
		err  error
	}
	read := make(chan outcome, 1)
	go func() {
		text, err := t.shell.Readline()
		read <- outcome{text, err}
	}()
	select {
	case <-ctx.Done():
		t.unmarked()
		return "", ctx.Err()
	case entry := <-read:
		switch {
		case errors.Is(entry.err, readline.ErrInterrupt):
			return "", ErrDropped
		case entry.err != nil:
			return "", io.EOF
		}
		return entry.text, nil
	}
}

// room is how many candidates a menu can show on lines of their own.
func (t *Terminal) room() int {
	_, height, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return height - t.reserved - 3
}

// candidates gives what could follow as readline has it. It replaces the word up to
// the last blank, unless it is told of another one. Where there is no room for a line
// each, they are not described.
func (r *REPL) candidates(text string, room int) readline.Completions {
	found := r.Completion(text)
	word := text[found.Start:]
	lead := ""
	if word == "" {
		lead = text[strings.LastIndexAny(text, " \t\n")+1:]
		word = lead
	}
	for _, c := range word {
		if c >= 0x80 { // readline counts its bytes
			return readline.Completions{}
		}
	}
	var values []readline.Completion
	for _, c := range found.Candidates {
		if len(found.Candidates) > room {
			c.About = ""
		}
		values = append(values, readline.Completion{
			Value: lead + c.Text, Display: strings.TrimSpace(c.Text), Description: lang.VisibleLine(c.About),
		})
	}
	completions := readline.CompleteRaw(values)
	completions.PREFIX = word
	return completions
}
