//go:build !race

// Package memorytest holds sending to its bounds of memory, in processes of their
// own.
package memorytest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"flowrun/builtins/email/mailtest"
	"flowrun/internal/storetest"
)

const (
	largeFile = 100 << 20 // bytes
	mostKB    = 64 << 10
)

// build makes a program of this folder, without the race detector, whose memory
// is not the program's.
func build(t *testing.T, folder string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), folder)
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-race=false", "-o", binary, "./"+folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return binary
}

func TestLargeFileIsStoredAndSentInLittleMemory(t *testing.T) {
	binary := build(t, "attach")
	storetest.EachLocation(t, func(t *testing.T, location string) {
		server, err := mailtest.Start(mailtest.WithMaxSize(2*largeFile), mailtest.WithStorage(2*largeFile))
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		order, err := json.Marshal(map[string]any{
			"Store":  location,
			"Server": map[string]any{"Host": server.Host(), "Port": server.Port()},
			"CA":     string(server.CertificatePEM()),
			"Bytes":  largeFile,
		})
		if err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), binary)
		command.Stdin = bytes.NewReader(order)
		var complaints bytes.Buffer
		command.Stderr = &complaints
		output, err := command.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, complaints.String())
		}
		var told struct {
			SHA256, Out string
			Kept        int64
			Peak        int
		}
		if err := json.Unmarshal(output, &told); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d MiB in and out and attached, at most %d KiB of memory", largeFile>>20, told.Peak)
		if told.Peak > mostKB {
			t.Errorf("%d KiB of memory, at most %d are allowed", told.Peak, mostKB)
		}
		mails := server.Mails()
		if len(mails) != 1 || told.Kept != int64(len(mails[0].Raw)) {
			t.Fatalf("%d mails came, %d bytes were kept", len(mails), told.Kept)
		}
		message, err := mails[0].Parse()
		if err != nil || len(message.Attachments) != 1 {
			t.Fatalf("%d attachments, %v", len(message.Attachments), err)
		}
		sum := sha256.Sum256(message.Attachments[0].Content)
		if arrived := hex.EncodeToString(sum[:]); arrived != told.SHA256 || told.Out != told.SHA256 {
			t.Errorf("put in %s, taken out %s, arrived %s", told.SHA256, told.Out, arrived)
		}
	})
}
