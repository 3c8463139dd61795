package peertest

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// patience is how long a server may take to begin, and a session to end.
const patience = 30 * time.Second

// script runs a server in a process group of its own until its input ends, which
// the kernel sees to at the latest, and takes it away with all its processes.
const script = `
set -m
"$@" </dev/null &
server=$!
trap 'kill -TERM -- "-$server"; wait "$server"' EXIT
read -r _ || true
`

// process is a server that runs.
type process struct {
	port int
	log  string // path of what it says
}

// start runs a server that is told its port, and waits until it takes connections.
func start(t testing.TB, environment string, command func(port int) []string) process {
	t.Helper()
	p := process{port: freePort(t), log: filepath.Join(t.TempDir(), "log")}
	log, err := os.Create(p.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	shell := exec.Command("/bin/bash", append([]string{"-c", script, "bash"}, command(p.port)...)...)
	shell.Env = append(os.Environ(), environment)
	shell.Stdout, shell.Stderr = log, log
	alive, err := shell.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { shell.Wait(); close(ended) }()
	t.Cleanup(func() { end(t, alive, ended) })
	p.waitForBanner(t)
	return p
}

// end takes a server away.
func end(t testing.TB, alive io.Closer, ended <-chan struct{}) {
	alive.Close()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the server does not end")
	}
}

// waitForBanner tries the port until a banner comes. A server of others tells
// nobody when it is ready.
func (p process) waitForBanner(t testing.TB) {
	t.Helper()
	deadline := time.Now().Add(patience / 2)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)), time.Second)
		if err == nil {
			banner := make([]byte, 4)
			conn.SetDeadline(time.Now().Add(5 * time.Second))
			_, err = io.ReadFull(conn, banner)
			io.WriteString(conn, "QUIT\r\n")
			conn.Close()
		}
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server does not begin: %v\n%s", err, p.said())
		}
		<-again.C
	}
}

// said is what the server said.
func (p process) said() string {
	said, _ := os.ReadFile(p.log)
	return string(said)
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
