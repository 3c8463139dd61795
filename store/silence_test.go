package store_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

const doesNotAnswer = ": the database does not answer: see that it works, and that the URL's host and port are those of PostgreSQL"

// listen accepts connections on this machine for as long as the test runs, and
// gives the address.
func listen(t *testing.T, accepted func(net.Conn)) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			context.AfterFunc(t.Context(), func() { conn.Close() })
			all.Go(func() { accepted(conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		all.Wait()
	})
	return listener.Addr().String()
}

func TestServerThatDoesNotAnswerIsGivenUp(t *testing.T) {
	address := listen(t, func(net.Conn) {})
	for name, row := range map[string]struct {
		query         string
		connect, open time.Duration
	}{
		"connection":    {"", 50 * time.Millisecond, time.Hour},
		"opening":       {"", time.Hour, 50 * time.Millisecond},
		"timeout given": {"?connect_timeout=1&sslmode=disable", time.Hour, time.Hour},
	} {
		_, err := store.OpenHasty(t.Context(), "postgres://ann@"+address+"/db"+row.query, row.connect, row.open, time.Hour)
		if err == nil || !errors.Is(err, store.ErrUnreachable) || !strings.HasPrefix(err.Error(), "open the store postgres://ann@") || !strings.HasSuffix(err.Error(), doesNotAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// freezer passes bytes on until it freezes.
type freezer struct {
	frozen chan struct{}
	to     string // a Unix socket
}

func (f *freezer) serve(client net.Conn) {
	server, err := net.Dial("unix", f.to)
	if err != nil {
		client.Close()
		return
	}
	defer server.Close()
	go f.pass(client, server)
	f.pass(server, client)
}

func (f *freezer) pass(to io.Writer, from io.Reader) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		select {
		case <-f.frozen: // nothing comes through, and the connection stays
			return
		default:
		}
		if err != nil {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func TestServerThatFreezesIsGivenUp(t *testing.T) {
	location, err := url.Parse(storetest.Location(t, "PostgreSQL"))
	if err != nil {
		t.Fatal(err)
	}
	query := location.Query()
	port := query.Get("port")
	if port == "" {
		port = "5432"
	}
	f := &freezer{frozen: make(chan struct{}), to: filepath.Join(query.Get("host"), ".s.PGSQL."+port)}
	location.Host = listen(t, f.serve)
	query.Del("host")
	query.Del("port")
	query.Set("sslmode", "disable")
	location.RawQuery = query.Encode()
	const answer = time.Second
	st, err := store.OpenHasty(t.Context(), location.String(), 2*answer, time.Minute, answer)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.AddContact(t.Context(), email.Contact{Name: "Ann"}); err != nil {
		t.Fatal(err)
	}
	for range 3 { // longer together than one may be silent
		if _, err := st.DB().ExecContext(t.Context(), `SELECT pg_sleep(0.4)`); err != nil {
			t.Fatal(err)
		}
	}
	close(f.frozen)
	for range 2 { // over the connection that is there, and over a new one
		if _, err := st.Contacts(t.Context()); !errors.Is(err, store.ErrUnreachable) || err.Error() != "list the contacts"+doesNotAnswer {
			t.Errorf("%v", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := st.Contacts(ctx); !errors.Is(err, context.Canceled) || err.Error() != "list the contacts: it was interrupted" {
		t.Errorf("%v", err)
	}
}
