//go:build linux

package store_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"golang.org/x/sys/unix"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

func init() { children["outgrow"] = outgrow }

// outgrow writes to a store whose files may not grow, and then to one whose files
// may.
func outgrow(ctx context.Context, st *store.Store, _ []string) error {
	kept, _, err := st.Keep(ctx, outbound(), noise(1000))
	if err != nil {
		return err
	}
	claim, err := st.Claim(ctx, kept.ID, email.StatePending)
	if err != nil {
		return err
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 4 << 10, Max: limit.Max}); err != nil {
		return err
	}
	for _, size := range []int64{1000, 2 * store.BatchSize} {
		_, err = st.AddFile(ctx, email.File{Name: "a"}, noise(size))
		fmt.Println(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if _, err := st.AddFile(ctx, email.File{Name: "b"}, noise(2*store.BatchSize)); err != nil {
		return err
	}
	return claim.Done(ctx, sent)
}

func TestStoreWhoseFileMayNotGrowKeepsWhatItHas(t *testing.T) {
	location := storetest.Location(t, "SQLite")
	const reason = "the file of the store cannot be written, perhaps for want of room or because files may not be larger: see to that and try again. Nothing was changed"
	want := []string{`store the file "a": ` + reason, `store the file "a": store the content: ` + reason}
	if got := linesOf(t, child(t, "outgrow", location)); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	st := storetest.Open(t, location)
	if files, err := st.Files(t.Context()); err != nil || len(files) != 1 || files[0].Name != "b" {
		t.Errorf("%v, %v", files, err)
	}
	if m := mustGet(t, st, 1); m.State != email.StateSent || m.Size != 1000 {
		t.Errorf("%+v", m)
	}
	expectContents(t, st, 2)
}
