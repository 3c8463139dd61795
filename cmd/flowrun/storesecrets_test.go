package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"flowrun/builtins/email/mailtest"
)

// TestPasswordsAndTokensAppearNowhere greps everything that the command prints and
// keeps for every secret that it is given.
func TestPasswordsAndTokensAppearNowhere(t *testing.T) {
	server, err := mailtest.Start(mailtest.WithCredentials("ann@shop.example", "hunter2-right"))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	authority := write("authority.pem", string(server.CertificatePEM()))
	token := write("token", "hunter2-token\n")
	key := write("dkim.pem", "hunter2-key\n")
	flow := write("mail.flow", `
input profile: string
sendEmail < to: "bob@example.com", from: "ann@shop.example", subject: "Hello", message: "Dear Bob", profile: profile, store: true >
`)
	write("mail.store.json", `{ "profiles": [{ "name": "right", "server": "smtp.example.com", "user": "u", "password": "env:RIGHT" }] }`)
	environment := map[string]string{
		"RIGHT": "hunter2-right", "WRONG": "hunter2-wrong", "CLIENT": "hunter2-client", "FLOWRUN_SMTP_PASSWORD": "hunter2-smtp",
		"FLOWRUN_STORE": filepath.Join(folder, "store.db"),
	}
	var printed bytes.Buffer
	run := func(want int, args ...string) {
		t.Helper()
		from := printed.Len()
		status := Main(t.Context(), Process{
			Args:   args,
			Env:    func(name string) (string, bool) { text, set := environment[name]; return text, set },
			Stdin:  strings.NewReader(""),
			Stdout: &printed,
			Stderr: &printed,
		})
		if status != want {
			t.Errorf("flowrun %s: exit status %d, want %d\n%s", strings.Join(args, " "), status, want, printed.String()[from:])
		}
	}
	at := []string{"--server", "localhost", "--port", strconv.Itoa(server.Port()), "--ca", authority, "--user", "ann@shop.example"}
	run(statusDone, append([]string{"profiles", "add", "right", "--password", "env:RIGHT"}, at...)...)
	run(statusDone, append([]string{"profiles", "add", "wrong", "--password", "env:WRONG"}, at...)...)
	run(statusDone, append([]string{"profiles", "add", "signed", "--password", "env:RIGHT",
		"--dkim-domain", "shop.example", "--dkim-selector", "s", "--dkim-key", "file:" + key}, at...)...)
	// Nobody listens on port 1, so that no token is to be had.
	run(statusDone, append([]string{"profiles", "add", "cloud", "--oauth2-token-url", "https://localhost:1/token", "--oauth2-client-id", "i",
		"--oauth2-client-secret", "env:CLIENT", "--oauth2-refresh-token", "file:" + token}, at...)...)
	run(statusUsage, append([]string{"profiles", "add", "literal", "--password", "hunter2-literal"}, at...)...)
	run(statusUsage, append([]string{"profiles", "add", "literal", "--oauth2-token-url", "https://hunter2-url@localhost/", "--oauth2-client-id", "i",
		"--oauth2-refresh-token", "hunter2-refresh"}, at...)...)
	run(statusUsage, "profiles", "list", "--store", "postgres://ann:hunter2-url@localhost:1/flowrun")
	run(statusUsage, "messages", "resend", "1", "--smtp", "smtp://ann:hunter2-url@localhost")
	for _, form := range []string{"--table", "--json"} {
		run(statusDone, "profiles", "list", form)
		run(statusDone, "profiles", "show", "cloud", form)
		run(statusDone, "profiles", "test", "right", form)
		run(statusFailed, "profiles", "test", "wrong", form)
		run(statusFailed, "profiles", "test", "cloud", form)
	}
	run(statusDone, "run", "--trace", "--input", "profile=right", flow)
	for _, profile := range []string{"wrong", "signed", "cloud"} {
		run(statusFailed, "run", "--trace", "--input", "profile="+profile, flow)
		run(statusFailed, "run", "--trace", "--json", "--input", "profile="+profile, flow)
	}
	run(statusDone, "run", "--sandbox", "--json", "--trace", "--input", "profile=right", flow)
	run(statusDone, "messages", "list", "--json")
	for _, form := range []string{"--table", "--json"} {
		run(statusDone, "messages", "show", "1", form)
		run(statusFailed, "messages", "resend", "1", "--again", "--profile", "wrong", form)
	}
	if strings.Contains(printed.String(), "hunter2") {
		t.Errorf("a secret is printed:\n%s", printed.String())
	}
	kept, err := filepath.Glob(filepath.Join(folder, "store.db*"))
	if err != nil || len(kept) == 0 {
		t.Fatalf("there is no store: %v", err)
	}
	for _, name := range kept {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(content, []byte("env:RIGHT")) && strings.HasSuffix(name, ".db") {
			t.Errorf("%s has no reference, so the profiles are not in it", name)
		}
		if bytes.Contains(content, []byte("hunter2")) {
			t.Errorf("%s has a secret", name)
		}
	}
}
