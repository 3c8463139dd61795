package suspendtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// workerVariable tells a test binary that it is a Worker's process.
const workerVariable = "FLOWRUN_SUSPENDTEST_WORKER"

// Worker is another process of the test binary, which runs segments.
type Worker struct {
	command *exec.Cmd
	in      io.WriteCloser
	encoder *json.Encoder
	decoder *json.Decoder
}

// StartWorker starts another process of this test binary. Its TestMain has to
// call ServeIfWorker.
func StartWorker() (*Worker, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.Command(binary, "-test.run=^$")
	command.Env = append(os.Environ(), workerVariable+"=1")
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	return &Worker{command: command, in: in, encoder: json.NewEncoder(in), decoder: json.NewDecoder(out)}, nil
}

// Run runs a segment in the worker's process.
func (w *Worker) Run(s Segment) Ended {
	var ended Ended
	if err := w.encoder.Encode(s); err != nil {
		return Ended{Problem: err.Error()}
	}
	if err := w.decoder.Decode(&ended); err != nil {
		return Ended{Problem: "the worker died: " + err.Error()}
	}
	return ended
}

// Close ends the worker's process.
func (w *Worker) Close() error {
	if err := w.in.Close(); err != nil {
		return err
	}
	return w.command.Wait()
}

// ServeIfWorker runs segments for whoever started this process with StartWorker,
// and ends the process; in any other process it does nothing.
func ServeIfWorker(host func(s Segment) (Host, error)) {
	if os.Getenv(workerVariable) == "" {
		return
	}
	decoder, encoder := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var s Segment
		if err := decoder.Decode(&s); errors.Is(err, io.EOF) {
			os.Exit(0)
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		h, err := host(s)
		ended := Ended{}
		if err != nil {
			ended.Problem = err.Error()
		} else {
			ended = s.Run(context.Background(), h)
		}
		if err := encoder.Encode(ended); err != nil {
			os.Exit(1)
		}
	}
}
