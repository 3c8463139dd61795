//go:build linux && !race

package hostiletest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// memory is what a child may take, in bytes. The kernel bounds its private
	// writable memory (RLIMIT_DATA), except for one block that Go takes at once
	// from what it has reserved; the row looks at what was resident. A limit on
	// the address space would hit what Go reserves and never uses.
	memory = 512 << 20
	// promised is how long a hostile flow may take on an idle machine.
	promised = time.Second
	// slack is how many times as long it may take in a test, counted in time of
	// the processors, which other processes take nothing of.
	slack = 10
	// patience is half of how long processors may work for a child; lifetime is how
	// long it lives by the clock, which a busy machine is not to end.
	patience = 20 * time.Second
	lifetime = 6 * patience
)

// The environment variables that make this test one of the processes between a
// row and its child; both name the command.
const (
	// measures starts the child and writes its memory to the file descriptor 3.
	// It is small itself: what Linux counts for a process includes the process
	// that started it.
	measures = "FLOWRUN_HOSTILETEST_MEASURES"
	// becomes takes the limits of a child and turns into it.
	becomes = "FLOWRUN_HOSTILETEST_BECOMES"
)

func TestMain(m *testing.M) {
	var err error
	if command := os.Getenv(becomes); command != "" {
		err = become(command)
	} else if command := os.Getenv(measures); command != "" {
		err = measure(command)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(125)
	}
	status := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(status)
}

// measure runs the command in a child, and ends as that does.
func measure(command string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.Command(self, os.Args[1:]...)
	child.Env = []string{becomes + "=" + command}
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := child.Run(); err != nil && !errors.As(err, &exit) {
		return err
	}
	state := child.ProcessState
	resident := state.SysUsage().(*syscall.Rusage).Maxrss << 10
	if _, err := fmt.Fprintln(os.NewFile(3, "resident"), resident); err != nil {
		return err
	}
	if status := state.ExitCode(); status >= 0 {
		os.Exit(status)
	}
	return fmt.Errorf("SIGNAL: %v", state)
}

// become takes the limits of a child and turns into the command.
func become(command string) error {
	for resource, limit := range map[int]uint64{
		unix.RLIMIT_DATA: memory,
		unix.RLIMIT_CPU:  uint64(2 * patience / time.Second),
		unix.RLIMIT_CORE: 0,
	} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("setrlimit: %w", err)
		}
	}
	return fmt.Errorf("exec: %w", unix.Exec(command, append([]string{"flowrun"}, os.Args[1:]...), []string{"HOME=/no-home", "TZ=UTC"}))
}

// built is the folder of the command.
var built string

// command builds the command once and gives its path. It is built without the
// race detector, whose memory is not the flow's.
var command = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "hostiletest")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "flowrun")
	if err := lookAtSources(); err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", path, "flowrun/cmd/flowrun")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, output)
	}
	return path, nil
})

// lookAtSources looks at every source of the command, so that go test runs the
// tables again when one has changed: it does not see what go build reads.
func lookAtSources() error {
	return filepath.WalkDir(filepath.Join("..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		_, err = os.Stat(path)
		return err
	})
}

// ended is how a child ended.
type ended struct {
	status         int
	stdout, stderr string
	took           time.Duration // of the clock
	busy           time.Duration // of the processors
	resident       int64         // bytes, at most
	killed         bool          // for want of patience
}

// run runs the command in a child.
func run(t *testing.T, stdin string, args ...string) ended {
	t.Helper()
	path, err := command()
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), lifetime)
	defer cancel()
	var stdout, stderr head
	resident, told, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer resident.Close()
	child := exec.CommandContext(ctx, self, args...)
	child.Env = []string{measures + "=" + path}
	child.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	child.Cancel = func() error { return syscall.Kill(-child.Process.Pid, syscall.SIGKILL) }
	child.ExtraFiles = []*os.File{told}
	child.Stdout, child.Stderr = &stdout, &stderr
	if stdin != "" {
		in, err := os.Open(stdin)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		child.Stdin = in
	}
	began := time.Now()
	err = child.Run()
	took := time.Since(began)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	told.Close()
	e := ended{
		status: child.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(),
		took: took, busy: child.ProcessState.UserTime() + child.ProcessState.SystemTime(), killed: ctx.Err() != nil,
	}
	if _, err := fmt.Fscan(resident, &e.resident); err != nil && !e.killed {
		t.Fatalf("%v: %s", err, e.stderr)
	}
	return e
}

// maxOutput is how much a child may write to each of its outputs, in bytes.
const maxOutput = 64 << 20

// head keeps the beginning of what is written to it.
type head struct {
	bytes.Buffer
}

// Write implements io.Writer.
func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), maxOutput-h.Len())])
	return len(p), nil
}
