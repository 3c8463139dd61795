package mail

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Order tells the program attach, on standard input, what to send. It answers with
// the most memory that it took, in kB.
type Order struct {
	Client      string // its name
	To          Server
	Folder      string
	Attachments []string
}

// Attach is the program attach, which sends files in a process of its own, whose
// memory is therefore that of sending alone.
type Attach struct{ program string }

// BuildAttach builds the program into a folder, by the go command.
func BuildAttach(folder string) (Attach, error) {
	program := filepath.Join(folder, "attach")
	said, err := exec.Command("go", "build", "-race=false", "-o", program, "flowrun/bench/mail/attach").CombinedOutput()
	if err != nil {
		return Attach{}, fmt.Errorf("build attach: %w: %s", err, said)
	}
	return Attach{program}, nil
}

// Peak has the program carry out an order and gives the most memory that it took,
// in bytes.
func (a Attach) Peak(order Order) (int, error) {
	input, err := json.Marshal(order)
	if err != nil {
		return 0, err
	}
	sending := exec.Command(a.program)
	sending.Stdin = bytes.NewReader(input)
	var complaints strings.Builder
	sending.Stderr = &complaints
	told, err := sending.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", order.Client, err, complaints.String())
	}
	kilobytes, err := strconv.Atoi(strings.TrimSpace(string(told)))
	return kilobytes << 10, err
}
