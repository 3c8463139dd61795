package peertest

import (
	"os"
	"os/user"
	"strconv"
	"testing"
)

// folderFor makes a folder in which the user may write to whom a server that root
// starts gives itself. Its name is short enough for sockets within.
func folderFor(t testing.TB, name string) string {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "flowrun-peer-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if os.Getuid() == 0 {
		own(t, folder, name)
	}
	return folder
}

// own gives a file to a user.
func own(t testing.TB, path, name string) {
	t.Helper()
	account, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(account.Uid)
	gid, _ := strconv.Atoi(account.Gid)
	if err := os.Chown(path, uid, gid); err != nil {
		t.Fatal(err)
	}
}
