package storetest

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Required is the environment variable that makes a missing PostgreSQL a failure
// when it is "required".
const Required = "FLOWRUN_TEST_POSTGRES"

// errMissing tells that PostgreSQL is not installed.
var errMissing = errors.New("PostgreSQL is not installed (Debian: apt-get install postgresql)")

// server is a PostgreSQL server of this process.
type server struct {
	dir      string // of its socket
	password string
	admin    *sql.DB
	schemas  atomic.Int64
	// alive ends the server when it is closed, which the kernel does at the latest.
	alive io.WriteCloser
}

var theServer = sync.OnceValues(startServer)

// script makes the data folder, starts the server, says so, and waits until its
// input ends. It does not stay behind, however the process that reads its output
// ends.
const script = `
set -e
cd "$1"
trap '"$2/pg_ctl" -D "$1/data" -m immediate stop >>"$1/log" 2>&1 || true; rm -rf "$1"' EXIT
umask 077
printf '%s' "$PASSWORD" >"$1/password"
unset PASSWORD
"$2/initdb" -D "$1/data" -N -U flowrun -A scram-sha-256 --pwfile="$1/password" -E UTF8 --locale=C >"$1/log" 2>&1 || { cat "$1/log"; exit 1; }
rm "$1/password"
"$2/pg_ctl" -D "$1/data" -w -l "$1/server.log" -o "-c listen_addresses='' -c unix_socket_directories='$1' -c unix_socket_permissions=0777 -c fsync=off -c max_connections=200" start >>"$1/log" 2>&1 </dev/null || { cat "$1/log" "$1/server.log"; exit 1; }
echo ready
read -r _ || true
`

func startServer() (*server, error) {
	binaries, err := findBinaries()
	if err != nil {
		return nil, err
	}
	s := &server{password: rand.Text()}
	if s.dir, err = os.MkdirTemp(shortTemp(), "flowrun-pg-"); err != nil {
		return nil, err
	}
	command := exec.Command("/bin/sh", "-c", script, "sh", s.dir, binaries)
	command.Env = append(os.Environ(), "PASSWORD="+s.password)
	if err := asServerUser(command, s.dir); err != nil {
		os.Remove(s.dir)
		return nil, err
	}
	if s.alive, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	said := bufio.NewReader(output)
	if line, _ := said.ReadString('\n'); line != "ready\n" {
		rest, _ := io.ReadAll(said)
		return nil, fmt.Errorf("PostgreSQL does not start: %s%s", line, rest)
	}
	s.admin, err = sql.Open("pgx", s.url(nil))
	return s, err
}

// findBinaries gives the folder of initdb: that of PATH, else Debian's newest.
func findBinaries() (string, error) {
	if found, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(found), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errMissing
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// shortTemp is a folder that every user may enter, with a name short enough for
// the path of a socket.
func shortTemp() string {
	if _, err := os.Stat("/tmp"); err == nil {
		return "/tmp"
	}
	return os.TempDir()
}

func (s *server) url(parameters url.Values) string {
	all := url.Values{"host": {s.dir}}
	for name, values := range parameters {
		all[name] = values
	}
	u := url.URL{Scheme: "postgres", User: url.UserPassword("flowrun", s.password), Path: "/postgres", RawQuery: all.Encode()}
	return u.String()
}

// newSchema gives the URL of an empty schema.
func newSchema(t testing.TB) string {
	t.Helper()
	s, err := theServer()
	switch {
	case errors.Is(err, errMissing) && os.Getenv(Required) != "required":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	schema := fmt.Sprintf("test%d", s.schemas.Add(1))
	if _, err := s.admin.ExecContext(t.Context(), `CREATE SCHEMA `+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.ExecContext(context.Background(), `DROP SCHEMA `+schema+` CASCADE`); err != nil {
			t.Error(err)
		}
	})
	return s.url(url.Values{"search_path": {schema}})
}

// Password gives the password in a location, or "".
func Password(location string) string {
	if parsed, err := url.Parse(location); err == nil && strings.HasPrefix(parsed.Scheme, "postgres") {
		password, _ := parsed.User.Password()
		return password
	}
	return ""
}
