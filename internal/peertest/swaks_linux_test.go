package peertest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
)

// referenceMail is a mail that both make: text, and a file.
const referenceMail = `to: "ann@example.com, bob@example.com", message: ".one\n..two\nlast", attach: [{ name: "table.csv", content: "a,b\n.\n", type: "text/csv" }]`

func TestSessionIsThatOfSwaks(t *testing.T) {
	reference := swaksSends(t, "--h-From", "Shop <shop@shop.example>", "--header", "Subject: =?utf-8?b?0JvQuNGB0YI=?=", "--body", ".one\n..two\nlast",
		"--attach-type", "text/csv", "--attach-name", "table.csv", "--attach", "a,b\n.\n")
	own := sandboxFor(t)
	newHost(t, configOf(own), email.PoolLimits{MessagesPerConnection: 1}).send(t, referenceMail)
	if got, want := commands(t, own), commands(t, reference); !slices.Equal(got, want) {
		t.Errorf("flowrun says\n%s\nswaks\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	got, want := message(t, own), message(t, reference)
	for _, name := range []string{"From", "Subject"} {
		if got, want := strings.ReplaceAll(got.Header(name), `"`, ""), want.Header(name); got != want {
			t.Errorf("%s: %q, that of swaks %q", name, got, want)
		}
	}
	if got, want := strings.Join(strings.Fields(got.Text), " "), strings.Join(strings.Fields(want.Text), " "); got != want {
		t.Errorf("text %q, that of swaks %q", got, want)
	}
	if len(got.Attachments) != 1 || len(want.Attachments) != 1 {
		t.Fatalf("%d attachments, swaks has %d", len(got.Attachments), len(want.Attachments))
	}
	a, b := got.Attachments[0], want.Attachments[0]
	if a.Name != b.Name || a.Type != b.Type || string(a.Content) != string(b.Content) {
		t.Errorf("attachment %+v, that of swaks %+v", a, b)
	}
}

// TestSwaksSendsTheSameBytes gives swaks the mail that flowrun spooled: both must
// take the same way around dots.
func TestSwaksSendsTheSameBytes(t *testing.T) {
	own := sandboxFor(t)
	_, spooled := newHost(t, configOf(own), email.PoolLimits{MessagesPerConnection: 1}).send(t, referenceMail)
	path := filepath.Join(t.TempDir(), "mail")
	if err := os.WriteFile(path, spooled, 0o600); err != nil {
		t.Fatal(err)
	}
	reference := swaksSends(t, "--data", "@"+path)
	got, want := onlyMail(t, own), onlyMail(t, reference)
	// swaks ends the data with a line end of its own.
	if string(got.Raw)+"\r\n" != string(want.Raw) {
		t.Errorf("flowrun sent\n%q\nswaks\n%q", got.Raw, want.Raw)
	}
	if !slices.Equal(got.To, want.To) || got.From != want.From || got.User != want.User {
		t.Errorf("flowrun %s to %s as %s, swaks %s to %s as %s", got.From, got.To, got.User, want.From, want.To, want.User)
	}
}

func sandboxFor(t *testing.T) *mailtest.Server {
	t.Helper()
	server, err := mailtest.Start(mailtest.WithCredentials(login, password), mailtest.WithAuthRequired())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

func configOf(server *mailtest.Server) email.ServerConfig {
	return email.ServerConfig{Host: "127.0.0.1", Port: server.Port(), User: login, Password: password, RootCAs: server.CertPool()}
}

// swaksSends has swaks send a mail to a sandbox of its own.
func swaksSends(t *testing.T, arguments ...string) *mailtest.Server {
	t.Helper()
	swaks, err := exec.LookPath("swaks")
	if err != nil {
		missing(t, "swaks is not installed (Debian: apt-get install swaks)")
	}
	server := sandboxFor(t)
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, server.CertificatePEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, swaks, append([]string{
		"--server", server.Addr(), "--helo", "[127.0.0.1]", "--tls", "--tls-verify", "--tls-ca-path", authority,
		"--auth", "PLAIN", "--auth-user", login, "--auth-password", password,
		"--from", "shop@shop.example", "--to", "ann@example.com,bob@example.com"}, arguments...)...)
	output, err := command.CombinedOutput()
	if bytes.Contains(output, []byte("requires Net::SSLeay")) {
		missing(t, "swaks has no TLS (Debian: apt-get install libnet-ssleay-perl)")
	}
	if err != nil {
		t.Fatalf("swaks: %v\n%s", err, output)
	}
	return server
}

// commands are those of the only session, without the parameters of MAIL, of which
// swaks has none.
func commands(t *testing.T, server *mailtest.Server) (all []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := server.WaitForIdle(ctx); err != nil {
		t.Fatal(err)
	}
	for _, command := range server.Commands() {
		line := command.Line
		if strings.HasPrefix(line, "MAIL ") {
			line, _, _ = strings.Cut(line, "> ")
			line = strings.TrimSuffix(line, ">") + ">"
		}
		all = append(all, line)
	}
	return all
}

func onlyMail(t *testing.T, server *mailtest.Server) mailtest.Mail {
	t.Helper()
	mails := server.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails came, want 1", len(mails))
	}
	return mails[0]
}

func message(t *testing.T, server *mailtest.Server) *mailtest.Message {
	t.Helper()
	parsed, err := onlyMail(t, server).Parse()
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
