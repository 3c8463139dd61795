package peertest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/runtime"
	"flowrun/store"
)

// letter is one mail that a server is to take.
type letter struct {
	name     string
	settings string
	to       []string
	utf8     bool // takes SMTPUTF8
}

// crowd is more recipients than go in one batch of a pipeline.
var crowd = func() (all []string) {
	for i := range 75 {
		all = append(all, fmt.Sprintf("ann%d@example.com", i))
	}
	return all
}()

var letters = []letter{
	{name: "text", settings: `to: "ann@example.com", message: "Guten Tag, Жінко!"`, to: []string{"ann@example.com"}},
	{name: "HTML with files", settings: `to: "Ann <ann@example.com>", format: "html", message: "<p>Шановна <img src='cid:logo'></p>", embed: { logo: 1 }, files: [2]
		attach: [{ name: "table.csv", content: "a,b", type: "text/csv" }]`, to: []string{"ann@example.com"}},
	{name: "UTF-8 names", settings: `to: "Їжак Колючий <ann@example.com>, \"Б, В\" <bob@example.com>", message: "m", files: [2]`,
		to: []string{"ann@example.com", "bob@example.com"}},
	{name: "dot lines", settings: `to: "ann@example.com", message: ".\n..\n.dot\nFrom here\n\n.\nMAIL FROM:<x@example.com>\n", attach: [{ name: "dots.txt", content: ".\n.\n" }]`,
		to: []string{"ann@example.com"}},
	{name: "large", settings: `to: "ann@example.com", message: "m", files: [3]`, to: []string{"ann@example.com"}},
	{name: "long lines", settings: `to: "ann@example.com", message: repeat("довго", 3000)`, to: []string{"ann@example.com"}},
	{name: "many recipients", settings: `to: "` + strings.Join(crowd[:40], ", ") + `", bcc: "` + strings.Join(crowd[40:], ", ") + `", message: "m"`, to: crowd},
	{name: "SMTPUTF8", settings: `to: "їжак@приклад.example", message: "m"`, to: []string{"їжак@xn--80aikifvh.example"}, utf8: true},
}

// arrival is a mail as a server tells of it.
type arrival struct {
	from    string
	to      []string
	content []byte
	tls     bool
	user    string
}

// host is a program with sendEmail and a store.
type host struct {
	store  *store.Store
	config email.Config
}

// newHost makes a host whose mails go to the server. Files 1 to 3 are a picture, a
// file with a name outside ASCII, and a large one.
func newHost(t testing.TB, server email.ServerConfig, limits email.PoolLimits) *host {
	t.Helper()
	st := storetest.Open(t, storetest.Location(t, "SQLite"))
	for _, file := range []struct{ name, content string }{
		{"logo.png", "\x89PNG\r\n\x1a\n"},
		{"звіт ї.txt", "Привіт\n"},
		{"large.bin", strings.Repeat("0123456789\x00\xff\r\n.\r\n", 200_000)},
	} {
		if _, err := st.AddFile(t.Context(), email.File{Name: file.name}, strings.NewReader(file.content)); err != nil {
			t.Fatal(err)
		}
	}
	pool := email.NewPool(limits)
	t.Cleanup(func() { pool.Close() })
	return &host{store: st, config: email.Config{Server: &server, Store: st, Pool: pool}}
}

// program is a flow that sends a mail with these settings.
func (h *host) program(t testing.TB, settings string) *runtime.Program {
	t.Helper()
	engine, err := runtime.New(runtime.WithComponents(builtins.Standard(builtins.Config{Email: h.config})...))
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("letter.flow", `sent = sendEmail < from: "Shop <shop@shop.example>", subject: "Лист", store: true
		`+settings+` >
		return sent.id`)
	if program == nil {
		t.Fatal(diagnostics)
	}
	return program
}

// send sends a mail with these settings and gives its Message-ID and what was
// spooled.
func (h *host) send(t testing.TB, settings string) (messageID string, spooled []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	outcome, err := h.program(t, settings).Run(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	id := int64(outcome.Result.(int))
	message, err := h.store.Message(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	content, err := h.store.OpenMessage(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if spooled, err = io.ReadAll(content); err != nil {
		t.Fatal(err)
	}
	return message.MessageID, spooled
}

// sendAll sends every letter and compares what arrives, as the server tells of it
// by the mail's Message-ID, with what was spooled.
func (h *host) sendAll(t *testing.T, utf8 bool, arrived func(t *testing.T, messageID string, recipients int) []arrival) {
	for _, letter := range letters {
		if letter.utf8 && !utf8 {
			continue
		}
		t.Run(letter.name, func(t *testing.T) {
			messageID, spooled := h.send(t, letter.settings)
			var to []string
			for _, a := range arrived(t, messageID, len(letter.to)) {
				to = append(to, a.to...)
				if a.from != "shop@shop.example" {
					t.Errorf("sender %q", a.from)
				}
				if secure := h.config.Server.TLS != email.TLSNone; a.tls != secure {
					t.Errorf("encrypted: %t", a.tls)
				}
				if a.user != h.config.Server.User {
					t.Errorf("user %q", a.user)
				}
				if !bytes.Equal(a.content, spooled) {
					t.Errorf("%d bytes came, %d were spooled:\n%.2000q\n%.2000q", len(a.content), len(spooled), a.content, spooled)
				}
			}
			slices.Sort(to)
			want := slices.Sorted(slices.Values(letter.to))
			if !slices.Equal(to, want) {
				t.Errorf("recipients %q, want %q", to, want)
			}
		})
	}
}
