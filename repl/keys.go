package repl

// Names of readline's settings and commands.
const (
	bracketedPaste = "enable-bracketed-paste"
	convertMeta    = "convert-meta"
	selfInsert     = "self-insert"
	deleteChar     = "delete-char"
	endOfFile      = "end-of-file"
)

// setKeys has keys do what they do in other shells. The terminal is asked to mark what
// is pasted unless ~/.inputrc forbids it, for which that file is read once more.
func (t *Terminal) setKeys() {
	t.shell.Config.Set(bracketedPaste, true)
	t.shell.Keymap.ReloadConfig()
	t.shell.Config.Set(convertMeta, false) // it would take the letters up to U+00FF for keys pressed with Meta
	commands := t.shell.Keymap.Commands()
	insert, remove, end := commands[selfInsert], commands[deleteChar], commands[endOfFile]
	t.shell.Keymap.Register(map[string]func(){
		selfInsert: func() { t.insert(insert) },
		deleteChar: func() { t.remove(remove) },
		endOfFile:  func() { t.endOfFile(end) },
	})
}

// insert puts in what was typed, a letter with its accents, too, of which readline's own
// command takes the first rune only.
func (t *Terminal) insert(ascii func()) {
	typed := t.shell.Keys.Caller()
	if len(typed) == 1 && typed[0] < 0x80 {
		ascii()
		return
	}
	t.shell.History.SkipSave()
	t.shell.Cursor().InsertAt([]rune(pasted(string(typed)))...)
}

// remove takes away the character under the cursor. At the end there is none, where
// readline's own command takes the one before.
func (t *Terminal) remove(under func()) {
	if t.shell.Cursor().Pos() < t.shell.Line().Len() {
		under()
	}
}

// endOfFile leaves at an empty prompt. On an empty line below others it drops the
// entry, since a string that is open would keep everything else that is typed.
func (t *Terminal) endOfFile(leave func()) {
	line := *t.shell.Line()
	switch at := t.shell.Cursor().Pos(); {
	case len(line) == 0 || at < len(line):
		leave()
	case line[at-1] == '\n':
		t.shell.Keymap.Commands()[drop]()
	}
}
