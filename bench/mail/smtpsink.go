package mail

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// SMTPSink is postfix's smtp-sink, a process of its own that takes plain mails and
// forgets them.
type SMTPSink struct {
	port  int
	alive io.Closer // its end ends the process
	ended chan error
}

// script runs a server until the input ends.
const script = `"$@" </dev/null & trap 'kill $!; wait' EXIT; read -r _`

// StartSMTPSink starts one where the program is found. Close it when done.
func StartSMTPSink() (sink *SMTPSink, found bool, err error) {
	path, environment, found := postfixProgram("smtp-sink")
	if !found {
		return nil, false, nil
	}
	port, err := freePort()
	if err != nil {
		return nil, true, err
	}
	command := []string{"-c", script, "bash", path}
	if os.Getuid() == 0 {
		command = append(command, "-u", "nobody")
	}
	shell := exec.Command("bash", append(command, "127.0.0.1:"+strconv.Itoa(port), "1000")...)
	shell.Env = environment
	alive, err := shell.StdinPipe()
	if err != nil {
		return nil, true, err
	}
	if err := shell.Start(); err != nil {
		return nil, true, err
	}
	sink = &SMTPSink{port: port, alive: alive, ended: make(chan error, 1)}
	go func() { sink.ended <- shell.Wait() }()
	if err := sink.Server().await(); err != nil {
		return nil, true, errors.Join(err, sink.Close())
	}
	return sink, true, nil
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// await tries a server until it takes a connection: smtp-sink tells nobody when it
// is ready.
func (s Server) await() error {
	const patience, pause = 10 * time.Second, 10 * time.Millisecond
	for began := time.Now(); ; time.Sleep(pause) {
		conn, err := net.Dial("tcp", s.address())
		if err == nil {
			return conn.Close()
		}
		if time.Since(began) > patience {
			return fmt.Errorf("the server does not begin: %w", err)
		}
	}
}

// Server is where clients send to.
func (s *SMTPSink) Server() Server { return Server{Host: "127.0.0.1", Port: s.port} }

// Close ends the process.
func (s *SMTPSink) Close() error {
	s.alive.Close()
	<-s.ended
	return nil
}
