//go:build linux

package store_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"flowrun/store"
)

// The environment variables that make this test a child which works on a store:
// what it does, where the store is, and whether it gives up the rights of root.
const (
	childDoes     = "FLOWRUN_STORE_CHILD"
	childLocation = "FLOWRUN_STORE_CHILD_LOCATION"
	childIsNobody = "FLOWRUN_STORE_CHILD_IS_NOBODY"
)

// children are what children do, by name. What they print is read by the test, and
// tells of nothing that is not stored.
var children = map[string]func(ctx context.Context, st *store.Store, args []string) error{}

func TestMain(m *testing.M) {
	does := os.Getenv(childDoes)
	if does == "" {
		os.Exit(m.Run())
	}
	if err := beChild(context.Background(), children[does]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func beChild(ctx context.Context, do func(context.Context, *store.Store, []string) error) error {
	if os.Getenv(childIsNobody) != "" && os.Getuid() == 0 {
		const nobody = 65534
		if err := unix.Setresuid(nobody, nobody, nobody); err != nil {
			return err
		}
	}
	st, err := store.Open(ctx, os.Getenv(childLocation))
	if err != nil {
		return err
	}
	defer st.Close()
	return do(ctx, st, os.Args[1:])
}

// child is the command that runs a child. It ends with the test.
func child(t *testing.T, does, location string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), self, args...)
	command.Env = append(os.Environ(), childDoes+"="+does, childLocation+"="+location)
	return command
}

// linesOf runs a child to its end and gives the lines that it printed.
func linesOf(t *testing.T, command *exec.Cmd) []string {
	t.Helper()
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s%s", err, output, stderr.String())
	}
	return strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")
}

// killedAfter runs a child, kills it a while after it has printed so many lines,
// and gives the whole lines that it printed.
func killedAfter(t *testing.T, command *exec.Cmd, lines int, while time.Duration) []string {
	t.Helper()
	var stderr bytes.Buffer
	kill := func() { command.Process.Kill() }
	command.Stderr = &stderr
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if lines == 0 {
		time.AfterFunc(while, kill)
	}
	var all []string
	reader := bufio.NewReader(output)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			break
		}
		all = append(all, strings.TrimSuffix(line, "\n"))
		if len(all) == lines {
			time.AfterFunc(while, kill)
		}
	}
	err = command.Wait()
	if len(all) < lines || stderr.Len() > 0 {
		t.Fatalf("the child ended by itself after %d lines: %v: %s", len(all), err, stderr.String())
	}
	return all
}
