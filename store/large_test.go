//go:build linux && !race

package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

const (
	largeSize = 100 << 20
	// memory is what a process may need for it, in KiB.
	memory = 64 << 10
)

func init() { children["large"] = largeInAndOut }

// largeInAndOut stores a large file and a large message, reads them again and says
// how much memory that took at most.
func largeInAndOut(ctx context.Context, st *store.Store, _ []string) error {
	file, err := st.AddFile(ctx, email.File{Name: "a"}, noise(largeSize))
	if err != nil {
		return err
	}
	message, _, err := st.Keep(ctx, email.Message{MessageID: "a@x"}, noise(largeSize))
	if err != nil {
		return err
	}
	_, fromFile, err := st.OpenFile(ctx, file.ID)
	if err != nil {
		return err
	}
	fromMessage, err := st.OpenMessage(ctx, message.ID)
	if err != nil {
		return err
	}
	for _, r := range []io.ReadCloser{fromFile, fromMessage} {
		if err := expectSameNoise(r); err != nil {
			return err
		}
	}
	if err := st.RemoveFile(ctx, file.ID); err != nil {
		return err
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var peak int
	if _, err := fmt.Sscan(after, &peak); err != nil {
		return err
	}
	fmt.Println(peak)
	return nil
}

func expectSameNoise(r io.ReadCloser) error {
	defer r.Close()
	got, want := sha256.New(), sha256.New()
	n, err := io.Copy(got, r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(want, noise(largeSize)); err != nil {
		return err
	}
	if n != largeSize || string(got.Sum(nil)) != string(want.Sum(nil)) {
		return errors.New("it came back as another")
	}
	return nil
}

func TestLargeContentTakesLittleMemory(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		var peak int
		if _, err := fmt.Sscan(linesOf(t, child(t, "large", location))[0], &peak); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d KiB", peak)
		if peak > memory {
			t.Errorf("it took %d KiB, want at most %d", peak, memory)
		}
	})
}
