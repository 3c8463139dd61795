package email_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

const plainFlow = `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m" >`

// hostServer is the sandbox as a host's own server.
func hostServer(server *mailtest.Server) *email.ServerConfig {
	return &email.ServerConfig{Host: server.Host(), Port: server.Port(), RootCAs: server.CertPool()}
}

func TestWithoutAServerTheErrorNamesTheThreeWays(t *testing.T) {
	failure := wantError(t, email.Config{}, `sendEmail < to: "a@x.y", message: "m" >`, nil, "no mail server is given")
	for _, way := range []string{"server:", "--smtp", "FLOWRUN_SMTP", "--sandbox"} {
		if !strings.Contains(failure.Hint, way) {
			t.Errorf("hint %q does not name %s", failure.Hint, way)
		}
	}
}

func TestWithoutASenderTheErrorNamesTheWays(t *testing.T) {
	failure := wantError(t, email.Config{}, `sendEmail < to: "a@x.y", subject: "s", message: "m", server: "smtp.example.com" >`, nil, "no sender is given")
	for _, way := range []string{"from:", "--from", "FLOWRUN_FROM"} {
		if !strings.Contains(failure.Hint, way) {
			t.Errorf("hint %q does not name %s", failure.Hint, way)
		}
	}
}

func TestHostServerIsUsedWithItsUser(t *testing.T) {
	server := startSandbox(t, mailtest.WithCredentials("shop@shop.example", "pass"), mailtest.WithAuthRequired())
	own := hostServer(server)
	own.User, own.Password = "shop@shop.example", "pass"
	if _, err := runFlow(t, email.Config{Server: own}, `sendEmail < to: "a@x.y", subject: "s", message: "m" >`, nil); err != nil {
		t.Fatal(err)
	}
	mail := onlyMail(t, server)
	if mail.User != "shop@shop.example" || mail.From != "shop@shop.example" || mail.TLS != "TLS 1.3" {
		t.Errorf("sent by %q from %q over %q", mail.User, mail.From, mail.TLS)
	}
}

func TestHostsPasswordIsForItsOwnPortAndEncryption(t *testing.T) {
	server := startSandbox(t)
	own := hostServer(server)
	own.User, own.Password = "shop@shop.example", "pass"
	for setting, at := range map[string]string{"tls: false": "test.flow:2:6", "port: 25": "test.flow:2:7", `tls: "opportunistic"`: "test.flow:2:6"} {
		t.Run(setting, func(t *testing.T) {
			wantError(t, email.Config{Server: own}, "sendEmail < to: \"a@x.y\", subject: \"s\", message: \"m\"\n"+setting+" >", nil, at)
		})
	}
	if n := server.Connections(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

func TestNamedServerGetsNothingOfTheHosts(t *testing.T) {
	server := startSandbox(t)
	config := sandboxed(server)
	config.Server = &email.ServerConfig{Host: "own.example", User: "shop@shop.example", Password: "pass"}
	if _, err := runFlow(t, config, `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", server: "other.example" >`, nil); err != nil {
		t.Fatal(err)
	}
	if user := onlyMail(t, server).User; user != "" {
		t.Errorf("authenticated as %q", user)
	}
}

func TestHostDecidesWhichServersAFlowMayName(t *testing.T) {
	for name, c := range map[string]struct {
		policy  email.ServerPolicy
		allowed bool
	}{
		"any":     {email.AnyServer, true},
		"none":    {email.NoServer, false},
		"listed":  {email.OnlyServers("other.example", "SMTP.Example.com"), true},
		"another": {email.OnlyServers("other.example"), false},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			config := sandboxed(server)
			config.Inline = c.policy
			_, err := runFlow(t, config, `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", server: "smtp.example.com" >`, nil)
			if c.allowed != (err == nil) {
				t.Fatalf("error %v, want it allowed: %v", err, c.allowed)
			}
			if err != nil && (!strings.Contains(err.Error(), "does not let flows use the server smtp.example.com") || server.Connections() != 0) {
				t.Errorf("error %v, %d connections", err, server.Connections())
			}
		})
	}
}

func TestPrivateAddressesAreRefusedUnlessGranted(t *testing.T) {
	server := startSandbox(t)
	flow := `input server: string
input port: int
sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", server: server, port: port >`
	for _, host := range []string{"127.0.0.1", "localhost", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "[::1]", "fd00::1", "100.64.0.1", "64:ff9b::7f00:1"} {
		t.Run(host, func(t *testing.T) {
			failure := wantError(t, email.Config{}, flow, runtime.Inputs{"server": host, "port": server.Port()}, "private or local")
			if failure.Kind != email.KindServer {
				t.Errorf("kind %q", failure.Kind)
			}
		})
	}
	if n := server.Connections(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
	failure := wantError(t, email.Config{PrivateAddresses: true}, flow, runtime.Inputs{"server": "127.0.0.1", "port": server.Port()}, "certificate")
	if failure.Kind != email.KindTLS {
		t.Errorf("kind %q, want the certificate refused", failure.Kind)
	}
}

func TestLimitsOfTheHost(t *testing.T) {
	for name, c := range map[string]struct {
		limits email.Limits
		flow   string
		want   string
		kind   runtime.Kind
		mails  int
	}{
		"recipients": {email.Limits{Recipients: 1}, `sendEmail < to: "a@x.y", bcc: "b@x.y", subject: "s", message: "m" >`, "2 recipients, at most 1", runtime.KindValue, 0},
		"headers":    {email.Limits{Headers: 1}, `sendEmail < to: "a@x.y", headers: {"X-A": 1, "X-B": 2}, subject: "s", message: "m" >`, "2 headers are given", runtime.KindValue, 0},
		"size":       {email.Limits{MessageBytes: 100}, `sendEmail < to: "a@x.y", subject: "s", message: "m" >`, "too large", email.KindSize, 0},
		"mails": {email.Limits{Mails: 2}, `for i in 1..3 { sendEmail < to: "a@x.y", subject: "s", message: "m" > }`,
			"this run has made 2 mails", email.KindQuota, 2},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			config := sandboxed(server)
			config.Limits = c.limits
			failure := wantError(t, config, c.flow, nil, c.want)
			if failure.Kind != c.kind {
				t.Errorf("kind %q, want %q", failure.Kind, c.kind)
			}
			if got := len(server.Mails()); got != c.mails {
				t.Errorf("%d mails were sent, want %d", got, c.mails)
			}
		})
	}
}

func TestMailsAreCountedForEachRunByItself(t *testing.T) {
	server := startSandbox(t)
	config := sandboxed(server)
	config.Limits.Mails = 1
	p := program(t, config, plainFlow)
	for range 3 {
		if _, err := p.Run(testContext(t), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func TestParseServerURL(t *testing.T) {
	for text, want := range map[string]email.ServerConfig{
		"smtp://mail.example.com":                   {Host: "mail.example.com"},
		"smtp://ann@mail.example.com:2525":          {Host: "mail.example.com", Port: 2525, User: "ann"},
		"smtp://ann%40x.y@mail.example.com":         {Host: "mail.example.com", User: "ann@x.y"},
		"smtp://ann@x.y@mail.example.com/":          {Host: "mail.example.com", User: "ann@x.y"},
		"smtps://mail.example.com":                  {Host: "mail.example.com", TLS: email.TLSImplicit},
		"smtp://localhost:25?tls=none":              {Host: "localhost", Port: 25, TLS: email.TLSNone},
		"smtp://mail.example.com?tls=opportunistic": {Host: "mail.example.com", TLS: email.TLSOpportunistic},
		"smtp://[2001:db8::1]:587":                  {Host: "2001:db8::1", Port: 587},
		"smtp://bücher.example":                     {Host: "xn--bcher-kva.example"},
	} {
		t.Run(text, func(t *testing.T) {
			got, err := email.ParseServerURL(text)
			if err != nil || got != want {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

func TestParseServerURLErrorsSayWhatToWrite(t *testing.T) {
	for text, want := range map[string]string{
		"mail.example.com":            "write it as smtp://user@host:587",
		"mail.example.com:587":        "write it as smtp://user@host:587",
		"http://mail.example.com":     "neither smtp:// nor smtps://",
		"smtp://":                     "neither a host name nor an IP address",
		"smtp://ann:hunter2@x.y":      "leave the password out",
		"smtp://ann:hunter2%@x.y":     "the server is no URL",
		"smtp://x.y:0":                "port 0 is not 1 to 65535",
		"smtp://x.y:70000":            "port 70000 is not",
		"smtp://x.y/path":             "goes on after its host and port",
		"smtp://x.y?tls=maybe":        "tls is starttls, opportunistic or none",
		"smtp://x.y?password=hunter2": "takes no parameter but tls",
		"smtps://x.y?tls=none":        "tls is starttls",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := email.ParseServerURL(text)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("error %v, want %q", err, want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the password shows: %v", err)
			}
		})
	}
}

func TestAServerConfigPrintsWithoutItsPassword(t *testing.T) {
	server := email.ServerConfig{Host: "mail.acme.example", User: "shop", Password: "hunter2"}
	var out bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		logger := slog.New(handler)
		logger.Info("m", "server", server, "address", &server, "config", []email.ServerConfig{server})
		logger.Info("m", "within", map[string]any{"server": server, "address": &server})
	}
	fmt.Fprintf(&out, "%v %+v %#v %s", server, server, server, server)
	if got := out.String(); strings.Contains(got, "hunter2") || strings.Count(got, "smtp://shop@mail.acme.example:587") != 14 {
		t.Errorf("printed as %s", got)
	}
}
