//go:build unix

package transaction

import (
	"net"
	"os"
	"syscall"
)

// lookAtSocket reads from the socket of a connection without waiting; can is false
// when there is more to a connection than a socket. An end of the connection is no
// byte and no error.
func (w *wire) lookAtSocket(p []byte) (n int, err error, can bool) {
	var socket syscall.Conn
	switch conn := w.Conn.(type) {
	case *net.TCPConn:
		socket = conn
	case *net.UnixConn:
		socket = conn
	default:
		return 0, nil, false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return 0, err, true
	}
	if err := w.reads.keepOff(); err != nil {
		return 0, err, true
	}
	var readErr error
	err = raw.Read(func(fd uintptr) bool {
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
