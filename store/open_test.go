package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

func TestStoreIsThereWhenItIsOpenedAgain(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		for i := range 3 {
			st, err := store.Open(t.Context(), location)
			if err != nil {
				t.Fatal(err)
			}
			if users, err := st.Users(t.Context()); err != nil || len(users) != i {
				t.Errorf("%v, %v", users, err)
			}
			if _, err := st.AddUser(t.Context(), email.User{Name: "Ann"}); err != nil {
				t.Error(err)
			}
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestNewStoreIsOpenedByManyAtOnce(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		const n = 6
		done := make(chan error)
		for range n {
			go func() {
				st, err := store.Open(t.Context(), location)
				if err == nil {
					_, err = st.AddUser(t.Context(), email.User{Name: "Ann"})
					err = errors.Join(err, st.Close())
				}
				done <- err
			}()
		}
		for range n {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if users, err := storetest.Open(t, location).Users(t.Context()); err != nil || len(users) != n {
			t.Errorf("%v, %v", users, err)
		}
	})
}

func TestFilesOfTheStoreAreForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b c?d#e%41", "store.db")
	st := storetest.Open(t, path)
	if _, err := st.AddUser(t.Context(), email.User{Name: "Ann"}); err != nil {
		t.Fatal(err)
	}
	modes := map[string]fs.FileMode{}
	for _, name := range []string{path, path + "-wal", path + "-shm", filepath.Dir(path), filepath.Dir(filepath.Dir(path))} {
		found, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		modes[strings.TrimPrefix(name, path)] = found.Mode()
	}
	for name, mode := range modes {
		if mode.Perm()&0o077 != 0 {
			t.Errorf("%s: %v", name, mode)
		}
	}
	if st.String() != path {
		t.Errorf("%s, want %s", st, path)
	}
}

func TestStoreOfANewerFlowrunIsLeftAlone(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		st := storetest.Open(t, location)
		if _, err := st.DB().ExecContext(t.Context(), `INSERT INTO flowrun_version (version_id, is_applied) VALUES (4711, TRUE)`); err != nil {
			t.Fatal(err)
		}
		before := columns(t, st)
		_, err := store.Open(t.Context(), location)
		if !errors.Is(err, store.ErrNewer) || !strings.HasSuffix(err.Error(), "is of version 4711, and this flowrun knows version 1: use a newer flowrun. Nothing was changed") {
			t.Errorf("%v", err)
		}
		if after := columns(t, st); !reflect.DeepEqual(after, before) {
			t.Errorf("%v, want %v", after, before)
		}
	})
}

// columns gives the columns of all tables, but for those of the versions.
func columns(t *testing.T, st *store.Store) map[string][]string {
	t.Helper()
	query := `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()`
	if !strings.HasPrefix(st.String(), "postgres") {
		query = `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`
	}
	rows, err := st.DB().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		all[table] = append(all[table], column)
	}
	for _, columns := range all {
		slices.Sort(columns)
	}
	if err := rows.Err(); err != nil || len(all) < 10 {
		t.Fatalf("%v: %v", all, err)
	}
	return all
}

func TestBothDatabasesHaveTheSameTables(t *testing.T) {
	found := map[string]map[string][]string{}
	storetest.Each(t, func(t *testing.T, st *store.Store) { found[t.Name()] = columns(t, st) })
	all := slices.Collect(maps.Values(found))
	for _, one := range all {
		if !reflect.DeepEqual(one, all[0]) {
			t.Errorf("%v, and %v", one, all[0])
		}
	}
}

func TestWhatIsNoStoreIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.db")
	db, err := sql.Open("sqlite", foreign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE profiles (id INTEGER)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(dir, "note.txt")
	if err := os.WriteFile(note, bytes.Repeat([]byte("Dear diary. "), 100), 0o644); err != nil {
		t.Fatal(err)
	}
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), dangling); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		foreign:                    "open the store " + foreign + ": it is the SQLite database of another program: give the path of another file",
		note:                       "open the store " + note + ": it is not a SQLite database: give the path of another file, or of none to make a new one",
		damaged(t, dir):            "open the store " + filepath.Join(dir, "damaged.db") + ": the file is damaged: copy it, and restore it from a backup or with `sqlite3 FILE .recover`",
		dir:                        "open the store " + dir + ": it is a folder: give the path of a file",
		dangling:                   "open the store " + dangling + ": stat " + dangling + ": no such file or directory",
		filepath.Join(note, "a"):   "open the store " + filepath.Join(note, "a") + ": mkdir " + note + ": not a directory",
		"":                         "the store has no path: give the path of a file or a postgres:// URL",
		"mysql://u:hunter2@h/flow": "a store cannot be at a URL that begins with mysql://: give the path of a file or a postgres:// URL",
		"host=h password=hunter2":  "the store is given in a form that is not understood: give the path of a file or a postgres:// URL",
	} {
		before, _ := os.ReadFile(path)
		_, err := store.Open(t.Context(), path)
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(after, before) {
			t.Errorf("%s was changed", path)
		}
	}
}

func TestPasswordOfTheURLIsToldNowhere(t *testing.T) {
	location := storetest.Location(t, "PostgreSQL")
	password := storetest.Password(location)
	st := storetest.Open(t, location)
	if got := st.String(); strings.Contains(got, password) || !strings.HasPrefix(got, "postgres://flowrun@/postgres?") {
		t.Errorf("%s", got)
	}
	change := func(change func(u *url.URL, query url.Values)) string {
		u, err := url.Parse(location)
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		change(u, query)
		u.RawQuery = query.Encode()
		return u.String()
	}
	const secret = "hunter2%/@:?#"
	for name, row := range map[string]struct{ location, want string }{
		"wrong password": {
			change(func(u *url.URL, _ url.Values) { u.User = url.UserPassword("flowrun", secret) }),
			"the database refuses the user or the password: give the right ones in the URL, by PGPASSWORD or in ~/.pgpass",
		},
		"password as parameter": {
			change(func(u *url.URL, query url.Values) { u.User = url.User("flowrun"); query.Set("password", secret) }),
			"the database refuses the user or the password: give the right ones in the URL, by PGPASSWORD or in ~/.pgpass",
		},
		"no such database": {
			change(func(u *url.URL, _ url.Values) { u.Path = "/nothing" }),
			"the database does not exist: make it with createdb",
		},
		"no such schema": {
			change(func(_ *url.URL, query url.Values) { query.Set("search_path", "nothing") }),
			"the schema of the URL's search_path does not exist: make it with CREATE SCHEMA",
		},
		"nobody there": {
			change(func(_ *url.URL, query url.Values) { query.Set("host", t.TempDir()) }),
			"the database cannot be reached: see that it runs, and that the URL's host and port are right",
		},
		"no port":    {"postgres://ann:" + url.QueryEscape(secret) + "@h:x/d", "write it as postgres://user@host:5432/database"},
		"bad escape": {"postgres://ann:hunter2%zz@h/d", "write it as postgres://user@host:5432/database"},
		"no mode":    {"postgres://ann:" + url.QueryEscape(secret) + "@h/d?sslmode=x", "write it as postgres://user@host:5432/database"},
	} {
		_, err := store.Open(t.Context(), row.location)
		if err == nil || !strings.HasSuffix(err.Error(), ": "+row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
		for ; err != nil; err = errors.Unwrap(err) {
			if text := err.Error(); strings.Contains(text, "hunter2") || strings.Contains(text, password) {
				t.Errorf("%s: the password is in %s", name, text)
			}
		}
	}
}

// damaged makes a store whose pages but the first hold something else.
func damaged(t *testing.T, dir string) string {
	path := filepath.Join(dir, "damaged.db")
	st, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	if err := os.WriteFile(path, append(text[:page:page], bytes.Repeat([]byte("x"), len(text)-page)...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenEndsWithItsContext(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := store.Open(ctx, location); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		storetest.Open(t, location)
	})
}

func TestPasswordThatBreaksTheURLIsNotShown(t *testing.T) {
	for _, location := range []string{
		"postgres://ann:2024/secret@127.0.0.1:1/db", "postgres://ann:2024#secret@127.0.0.1:1/db", "postgres://ann:2024?secret@127.0.0.1:1/db",
		"postgres://ann:secret%@127.0.0.1:1/db", "postgres://ann:secret@127.0.0.1:1/db?password=secret", "postgres://ann@127.0.0.1:1/db?sslpassword=secret",
		"host=x password = secret", "host=x PASSWORD=secret", "mysql://ann:secret@x/db",
	} {
		if shown := store.ShownLocation(location); strings.Contains(shown, "secret") {
			t.Errorf("%s is shown as %s", location, shown)
		}
		st, err := store.Open(t.Context(), location)
		if err == nil {
			st.Close()
			t.Errorf("%s was opened", location)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", location, err)
		}
	}
	if shown := store.ShownLocation("postgres://ann:secret@db.example/x?search_path=y"); shown != "postgres://ann@db.example/x?search_path=y" {
		t.Errorf("shown as %s", shown)
	}
}
