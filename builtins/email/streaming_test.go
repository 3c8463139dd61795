package email_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"strings"
	"testing"

	"flowrun/builtins/email"
	flowruntime "flowrun/runtime"
)

// megabytes is a file of n MiB that is made while it is read.
func megabytes(n int) fakeFile {
	return fakeFile{name: "big.bin", mediaType: "application/octet-stream", size: int64(n) << 20, content: func() iter.Seq[[]byte] {
		return func(yield func([]byte) bool) {
			block := []byte(strings.Repeat("0123456789abcdef", 4096))
			for range n * 16 {
				if !yield(block) {
					return
				}
			}
		}
	}}
}

// TestALargeFileIsNeverHeldInMemory bounds all that is allocated while a mail with
// 100 MiB is made, which is more than what is held at any time.
func TestALargeFileIsNeverHeldInMemory(t *testing.T) {
	config := withFiles(email.Config{Limits: email.Limits{MessageBytes: 200 << 20}}, megabytes(100))
	p := program(t, config, mailTo+`subject: "s", message: "m", files: [1], dryRun: true >`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := p.Run(testContext(t), nil); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 16<<20 {
		t.Errorf("%d MiB were allocated", allocated>>20)
	}
}

func TestALargeFileArrivesWhole(t *testing.T) {
	raw := sentWith(t, []fakeFile{megabytes(5)}, mailTo+`subject: "s", message: "m", files: [1] >`, nil)
	if len(raw) < 5<<20*4/3 {
		t.Errorf("%d bytes came", len(raw))
	}
}

func TestCancellingEndsTheReadingOfAFile(t *testing.T) {
	server := startSandbox(t)
	ctx, cancel := context.WithCancel(testContext(t))
	file := megabytes(3)
	blocks := file.content
	file.content = func() iter.Seq[[]byte] {
		return func(yield func([]byte) bool) {
			for block := range blocks() {
				if !yield(block) {
					return
				}
				cancel()
			}
		}
	}
	outcome, err := program(t, withFiles(sandboxed(server), file), mailTo+`subject: "s", message: "m", files: [1] >`).Run(ctx, nil)
	if err == nil || len(outcome.Failures) == 0 || outcome.Failures[0].Kind != flowruntime.KindCancelled {
		t.Errorf("error %v, failures %v", err, outcome.Failures)
	}
	if n := server.Connections(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

func TestATimeoutEndsTheReadingOfAFile(t *testing.T) {
	file := megabytes(1)
	file.content = func() iter.Seq[[]byte] {
		return func(yield func([]byte) bool) {
			for yield([]byte("x")) {
			}
		}
	}
	file.size = 1 << 40
	config := withFiles(email.Config{Limits: email.Limits{MessageBytes: 1 << 42}}, file)
	_, err := program(t, config, mailTo+`subject: "s", message: "m", files: [1], dryRun: true, timeout: "50ms" >`).Run(testContext(t), nil)
	var failure *flowruntime.Error
	if !errors.As(err, &failure) || failure.Kind != flowruntime.KindTimeout {
		t.Errorf("error %v", err)
	}
}
