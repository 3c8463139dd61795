//go:build linux

package storetest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const startsServer = "FLOWRUN_STORETEST_STARTS_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(startsServer) == "" {
		os.Exit(m.Run())
	}
	s, err := theServer()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.dir)
	select {}
}

func TestServerEndsWithItsProcessAlsoWhenThatIsKilled(t *testing.T) {
	Location(t, "PostgreSQL") // skips where there is none
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The server inherits alive, which ends with its last process.
	ends, alive, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), self)
	command.Env = append(os.Environ(), startsServer+"=1")
	command.ExtraFiles = []*os.File{alive}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	alive.Close()
	dir, err := bufio.NewReader(output).ReadString('\n')
	dir = strings.TrimSpace(dir)
	if err != nil {
		t.Fatal(dir, err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	command.Wait()
	if _, err := io.Copy(io.Discard, ends); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left: %v", dir, err)
	}
}
