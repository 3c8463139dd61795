package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/lang"
)

// endless is a text without end. It counts what was read.
type endless struct{ read int }

// Read implements io.Reader.
func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '\n'
	}
	e.read += len(p)
	return len(p), nil
}

// perform runs the command in this process.
func perform(t *testing.T, stdin *endless, args ...string) (status int, stderr string) {
	t.Helper()
	var out, errors bytes.Buffer
	status = Main(t.Context(), Process{
		Args: args, Stdin: stdin, Stdout: &out, Stderr: &errors,
		Env: func(string) (string, bool) { return "", false },
	})
	return status, errors.String()
}

func TestOfStandardInputNoMoreIsReadThanAFlowMayHave(t *testing.T) {
	for _, args := range [][]string{{"check", "-"}, {"run", "--sandbox", "-"}} {
		stdin := &endless{}
		status, stderr := perform(t, stdin, args...)
		if status != statusInvalid || !strings.HasPrefix(stderr, "stdin:1:1: error: the source has more than 1048576 bytes\n") {
			t.Errorf("%v: status %d, %s", args, status, stderr)
		}
		if most := lang.DefaultLimits.Source + 1; stdin.read > most {
			t.Errorf("%v: read %d bytes, more than %d", args, stdin.read, most)
		}
	}
}

// TestFilesWithoutEndAreRefused would not end if the command read all of a file.
func TestFilesWithoutEndAreRefused(t *testing.T) {
	flow := filepath.Join(t.TempDir(), "a.flow")
	if err := os.WriteFile(flow, []byte("input a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args   []string
		status int
		stderr string
	}{
		{[]string{"check", "/dev/zero"}, statusInvalid, "/dev/zero:1:1: error: the source has more than 1048576 bytes\n"},
		{[]string{"run", "--sandbox", "/dev/zero"}, statusInvalid, "/dev/zero:1:1: error: the source has more than 1048576 bytes\n"},
		{[]string{"run", "--sandbox", flow, "--inputs", "/dev/zero"}, statusUsage, "flowrun: /dev/zero is larger than 64 MiB\n"},
	} {
		status, stderr := perform(t, &endless{}, test.args...)
		if status != test.status || !strings.HasPrefix(stderr, test.stderr) {
			t.Errorf("%v: status %d, %s", test.args, status, stderr)
		}
	}
}
