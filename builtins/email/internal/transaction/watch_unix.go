//go:build unix

package transaction

import (
	"time"

	"golang.org/x/sys/unix"
)

// watchSocket returns when the socket of a connection has something to read, or has
// broken, and reports true, or when a time has come. It asks again and again, and at
// least once. A connection that is more than a socket is not watched.
func (w *wire) watchSocket(until time.Time) (ready bool) {
	if w.socket == nil {
		return false
	}
	// What Read gives says all there is to say about errors.
	_ = w.socket.Read(func(fd uintptr) bool {
		asked := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		for {
			if n, err := unix.Poll(asked, 0); n > 0 || err != nil && err != unix.EINTR {
				ready = true
				return true
			}
			if !time.Now().Before(until) {
				return true
			}
		}
	})
	return ready
}
