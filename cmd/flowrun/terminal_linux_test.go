package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

func init() { scriptCommands["terminal"] = terminalCommand }

// terminalCommand is `terminal FILE command…`: the command runs with its output
// on a terminal, and what appears there is written to the file.
func terminalCommand(ts *testscript.TestScript, _ bool, args []string) {
	screen, terminal, err := openTerminal()
	ts.Check(err)
	defer screen.Close()
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, path, args[2:]...)
	command.Dir = ts.MkAbs(".")
	command.Env = []string{"TERM=" + ts.Getenv("TERM"), "NO_COLOR=" + ts.Getenv("NO_COLOR")}
	command.Stdout, command.Stderr = terminal, terminal
	err = command.Start()
	terminal.Close()
	ts.Check(err)
	var shown bytes.Buffer
	io.Copy(&shown, screen) // ends with an error, when the command has ended
	command.Wait()
	ts.Check(ctx.Err())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), shown.Bytes(), 0o600))
}

// openTerminal makes a pseudo-terminal of 120 columns; see pty(7). Closing screen ends
// the reads and writes that wait there.
func openTerminal() (screen, terminal *os.File, err error) {
	screen, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	number, err := unlockTerminal(screen)
	if err == nil {
		terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 120})
	}
	if err != nil {
		screen.Close()
		return nil, nil, err
	}
	return screen, terminal, nil
}

// unlockTerminal gives the number of the terminal behind a screen, which can be opened
// then. It does without Fd, after which a read would wait though the screen is closed.
func unlockTerminal(screen *os.File) (number int, err error) {
	raw, err := screen.SyscallConn()
	if err != nil {
		return 0, err
	}
	controlled := raw.Control(func(fd uintptr) {
		number, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		if err == nil {
			err = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0)
		}
	})
	return number, errors.Join(controlled, err)
}
