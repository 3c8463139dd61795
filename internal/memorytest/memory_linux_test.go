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
	"slices"
	"strings"
	"sync"
	"testing"

	"flowrun/builtins/email/mailtest"
	"flowrun/internal/storetest"
)

const mostKB = 64 << 10

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

func TestLargeFileIsStoredAndSentInLittleMemory(t *testing.T) { testMemory(t, 1, 100<<20) }

func TestTenLargeFilesAreSentAtTheSameTimeInLittleMemory(t *testing.T) { testMemory(t, 10, 25<<20) }

// account is what the program attach tells.
type account struct {
	SHA256, Out []string
	Kept        []int64
	Peak        int
}

// testMemory has the program send so many files of this size and holds it to the
// memory that it may take.
func testMemory(t *testing.T, files, size int) {
	binary := build(t, "attach")
	storetest.EachLocation(t, func(t *testing.T, location string) {
		var arrived arrivals
		server, err := mailtest.Start(mailtest.WithMaxSize(2*int64(size)), mailtest.WithReceiver(arrived.add))
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		told := attach(t, binary, map[string]any{
			"Store":  location,
			"Server": map[string]any{"Host": server.Host(), "Port": server.Port()},
			"CA":     string(server.CertificatePEM()),
			"Bytes":  size,
			"Files":  files,
		})
		t.Logf("%d files of %d MiB in and out and attached, at most %d KiB of memory", files, size>>20, told.Peak)
		if told.Peak > mostKB {
			t.Errorf("%d KiB of memory, at most %d are allowed", told.Peak, mostKB)
		}
		for _, err := range arrived.errs {
			t.Error(err)
		}
		if !slices.Equal(told.Out, told.SHA256) {
			t.Errorf("put in %s, taken out %s", told.SHA256, told.Out)
		}
		slices.Sort(told.SHA256)
		slices.Sort(arrived.sums)
		if !slices.Equal(arrived.sums, told.SHA256) {
			t.Errorf("put in %s, arrived %s", told.SHA256, arrived.sums)
		}
		slices.Sort(told.Kept)
		slices.Sort(arrived.sizes)
		if !slices.Equal(arrived.sizes, told.Kept) {
			t.Errorf("kept mails have %d bytes, arrived %d", told.Kept, arrived.sizes)
		}
	})
}

// attach runs the program.
func attach(t *testing.T, binary string, order map[string]any) (told account) {
	t.Helper()
	input, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), binary)
	command.Stdin = bytes.NewReader(input)
	var complaints strings.Builder
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.String())
	}
	if err := json.Unmarshal(output, &told); err != nil {
		t.Fatal(err)
	}
	return told
}

// arrivals are the mails that came, each with one attachment.
type arrivals struct {
	mu    sync.Mutex
	sums  []string // SHA-256 of the attachments
	sizes []int64  // of the mails
	errs  []error
}

func (a *arrivals) add(mail mailtest.Mail) {
	message, err := mail.Parse()
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.errs = append(a.errs, err)
		return
	}
	for _, attached := range message.Attachments {
		sum := sha256.Sum256(attached.Content)
		a.sums = append(a.sums, hex.EncodeToString(sum[:]))
	}
	a.sizes = append(a.sizes, int64(len(mail.Raw)))
}
