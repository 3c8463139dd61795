package email_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
)

// passwords resolves env:NAME to "password NAME".
func passwords(r email.Reference) (string, error) {
	return email.ReferencesOf(func(name string) (string, bool) { return "password " + name, true })(r)
}

// profiled is a host whose store has these profiles.
func profiled(t *testing.T, profiles ...email.Profile) email.Config {
	t.Helper()
	st := openStore(t)
	for _, p := range profiles {
		if _, err := st.AddProfile(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	return email.Config{Store: st, Resolve: passwords}
}

// own is the profile of a server that lets in "u" with "password P".
func own(server *mailtest.Server) email.Profile {
	return email.Profile{Name: "own", Host: "127.0.0.1", Port: server.Port(), User: "u", Password: "env:P",
		From: "own@x.y", RootCAs: string(server.CertificatePEM())}
}

const byOwnProfile = `sendEmail < to: "a@x.y", subject: "s", message: "m", profile: "own" >`

func TestProfileIsAServerOfItsOwn(t *testing.T) {
	server := startSandbox(t, mailtest.WithCredentials("u", "password P"), mailtest.WithAuthRequired())
	config := profiled(t, own(server))
	if _, err := runFlow(t, config, byOwnProfile, nil); err != nil {
		t.Fatal(err)
	}
	if mail := onlyMail(t, server); mail.User != "u" || mail.From != "own@x.y" || mail.TLS != "TLS 1.3" {
		t.Errorf("sent by %q from %q over %q", mail.User, mail.From, mail.TLS)
	}
}

func TestSettingsOfTheCallReplaceThoseOfTheProfileOneByOne(t *testing.T) {
	for name, c := range map[string]struct {
		settings string
		want     string // user, sender and server of the attempt
	}{
		"nothing":             {``, "u own@x.y smtp://u@mail.example:2500"},
		"from":                {`from: "f@x.y"`, "u f@x.y smtp://u@mail.example:2500"},
		"port":                {`port: 2600`, "u own@x.y smtp://u@mail.example:2600"},
		"tls, as safe":        {`tls: "implicit"`, "u own@x.y smtps://u@mail.example:2500"},
		"port and tls":        {`port: 465, tls: true`, "u own@x.y smtps://u@mail.example:465"},
		"smtp":                {`smtp: { user: "v", password: secret("V") }`, "v own@x.y smtp://v@mail.example:2500"},
		"smtp and tls":        {`smtp: { user: "v", password: secret("V") }, tls: false`, "v own@x.y smtp://v@mail.example:2500"},
		"smtp and server":     {`smtp: { user: "v", password: secret("V") }, server: "other.example"`, "v own@x.y smtp://v@other.example:2500"},
		"the server, again":   {`server: "Mail.Example"`, "u own@x.y smtp://u@mail.example:2500"},
		"server without user": {`server: "other.example", profile: "open"`, " f@open.example smtp://other.example:25"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithPlaintextAuth())
			config := profiled(t,
				email.Profile{Name: "own", Host: "mail.example", Port: 2500, User: "u", Password: "env:P", From: "own@x.y"},
				email.Profile{Name: "open", Host: "open.example", Port: 25, TLS: email.TLSNone, From: "f@open.example"})
			config.Redirect = sandboxed(server).Redirect
			profile := `, profile: "own"`
			if strings.Contains(c.settings, "profile:") {
				profile = ""
			}
			variables, err := runFlow(t, config,
				"sent = sendEmail < to: \"a@x.y\", subject: \"s\", message: \"m\", store: true"+profile+"\n"+c.settings+" >", nil)
			if err != nil {
				t.Fatal(err)
			}
			message, err := config.Store.Message(t.Context(), int64(field(t, variables["sent"], "id").(int)))
			if err != nil {
				t.Fatal(err)
			}
			mail := onlyMail(t, server)
			if got := mail.User + " " + mail.From + " " + message.Attempts[0].Server; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDefaultProfileIsUsedWhereNothingElseIsNamed(t *testing.T) {
	standard := email.Profile{Name: "default", Host: "default.example", From: "default@x.y"}
	for name, c := range map[string]struct {
		profiles []email.Profile
		settings string
		want     string
	}{
		"nothing named":    {[]email.Profile{standard}, ``, "smtp://default.example:587"},
		"a server":         {[]email.Profile{standard}, `server: "s.example", from: "f@x.y"`, "smtp://s.example:587"},
		"no such profile":  {nil, `from: "f@x.y"`, "smtp://host.example:587"},
		"a port":           {[]email.Profile{standard}, `port: 2525`, "smtp://default.example:2525"},
		"another is named": {[]email.Profile{standard, {Name: "b", Host: "b.example", From: "b@x.y"}}, `profile: "b"`, "smtp://b.example:587"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			config := profiled(t, c.profiles...)
			config.Redirect = sandboxed(server).Redirect
			config.Server = &email.ServerConfig{Host: "host.example"}
			variables, err := runFlow(t, config,
				"sent = sendEmail < to: \"a@x.y\", subject: \"s\", message: \"m\", store: true\n"+c.settings+" >", nil)
			if err != nil {
				t.Fatal(err)
			}
			message, err := config.Store.Message(t.Context(), int64(field(t, variables["sent"], "id").(int)))
			if err != nil || message.Attempts[0].Server != c.want {
				t.Errorf("sent by %v, %v, want %s", message.Attempts, err, c.want)
			}
		})
	}
}

func TestDisabledDefaultProfileIsNoSilentFallback(t *testing.T) {
	config := profiled(t, email.Profile{Name: "default", Host: "x.example", Disabled: true})
	config.Server = &email.ServerConfig{Host: "host.example"}
	wantError(t, config, plainFlow, nil, `profile "default" is disabled`)
}

func TestPasswordsThatDoNotResolveAreToldBeforeAnythingConnects(t *testing.T) {
	server := startSandbox(t)
	blank := filepath.Join(t.TempDir(), "blank")
	if err := os.WriteFile(blank, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for reference, want := range map[email.Reference]string{
		"env:NOT_SET_HERE":               `the password of profile "own" is not to be had: the environment variable NOT_SET_HERE is not set`,
		"file:/no/such/file":             `no such file`,
		email.Reference("file:" + blank): "is empty",
		"":                               `profile "own" cannot be used: it has no password`,
	} {
		t.Run(string(reference), func(t *testing.T) {
			p := own(server)
			p.Password = reference
			st := openStore(t)
			if _, err := st.AddProfile(t.Context(), p); err != nil {
				if reference != "" {
					t.Fatal(err)
				}
				return // the store refuses a user without a password
			}
			config := email.Config{Store: st}
			wantError(t, config, strings.Replace(byOwnProfile, " >", ", store: true >", 1), nil, want)
			if n := server.Connections(); n != 0 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

func TestProfileWithoutVerificationWarnsWithEveryMail(t *testing.T) {
	server := startSandbox(t)
	p := own(server)
	p.RootCAs, p.SkipVerify = "", true
	config := profiled(t, p)
	var warnings []string
	config.Warn = func(_ context.Context, warning string) { warnings = append(warnings, warning) }
	if _, err := runFlow(t, config, byOwnProfile+"\n"+byOwnProfile, nil); err != nil {
		t.Fatal(err)
	}
	if len(warnings) != 2 || !strings.Contains(warnings[0], `profile "own" does not verify the certificate of 127.0.0.1`) {
		t.Errorf("warnings %q", warnings)
	}
	warnings = nil
	server.Script(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(2))
	if r := runInVirtualTime(t, config, strings.Replace(byOwnProfile, " >", ", retryCount: 4 >", 1)); r.err != nil || len(r.waits) != 2 || len(warnings) != 1 {
		t.Errorf("a mail of %d retries: warnings %q, %v", len(r.waits), warnings, r.err)
	}
	p.SkipVerify = false
	wantError(t, profiled(t, p), byOwnProfile, nil, "certificate")
}

func TestProfileShowsItsClientCertificate(t *testing.T) {
	certificate, key := selfSigned(t)
	keyFile := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(keyFile, key, 0o600); err != nil {
		t.Fatal(err)
	}
	var shown [][]byte
	server := startSandbox(t, mailtest.WithTLSConfig(func(c *tls.Config) {
		c.ClientAuth = tls.RequireAnyClientCert
		c.VerifyPeerCertificate = func(raw [][]byte, _ [][]*x509.Certificate) error {
			shown = raw
			return nil
		}
	}))
	p := own(server)
	p.Certificate, p.CertificateKey = string(certificate), email.Reference("file:"+keyFile)
	config := profiled(t, p)
	if _, err := runFlow(t, config, byOwnProfile, nil); err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(certificate)
	if len(shown) != 1 || !bytes.Equal(shown[0], block.Bytes) {
		t.Error("the server saw another certificate")
	}
	if _, other := selfSigned(t); os.WriteFile(keyFile, other, 0o600) == nil {
		wantError(t, config, byOwnProfile, nil, "do not make a pair")
	}
}

func selfSigned(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "client"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
}

func TestWhatAProfileTrustsStaysWithItsServer(t *testing.T) {
	server := startSandbox(t)
	p := own(server)
	p.Host, p.User, p.Password, p.SkipVerify, p.RootCAs = "localhost", "", "", true, ""
	config := profiled(t, p)
	flow := `sendEmail < to: "a@x.y", subject: "s", message: "m", profile: "own", server: "127.0.0.1" >`
	failure := wantError(t, config, flow, nil, "private or local")
	if failure.Kind != email.KindServer {
		t.Errorf("kind %q", failure.Kind)
	}
	config.PrivateAddresses = true
	wantError(t, config, flow, nil, "certificate")
	config.Inline = email.NoServer
	wantError(t, config, flow, nil, "does not let flows use the server 127.0.0.1")
}

func TestPasswordGoesToAnotherPortOnlyWhereACertificateProvesTheServer(t *testing.T) {
	for name, c := range map[string]struct {
		profile  email.Profile
		settings string
		want     string // "" for none
	}{
		"verified":              {email.Profile{}, `port: 2600`, ""},
		"not verified":          {email.Profile{SkipVerify: true}, `port: 2600`, "is for its own port 2500 only, since no certificate is verified"},
		"plain text":            {email.Profile{TLS: email.TLSNone}, `port: 2600`, "is for its own port 2500 only"},
		"opportunistic":         {email.Profile{TLS: email.TLSOpportunistic}, `port: 2600`, "is for its own port 2500 only"},
		"plain, but now by TLS": {email.Profile{TLS: email.TLSNone}, `tls: "starttls"`, ""},
		"plain, but now better": {email.Profile{TLS: email.TLSNone}, `tls: "opportunistic"`, ""},
		"weaker":                {email.Profile{TLS: email.TLSOpportunistic}, `tls: false`, "weaker encryption"},
		"login of its own":      {email.Profile{TLS: email.TLSNone}, `port: 2600, smtp: { user: "v", password: secret("V") }`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithPlaintextAuth())
			p := c.profile
			p.Name, p.Host, p.Port, p.User, p.Password, p.From = "own", "mail.example", 2500, "u", "env:P", "own@x.y"
			config := profiled(t, p)
			config.Redirect = sandboxed(server).Redirect
			flow := strings.Replace(byOwnProfile, " >", "\n"+c.settings+" >", 1)
			if c.want != "" {
				wantError(t, config, flow, nil, c.want)
			} else if _, err := runFlow(t, config, flow, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestServerOfTheHostPrintsWithoutItsPassword(t *testing.T) {
	server := email.ServerConfig{Host: "mail.example", User: "u", Password: "hunter2"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(format, server); got != "smtp://u@mail.example:587" {
			t.Errorf("%s prints %s", format, got)
		}
	}
	if got := fmt.Sprintf("%+v", email.Config{Server: &server}); strings.Contains(got, "hunter2") {
		t.Errorf("the host's configuration prints %s", got)
	}
}

func TestProbeTellsWhatAServerOffers(t *testing.T) {
	server := startSandbox(t, mailtest.WithCredentials("u", "password P"), mailtest.WithMaxSize(1<<20))
	findings, err := email.Probe(testContext(t), email.Config{Resolve: passwords}, own(server))
	if err != nil {
		t.Fatal(err)
	}
	if findings.TLS != "TLS 1.3" || findings.Auth != "PLAIN" || findings.MaxSize != 1<<20 || !strings.HasPrefix(findings.Server, "smtp://u@127.0.0.1:") {
		t.Errorf("findings %+v", findings)
	}
	if got := strings.Join(findings.Extensions, ", "); !strings.Contains(got, "8BITMIME, ") || !strings.Contains(got, "SIZE 1048576") || !strings.Contains(got, "PIPELINING") {
		t.Errorf("extensions %s", got)
	}
	if len(server.Mails()) != 0 {
		t.Error("a mail was sent")
	}
}

func TestProbeTellsWhyItFailed(t *testing.T) {
	for name, c := range map[string]struct {
		options []mailtest.Option
		spoil   func(*email.Profile)
		want    string
	}{
		"a wrong password": {[]mailtest.Option{mailtest.WithCredentials("u", "other")}, func(*email.Profile) {}, "authenticate u at 127.0.0.1"},
		"no trust":         {nil, func(p *email.Profile) { p.RootCAs = "" }, "certificate"},
		"no STARTTLS":      {[]mailtest.Option{mailtest.WithoutExtension("STARTTLS")}, func(*email.Profile) {}, "does not offer STARTTLS"},
		"no certificate":   {nil, func(p *email.Profile) { p.RootCAs = "x" }, "no PEM certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, c.options...)
			p := own(server)
			c.spoil(&p)
			_, err := email.Probe(testContext(t), email.Config{Resolve: passwords}, p)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "password P") {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestReferencesAreCheckedWithoutRepeatingThem(t *testing.T) {
	for _, r := range []email.Reference{"hunter2", "env:", "file:", "vault:hunter2", "env:hunter2\nx"} {
		if err := r.Check(); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: error %v", r, err)
		}
	}
	for _, r := range []email.Reference{"", "env:NAME", "file:/path/to it"} {
		if err := r.Check(); err != nil {
			t.Errorf("%q: error %v", r, err)
		}
	}
}

func TestReferencedFileIsReadWithoutItsLineBreak(t *testing.T) {
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte("pass word \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := email.ResolveReference(email.Reference("file:" + path)); err != nil || got != "pass word " {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := email.ResolveReference(email.Reference("file:" + filepath.Dir(path))); err == nil {
		t.Error("a folder was read")
	}
}
