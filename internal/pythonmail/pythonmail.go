// Package pythonmail reads mails by Python's email package, whose parser
// (policy.default) tells every defect that it finds. Tests use it as a judge that
// shares nothing with the code that writes the mails.
package pythonmail

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"flowrun/internal/peertest"
)

//go:embed read.py
var script string

// Mail is one mail as Python reads it.
type Mail struct {
	// Parts are the mail itself and all parts within, each before its own parts.
	Parts []Part `json:"parts"`
}

// Part is one entity of a mail.
type Part struct {
	Type        string   `json:"type"`        // "text/plain"
	Charset     string   `json:"charset"`     // lower case, or ""
	Disposition string   `json:"disposition"` // "attachment", "inline" or ""
	FileName    string   `json:"fileName"`    // decoded, or ""
	ContentID   string   `json:"contentID"`   // without brackets, or ""
	Depth       int      `json:"depth"`       // 0 is the mail itself
	Headers     []Header `json:"headers"`
	Defects     []string `json:"defects"`
	Content     []byte   `json:"content"` // decoded; nil of a multipart
	Text        string   `json:"text"`    // of a text, decoded, lines ended by \n
}

// Header is one header field.
type Header struct {
	Name      string    `json:"name"`
	Value     string    `json:"value"` // decoded and unfolded
	Addresses []Address `json:"addresses"`
	Defects   []string  `json:"defects"`
}

// Address is one mailbox of an address field.
type Address struct {
	Name string `json:"name"`
	Spec string `json:"spec"`
}

// timeout bounds one reading.
const timeout = time.Minute

// Read reads mails. Where Python is not installed it skips the test, or lets it fail where
// tools are required (see peertest.Required).
func Read(t testing.TB, mails ...[]byte) []Mail {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		const message = "python3 is not installed, so that no other parser judges the mails"
		if os.Getenv(peertest.Required) == "required" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	input, err := json.Marshal(mails)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(ctx, python, "-I", "-c", script)
	command.Stdin = bytes.NewReader(input)
	var complaint bytes.Buffer
	command.Stderr = &complaint
	output, err := command.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, complaint.Bytes())
	}
	var read []Mail
	if err := json.Unmarshal(output, &read); err != nil {
		t.Fatalf("python3 gave %.200q: %v", output, err)
	}
	if len(read) != len(mails) {
		t.Fatalf("python3 read %d mails, want %d", len(read), len(mails))
	}
	return read
}

// Defects lists every defect of the mail, each with its place.
func (m Mail) Defects() []string {
	var defects []string
	for i, part := range m.Parts {
		for _, defect := range part.Defects {
			defects = append(defects, fmt.Sprintf("part %d, %s: %s", i, part.Type, defect))
		}
		for _, header := range part.Headers {
			for _, defect := range header.Defects {
				defects = append(defects, fmt.Sprintf("part %d, header %s: %s", i, header.Name, defect))
			}
		}
	}
	return defects
}

// Header gives the first field of the mail's head with this name, in any case,
// and whether there is one.
func (m Mail) Header(name string) (Header, bool) { return m.Parts[0].Header(name) }

// Header gives the first field with this name, in any case, and whether there is
// one.
func (p Part) Header(name string) (Header, bool) {
	for _, header := range p.Headers {
		if strings.EqualFold(header.Name, name) {
			return header, true
		}
	}
	return Header{}, false
}

// Outline is the types of the parts, nested ones in brackets, as in
// "multipart/mixed [text/plain application/pdf]".
func (m Mail) Outline() string {
	var b strings.Builder
	depth := 0
	for i, part := range m.Parts {
		switch {
		case part.Depth > depth:
			b.WriteString(" [")
		case part.Depth < depth:
			b.WriteString(strings.Repeat("]", depth-part.Depth) + " ")
		case i > 0:
			b.WriteString(" ")
		}
		b.WriteString(part.Type)
		depth = part.Depth
	}
	return b.String() + strings.Repeat("]", depth)
}
