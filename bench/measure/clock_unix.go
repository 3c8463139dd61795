//go:build unix

package measure

import (
	"syscall"
	"time"
)

// Processor is the time that processors have worked for this process, its garbage
// collector among it: what to measure on a machine that does other things as well.
func Processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // only for arguments that are wrong
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
