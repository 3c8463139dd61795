package transaction_test

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

// openFiles counts the file descriptors of the process, 0 where it cannot be told.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

func TestPoolLeavesNothingBehind(t *testing.T) {
	for name, limits := range map[string]transaction.PoolLimits{
		"after Close":         {},
		"after the idle time": {Idle: 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			goroutines, files := runtime.NumGoroutine(), openFiles()
			sandbox, err := mailtest.Start()
			if err != nil {
				t.Fatal(err)
			}
			pool := transaction.NewPool(limits)
			var sending sync.WaitGroup
			for i := range 30 {
				sending.Go(func() {
					ctx, cancel := context.WithCancel(soon(t))
					defer cancel()
					message := spool(t, letter)
					defer message.Close()
					if i%3 == 0 {
						time.AfterFunc(time.Duration(i)*time.Millisecond, cancel)
					}
					pool.Send(ctx, over(sandbox), to("bob@b.example"), message)
				})
			}
			sending.Wait()
			if name == "after Close" {
				pool.Close()
			}
			lines(t, sandbox)
			sandbox.Close()
			deadline := time.Now().Add(10 * time.Second)
			for runtime.NumGoroutine() > goroutines || openFiles() > files {
				if time.Now().After(deadline) {
					stacks := make([]byte, 1<<16)
					t.Fatalf("%d goroutines and %d files, before %d and %d\n%s", runtime.NumGoroutine(), openFiles(), goroutines, files,
						stacks[:runtime.Stack(stacks, true)])
				}
				runtime.Gosched()
			}
		})
	}
}
