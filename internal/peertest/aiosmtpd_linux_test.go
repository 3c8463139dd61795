package peertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/runtime"
)

//go:embed aiosmtpd.py
var aiosmtpdScript string

// login and password are what the servers want for AUTH.
const (
	login    = "shop"
	password = "secret ж"
)

func TestAiosmtpdTakesEveryMailAsItWasSpooled(t *testing.T) {
	server := startAiosmtpd(t)
	eachWay(t, server.config, func(t *testing.T, h *host) { h.sendAll(t, true, server.arrived) })
}

func TestAiosmtpdRefusesAWrongPassword(t *testing.T) {
	server := startAiosmtpd(t)
	server.config.Password = "wrong"
	wantAuthFailure(t, newHost(t, server.config, email.PoolLimits{}))
}

// wantAuthFailure sends a mail that must fail for its password.
func wantAuthFailure(t *testing.T, h *host) {
	t.Helper()
	failure := h.fail(t, letters[0].settings)
	if code, _ := failure.Fields["code"].(int); failure.Kind != email.KindAuth || code != 535 && !strings.Contains(failure.Error(), "535") {
		t.Errorf("failure %v, kind %s", failure, failure.Kind)
	}
	if strings.Contains(failure.Error(), "wrong") {
		t.Errorf("the failure shows the password: %v", failure)
	}
}

// fail runs a mail that must fail.
func (h *host) fail(t *testing.T, settings string) *runtime.Error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	outcome, err := h.program(t, settings).Run(ctx, nil)
	if err == nil || len(outcome.Failures) == 0 {
		t.Fatal("the mail was sent")
	}
	return outcome.Failures[0]
}

// eachWay runs a test with a connection for each mail, and with connections that
// are kept.
func eachWay(t *testing.T, server email.ServerConfig, test func(t *testing.T, h *host)) {
	t.Run("own connections", func(t *testing.T) { test(t, newHost(t, server, email.PoolLimits{MessagesPerConnection: 1})) })
	t.Run("pool", func(t *testing.T) { test(t, newHost(t, server, email.PoolLimits{})) })
}

// aiosmtpd is a server with STARTTLS and AUTH.
type aiosmtpd struct {
	process
	folder string
	config email.ServerConfig
}

func startAiosmtpd(t *testing.T) *aiosmtpd {
	python := pythonWithAiosmtpd(t)
	shown := newCertificate(t)
	s := &aiosmtpd{folder: t.TempDir()}
	s.process = start(t, "PYTHONUNBUFFERED=1", func(port int) []string {
		return []string{python, "-I", "-c", aiosmtpdScript, strconv.Itoa(port), s.folder, shown.file, shown.key}
	})
	s.config = email.ServerConfig{Host: "127.0.0.1", Port: s.port, User: login, Password: password, RootCAs: shown.roots}
	return s
}

// pythonWithAiosmtpd finds a Python that has the module: the first of PATH, else
// Debian's.
func pythonWithAiosmtpd(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-I", "-c", "import aiosmtpd").Run() == nil {
			return python
		}
	}
	missing(t, "aiosmtpd is not installed (Debian: apt-get install python3-aiosmtpd)")
	return ""
}

func (s *aiosmtpd) arrived(t *testing.T, messageID string, _ int) (all []arrival) {
	t.Helper()
	files, err := filepath.Glob(s.folder + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var kept struct {
			From, User  string
			To, Options []string
			TLS         bool
			Content     []byte
		}
		if err := json.Unmarshal(text, &kept); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(kept.Content), messageID) {
			all = append(all, arrival{from: kept.From, to: kept.To, content: kept.Content, tls: kept.TLS, user: kept.User})
		}
	}
	return all
}
