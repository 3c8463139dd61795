//go:build linux

package store_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"flowrun/internal/storetest"
	"flowrun/store"
)

func init() {
	children["open"] = func(context.Context, *store.Store, []string) error { return nil }
}

func TestStoreWithoutRightsSaysSo(t *testing.T) {
	dir, err := os.MkdirTemp("", "rights")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		os.Chmod(dir, 0o700)
		os.RemoveAll(dir)
	})
	for name, mode := range map[string]fs.FileMode{"closed": 0, "readonly": 0o444} {
		path := filepath.Join(dir, name)
		st, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		keep(t, st, outbound())
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"closed":   ": the file cannot be opened: give yourself the right to read and write it and its folder",
		"readonly": ": the file or its folder cannot be written: give yourself the right to write them",
		"missing":  ": open " + filepath.Join(dir, "missing") + ": permission denied",
	} {
		path := filepath.Join(dir, name)
		command := child(t, "open", path)
		command.Env = append(command.Env, childIsNobody+"=1")
		var stderr bytes.Buffer
		command.Stderr = &stderr
		if err := command.Run(); err == nil || stderr.String() != "open the store "+path+want+"\n" {
			t.Errorf("%v: %s, want %s", err, stderr.String(), want)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "closed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if m := mustGet(t, storetest.Open(t, filepath.Join(dir, "closed")), 1); m.MessageID != outbound().MessageID {
		t.Errorf("%+v", m)
	}
}
