package peertest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"flowrun/builtins/email"
)

func TestSMTPSinkTakesEveryMailAsItWasSpooled(t *testing.T) {
	sink := startSink(t)
	server := email.ServerConfig{Host: "127.0.0.1", Port: sink.port, TLS: email.TLSNone}
	eachWay(t, server, func(t *testing.T, h *host) { h.sendAll(t, false, sink.arrived) })
}

// sink is postfix's smtp-sink, which writes each mail into a file.
type sink struct {
	process
	folder string
}

func startSink(t *testing.T) *sink {
	unpacked := unpackedPostfix(t)
	s := &sink{folder: folderFor(t, "nobody")}
	s.process = start(t, postfixLibraries(unpacked), func(port int) []string {
		command := []string{filepath.Join(unpacked, "usr/sbin/smtp-sink"), "-v", "-d", s.folder + "/%s."}
		if os.Getuid() == 0 {
			command = append(command, "-u", "nobody")
		}
		return append(command, "127.0.0.1:"+strconv.Itoa(port), "10")
	})
	return s
}

// arrived reads the file of a mail: fields that tell of the session, a Received
// field, the mail with lines ended by LF, and an empty line.
func (s *sink) arrived(t *testing.T, messageID string, _ int) (all []arrival) {
	t.Helper()
	files, err := filepath.Glob(s.folder + "/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(content, []byte(messageID)) {
			continue
		}
		text, ended := strings.CutSuffix(string(content), "\n\n")
		if !ended {
			t.Errorf("the file of the sink ends with %q", text[max(0, len(text)-20):])
		}
		all = append(all, ofSink(text+"\n"))
	}
	return all
}

// ofSink reads what smtp-sink writes.
func ofSink(text string) (a arrival) {
	for {
		line, rest, _ := strings.Cut(text, "\n")
		name, value, _ := strings.Cut(line, ": ")
		value = strings.Trim(strings.Fields(value + " ")[0], "<>")
		switch name {
		case "X-Mail-Args":
			a.from = value
		case "X-Rcpt-Args":
			a.to = append(a.to, value)
		case "X-Client-Addr", "X-Client-Proto", "X-Helo-Args":
		default:
			for range 3 { // the lines of Received
				_, text, _ = strings.Cut(text, "\n")
			}
			a.content = []byte(strings.ReplaceAll(text, "\n", "\r\n"))
			return a
		}
		text = rest
	}
}
