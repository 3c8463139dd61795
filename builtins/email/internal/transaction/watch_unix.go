//go:build unix

package transaction

import (
	"time"

	"golang.org/x/sys/unix"
)

// watchSocket returns when the socket of a connection has something to read, or has
// broken, or a time has come. It asks again and again. A connection that is more
// than a socket is not watched.
func (w *wire) watchSocket(until time.Time) {
	if w.socket == nil {
		return
	}
	// What Read gives says all there is to say about errors.
	_ = w.socket.Read(func(fd uintptr) bool {
		asked := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		for {
			if n, err := unix.Poll(asked, 0); n > 0 || err != nil && err != unix.EINTR {
				return true
			}
			if !time.Now().Before(until) {
				return true
			}
		}
	})
}
