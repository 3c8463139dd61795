//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package repl

import "golang.org/x/sys/unix"

// keepEndOfFile has the terminal keep a Ctrl-D that is typed while an entry runs for
// the next prompt. Of itself it ends a read that nobody does then, and is lost.
func keepEndOfFile(terminal int) {
	mode, err := unix.IoctlGetTermios(terminal, getTermios)
	if err != nil || mode.Cc[unix.VEOF] == noCharacter {
		return
	}
	mode.Cc[unix.VEOF] = noCharacter
	unix.IoctlSetTermios(terminal, setTermios, mode)
}
