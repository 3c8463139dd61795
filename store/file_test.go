package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

// noise gives bytes that are the same for the same size.
func noise(size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{1}), size)
}

func contentOf(t *testing.T, st *store.Store, id int64) []byte {
	t.Helper()
	_, r, err := st.OpenFile(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestFilesOfAllSizesComeBackAsTheyWereAdded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		for _, size := range []int64{
			0, 1, store.ChunkSize - 1, store.ChunkSize, store.ChunkSize + 1,
			store.BatchSize - 1, store.BatchSize, store.BatchSize + 1, 2*store.BatchSize + store.ChunkSize + 7,
		} {
			added, err := st.AddFile(t.Context(), email.File{Name: "a.bin"}, noise(size))
			if err != nil {
				t.Fatal(err)
			}
			if added.Size != size {
				t.Errorf("size %d, want %d", added.Size, size)
			}
			want, _ := io.ReadAll(noise(size))
			if !bytes.Equal(contentOf(t, st, added.ID), want) {
				t.Errorf("%d bytes came back as others", size)
			}
		}
	})
}

func TestContentMayComeInPieces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		added, err := st.AddFile(t.Context(), email.File{Name: "a.bin"}, iotest.DataErrReader(iotest.HalfReader(noise(store.ChunkSize+1))))
		if err != nil {
			t.Fatal(err)
		}
		_, r, err := st.OpenFile(t.Context(), added.ID)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := io.ReadAll(noise(store.ChunkSize + 1))
		if err := iotest.TestReader(r, want); err != nil {
			t.Error(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if _, err := r.Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
			t.Errorf("read after Close: %v", err)
		}
	})
}

func TestFileIsDescribedWhole(t *testing.T) {
	created := time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		for _, row := range []struct{ given, want email.File }{
			{email.File{Name: "Звіт.PDF", Created: created}, email.File{ID: 1, Name: "Звіт.PDF", Type: "application/pdf"}},
			{email.File{ID: 40, Name: "README", Created: created}, email.File{ID: 40, Name: "README", Type: "application/octet-stream"}},
			{email.File{Name: "a.pdf", Type: "text/plain; charset=koi8-r", Created: created}, email.File{ID: 41, Name: "a.pdf", Type: "text/plain; charset=koi8-r"}},
		} {
			row.want.Size, row.want.Created = 3, created
			added, err := st.AddFile(t.Context(), row.given, strings.NewReader("abc"))
			if err != nil || added != row.want {
				t.Errorf("added %+v, want %+v: %v", added, row.want, err)
			}
			opened, r, err := st.OpenFile(t.Context(), row.want.ID)
			if err != nil || opened != row.want {
				t.Fatalf("opened %+v, want %+v: %v", opened, row.want, err)
			}
			r.Close()
		}
		if files, err := st.Files(t.Context()); err != nil || len(files) != 3 || files[1].ID != 40 {
			t.Errorf("listed %+v, %v", files, err)
		}
	})
}

func TestFileThatCannotBeIsRefused(t *testing.T) {
	for _, row := range []struct {
		file email.File
		want string
	}{
		{email.File{Name: ""}, `the file's name is empty`},
		{email.File{Name: "a/b"}, `the file's name "a/b" has a folder: give the name alone`},
		{email.File{Name: `c:\b`}, `the file's name "c:\\b" has a folder: give the name alone`},
		{email.File{Name: ".."}, `the file's name ".." has a folder: give the name alone`},
		{email.File{Name: "a\r\nb"}, `the file's name "a\r\nb" holds characters that do not show`},
		{email.File{Name: "a\u202efdp.exe"}, `the file's name "a\u202efdp.exe" holds characters that do not show`},
		{email.File{Name: "a\xff"}, `the file's name "a\xff" holds characters that do not show`},
		{email.File{Name: "a", Type: "pdf"}, `the file's type "pdf" is no media type such as application/pdf`},
		{email.File{Name: "a", Type: "a/b\r\nX: y"}, `the file's type "a/b\r\nX: y" is no media type such as application/pdf`},
		{email.File{Name: "a", ID: -1}, `store the file "a": the id -1 is not 1 to 9007199254740992`},
	} {
		st := storetest.Open(t, storetest.Location(t, "SQLite"))
		if _, err := st.AddFile(t.Context(), row.file, strings.NewReader("abc")); err == nil || err.Error() != row.want {
			t.Errorf("%v, want %s", err, row.want)
		}
		if files, err := st.Files(t.Context()); err != nil || len(files) != 0 {
			t.Errorf("something was stored: %v, %v", files, err)
		}
	}
}

func TestTakenFileIDIsRefusedAndTheFileStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		if _, err := st.AddFile(t.Context(), email.File{ID: 5, Name: "a"}, strings.NewReader("abc")); err != nil {
			t.Fatal(err)
		}
		_, err := st.AddFile(t.Context(), email.File{ID: 5, Name: "b"}, strings.NewReader("def"))
		if want := `file 5 is in the store already: give another id, or none`; !errors.Is(err, store.ErrExists) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		if got := contentOf(t, st, 5); string(got) != "abc" {
			t.Errorf("%q", got)
		}
		expectContents(t, st, 1)
	})
}

// expectContents expects so many contents in the store, seen or not, and no chunk
// that is of none.
func expectContents(t *testing.T, st *store.Store, want int) {
	t.Helper()
	var contents, chunks int
	row := st.DB().QueryRowContext(context.WithoutCancel(t.Context()),
		`SELECT (SELECT count(*) FROM contents), (SELECT count(DISTINCT content) FROM chunks)`)
	if err := row.Scan(&contents, &chunks); err != nil {
		t.Fatal(err)
	}
	if contents != want || chunks > want {
		t.Errorf("%d contents and chunks of %d, want %d", contents, chunks, want)
	}
}

func TestContentThatBreaksOffLeavesNothing(t *testing.T) {
	broken := errors.New("the network is down")
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		for _, size := range []int64{10, 2*store.BatchSize + 10} {
			_, err := st.AddFile(t.Context(), email.File{Name: "a"}, io.MultiReader(noise(size), iotest.ErrReader(broken)))
			if want := `store the file "a": the network is down`; !errors.Is(err, broken) || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
			m := outbound()
			if _, _, err = st.Keep(t.Context(), m, io.MultiReader(noise(size), iotest.ErrReader(broken))); !errors.Is(err, broken) {
				t.Errorf("%v", err)
			}
			m.Size = size + 1
			_, _, err = st.Keep(t.Context(), m, noise(size))
			if err == nil || !strings.Contains(err.Error(), "should have") {
				t.Errorf("a short text: %v", err)
			}
		}
		if files, err := st.Files(t.Context()); err != nil || len(files) != 0 {
			t.Errorf("files: %v, %v", files, err)
		}
		if messages, err := st.Messages(t.Context(), store.Filter{}); err != nil || len(messages) != 0 {
			t.Errorf("messages: %v, %v", messages, err)
		}
		expectContents(t, st, 0)
	})
}

func TestCancelledUploadLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		read := 0
		_, err := st.AddFile(ctx, email.File{Name: "a"}, readerFunc(func(p []byte) (int, error) {
			if read += len(p); read > 2*store.BatchSize {
				cancel()
			}
			return len(p), nil
		}))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		expectContents(t, st, 0)
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestRemovedFileIsGoneWithItsContent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		added, err := st.AddFile(t.Context(), email.File{Name: "a"}, noise(2*store.BatchSize))
		if err != nil {
			t.Fatal(err)
		}
		if err := st.RemoveFile(t.Context(), added.ID); err != nil {
			t.Fatal(err)
		}
		expectContents(t, st, 0)
		_, _, opened := st.OpenFile(t.Context(), added.ID)
		for _, err := range []error{opened, st.RemoveFile(t.Context(), added.ID)} {
			if want := "file 1 is not in the store"; !errors.Is(err, email.ErrNotFound) || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if next, err := st.AddFile(t.Context(), email.File{Name: "b"}, noise(1)); err != nil || next.ID == added.ID {
			t.Errorf("id %d after %d: %v", next.ID, added.ID, err)
		}
	})
}

func TestFileRemovedWhileItIsReadIsAnError(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		added, err := st.AddFile(t.Context(), email.File{Name: "a"}, noise(2*store.ChunkSize))
		if err != nil {
			t.Fatal(err)
		}
		_, r, err := st.OpenFile(t.Context(), added.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		if err := st.RemoveFile(t.Context(), added.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); !errors.Is(err, email.ErrNotFound) || err.Error() != "read file 1: it was removed while it was read" {
			t.Errorf("%v", err)
		}
	})
}

func TestWhatWasLeftBehindIsSweptAfterADay(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		st := storetest.Open(t, location)
		for id, age := range map[int64]time.Duration{101: 23 * time.Hour, 102: 25 * time.Hour} {
			for _, statement := range []string{
				`INSERT INTO contents (id, size, complete, touched) VALUES ($1, 0, FALSE, $2)`,
				`INSERT INTO chunks (content, number, bytes) VALUES ($1, $2, 'x')`,
			} {
				if _, err := st.DB().ExecContext(t.Context(), statement, id, time.Now().Add(-age).UnixMicro()); err != nil {
					t.Fatal(err)
				}
			}
		}
		added, err := st.AddFile(t.Context(), email.File{Name: "a"}, noise(10))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.DB().ExecContext(t.Context(), `UPDATE contents SET touched = 0 WHERE complete`); err != nil {
			t.Fatal(err)
		}
		again := storetest.Open(t, location)
		expectContents(t, again, 2)
		if got := contentOf(t, again, added.ID); len(got) != 10 {
			t.Errorf("%d bytes left", len(got))
		}
	})
}

func TestSlowUploadDoesNotHoldOthersUp(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		st, other := storetest.Open(t, location), storetest.Open(t, location)
		waiting, goOn := make(chan struct{}), make(chan struct{})
		done := make(chan error)
		go func() {
			_, err := st.AddFile(context.WithoutCancel(t.Context()), email.File{Name: "slow"}, io.MultiReader(noise(store.BatchSize+1), readerFunc(func([]byte) (int, error) {
				close(waiting)
				<-goOn
				return 0, io.EOF
			})))
			done <- err
		}()
		<-waiting
		for _, s := range []*store.Store{st, other} {
			if _, err := s.AddUser(t.Context(), email.User{Name: "Ann"}); err != nil {
				t.Error(err)
			}
			if files, err := s.Files(t.Context()); err != nil || len(files) != 0 {
				t.Errorf("half a file is seen: %v, %v", files, err)
			}
		}
		close(goOn)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if files, err := other.Files(t.Context()); err != nil || len(files) != 1 || files[0].Size != store.BatchSize+1 {
			t.Errorf("%v, %v", files, err)
		}
	})
}
