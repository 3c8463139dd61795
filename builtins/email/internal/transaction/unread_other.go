//go:build !unix

package transaction

import "time"

// lookAtSocket knows no way to read from a socket without waiting here.
func (*wire) lookAtSocket([]byte) (n int, err error, can bool) { return 0, nil, false }

// watchSocket knows no way to do so here.
func (*wire) watchSocket(time.Time) bool { return false }
