package peertest

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
)

//go:embed postfix.cf
var postfixConfiguration string

//go:embed postfix-services.cf
var postfixServices string

func TestPostfixPassesEveryMailOnAsItWasSpooled(t *testing.T) {
	server := startPostfix(t)
	eachWay(t, server.config, func(t *testing.T, h *host) { h.sendAll(t, true, server.arrived) })
}

func TestPostfixRefusesAWrongPassword(t *testing.T) {
	server := startPostfix(t)
	server.config.Password = "wrong"
	wantAuthFailure(t, newHost(t, server.config, email.PoolLimits{}))
}

func TestPostfixWithoutPasswordRefusesRecipients(t *testing.T) {
	server := startPostfix(t)
	server.config.User = ""
	failure := newHost(t, server.config, email.PoolLimits{}).fail(t, letters[0].settings)
	if failure.Kind != email.KindSMTP || !strings.Contains(failure.Error(), "554 5.7.1") {
		t.Errorf("failure %v", failure)
	}
}

// The accounts of Debian that the unpacked postfix is given in place of its own.
const (
	postfixOwner = "mail"
	postfixGroup = "news"
)

// postfix is a whole postfix. It passes on what it takes, whomever it is for, to a
// sandbox server, and has no other way out.
type postfix struct {
	process
	config email.ServerConfig
	next   *mailtest.Server
}

func startPostfix(t *testing.T) *postfix {
	if os.Getuid() != 0 {
		t.Skip("only root can start a postfix, which changes its users")
	}
	folder := folderFor(t, "root")
	unpacked := filepath.Join(folder, "postfix")
	// Its users may not be let into the folder of the package.
	if err := os.CopyFS(unpacked, os.DirFS(unpackedPostfix(t))); err != nil {
		t.Fatal(err)
	}
	next, err := mailtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { next.Close() })
	shown := newCertificate(t)
	layOut(t, folder)
	answerLogins(t, filepath.Join(folder, "queue", "private", "auth"))
	t.Cleanup(func() {
		if said, err := os.ReadFile(filepath.Join(folder, "log")); t.Failed() && err == nil {
			t.Logf("postfix said at last:\n%s", said[max(0, len(said)-10_000):])
		}
	})
	s := &postfix{next: next}
	s.process = start(t, postfixLibraries(unpacked), func(port int) []string {
		fill := strings.NewReplacer(
			"{folder}", folder, "{postfix}", unpacked, "{owner}", postfixOwner, "{group}", postfixGroup,
			"{certificate}", shown.file, "{key}", shown.key, "{port}", fmt.Sprint(port), "{next}", fmt.Sprint(next.Port()))
		for name, content := range map[string]string{"main.cf": postfixConfiguration, "master.cf": postfixServices} {
			if err := os.WriteFile(filepath.Join(folder, "etc", name), []byte(fill.Replace(content)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return []string{filepath.Join(unpacked, "usr/lib/postfix/sbin/master"), "-c", filepath.Join(folder, "etc"), "-d"}
	})
	s.config = email.ServerConfig{Host: "127.0.0.1", Port: s.port, User: login, Password: password, RootCAs: shown.roots}
	return s
}

// layOut makes the folders that postfix wants.
func layOut(t testing.TB, folder string) {
	t.Helper()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	make := func(path, owner string) {
		path = filepath.Join(folder, path)
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		own(t, path, owner)
	}
	make("etc", "root")
	make("data", postfixOwner)
	make("queue", "root")
	make("queue/pid", "root")
	for _, queue := range strings.Fields("active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace") {
		make("queue/"+queue, postfixOwner)
	}
}

// arrived waits for the mail to come to the sandbox for all its recipients, and
// takes off what postfix put before it.
func (s *postfix) arrived(t *testing.T, messageID string, recipients int) (all []arrival) {
	t.Helper()
	for mails := 1; ; mails++ {
		all = nil
		came := 0
		captured, err := s.next.WaitFor(t.Context(), mails)
		if err != nil {
			t.Fatal(err)
		}
		mails = len(captured)
		for _, mail := range captured {
			if !strings.Contains(string(mail.Raw), messageID) {
				continue
			}
			head, content, found := strings.Cut(string(mail.Raw), "\r\nFrom: ")
			if !found {
				t.Fatalf("the mail begins with %.500q", head)
			}
			came += len(mail.To)
			a := arrival{from: mail.From, to: mail.To, content: []byte("From: " + content)}
			a.tls = strings.Contains(head, "using TLSv1.")
			if _, user, authenticated := strings.Cut(head, "(Authenticated sender: "); authenticated {
				a.user, _, _ = strings.Cut(user, ")")
			}
			all = append(all, a)
		}
		if came >= recipients {
			return all
		}
	}
}
