//go:build unix

package transaction

import (
	"os"
	"syscall"
)

// lookAtSocket reads from the socket of a connection without waiting; can is false
// when there is more to a connection than a socket. An end of the connection is no
// byte and no error.
func (w *wire) lookAtSocket(p []byte) (n int, err error, can bool) {
	if w.socket == nil {
		return 0, nil, false
	}
	if err := w.reads.keepOff(); err != nil {
		return 0, err, true
	}
	var readErr error
	err = w.socket.Read(func(fd uintptr) bool {
		for {
			n, readErr = syscall.Read(int(fd), p)
			if readErr != syscall.EINTR {
				return true
			}
		}
	})
	if err == nil {
		err = readErr
	}
	if err == syscall.EAGAIN {
		err = os.ErrDeadlineExceeded
	}
	return max(n, 0), err, true
}
