//go:build unix

package repl

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// suspendable reports whether a shell waits for the process to stop, and can continue
// it: the parent is of the same session and of another group of processes. Where none
// does, nothing would ever continue it.
func suspendable() bool {
	parent := os.Getppid()
	session, err := unix.Getsid(0)
	if err != nil || signal.Ignored(syscall.SIGTSTP) {
		return false
	}
	itsSession, err := unix.Getsid(parent)
	group, _ := unix.Getpgid(0)
	itsGroup, problem := unix.Getpgid(parent)
	return err == nil && problem == nil && itsSession == session && itsGroup != group
}

// suspend stops the process until the shell continues it.
func suspend() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	if syscall.Kill(0, syscall.SIGTSTP) == nil {
		<-continued // the signal may stop the process a moment later only
	}
}
