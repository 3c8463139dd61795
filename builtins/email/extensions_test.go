package email_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/runtime"
)

// sentOver runs a sendEmail against a strict server and gives the commands of its
// transaction.
func sentOver(t *testing.T, server *strictServer, settings string) ([]string, error) {
	t.Helper()
	pool := email.NewPool(email.PoolLimits{})
	config := email.Config{
		Server: &email.ServerConfig{Host: "127.0.0.1", Port: server.port(), TLS: email.TLSNone},
		Pool:   pool, Timeouts: email.Timeouts{Command: 5 * time.Second},
	}
	_, err := runFlow(t, config, `sendEmail < from: "flow@a.example", subject: "s", message: "m", `+settings+` >`, nil)
	pool.Close()
	server.stop()
	if len(server.violations) > 0 {
		t.Errorf("against RFC 5321: %q", server.violations)
	}
	commands := slices.DeleteFunc(server.commands, func(line string) bool { return strings.HasPrefix(line, "EHLO") || line == "QUIT" })
	return commands, err
}

var announcedSize = regexp.MustCompile(`SIZE=\d+`)

func TestTransactionUsesWhatIsOfferedAndNeeded(t *testing.T) {
	all := []string{"PIPELINING", "8BITMIME", "SIZE 50000000", "SMTPUTF8"}
	for name, c := range map[string]struct {
		offered  []string
		settings string
		want     []string // beginnings
		kind     runtime.Kind
	}{
		"everything offered": {all, `to: "ann@x.example"`, []string{"MAIL FROM:<flow@a.example> SIZE=N", "RCPT TO:<ann@x.example>", "DATA"}, ""},
		"nothing offered":    {[]string{}, `to: "ann@x.example"`, []string{"MAIL FROM:<flow@a.example>", "RCPT TO:<ann@x.example>", "DATA"}, ""},
		"SIZE without limit": {[]string{"SIZE"}, `to: "ann@x.example"`, []string{"MAIL FROM:<flow@a.example> SIZE=N", "RCPT TO:<ann@x.example>", "DATA"}, ""},
		"SIZE 0 is no limit": {[]string{"SIZE 0"}, `to: "ann@x.example"`, []string{"MAIL FROM:<flow@a.example> SIZE=N", "RCPT TO:<ann@x.example>", "DATA"}, ""},
		"too large":          {[]string{"SIZE 200"}, `to: "ann@x.example"`, nil, email.KindSize},
		"names and texts outside ASCII need nothing": {[]string{}, `to: "Jörg <ann@x.example>", headers: { "X-A": "ü" }`,
			[]string{"MAIL FROM:<flow@a.example>", "RCPT TO:<ann@x.example>", "DATA"}, ""},
		"a domain outside ASCII needs nothing": {[]string{}, `to: "ann@bücher.example"`,
			[]string{"MAIL FROM:<flow@a.example>", "RCPT TO:<ann@xn--bcher-kva.example>", "DATA"}, ""},
		"a local part outside ASCII needs SMTPUTF8": {all, `to: "jörg@bücher.example"`,
			[]string{"MAIL FROM:<flow@a.example> SIZE=N BODY=8BITMIME SMTPUTF8", "RCPT TO:<jörg@", "DATA"}, ""},
		"SMTPUTF8 is not offered": {[]string{"8BITMIME", "SIZE"}, `to: ["ann@x.example", "jörg@x.example"]`, nil, email.KindUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sentOver(t, startStrictServer(t, nil, c.offered...), c.settings)
			if c.kind == "" && err != nil || c.kind != "" && !errors.Is(err, &runtime.Error{Kind: c.kind}) {
				t.Errorf("error %v, want kind %q", err, c.kind)
			}
			if len(got) != len(c.want) {
				t.Fatalf("commands %q, want %q", got, c.want)
			}
			for i, beginning := range c.want {
				if line := announcedSize.ReplaceAllString(got[i], "SIZE=N"); !strings.HasPrefix(line, beginning) || strings.Contains(line, "SMTPUTF8") != strings.Contains(beginning, "SMTPUTF8") {
					t.Errorf("command %q, want %q", line, beginning)
				}
			}
		})
	}
}

func TestEnvelopeIsPipelinedWhereOffered(t *testing.T) {
	noAnswer := taking(func(*strictSession) bool { return true })
	server := startStrictServer(t, func(int) script {
		return script{"MAIL": noAnswer, "RCPT": noAnswer, "DATA": func(s *strictSession) bool {
			return s.reply("250 sender", "250 first", "250 second") && s.obey()
		}}
	}, "PIPELINING")
	got, err := sentOver(t, server, `to: ["ann@x.example", "bob@x.example"]`)
	if err != nil || len(got) != 4 {
		t.Errorf("commands %q, error %v", got, err)
	}
}
