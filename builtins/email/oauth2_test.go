package email_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// tokenEndpoint is a token endpoint of RFC 6749 that gives a new token to each
// request with the right refresh token.
type tokenEndpoint struct {
	*httptest.Server
	mutex    sync.Mutex
	requests []string
	expires  int // seconds
	refuse   bool
	busy     int // requests that it puts off
}

const (
	refreshToken = "refresh-token-0815"
	clientSecret = "client-secret-4711"
)

func startTokenEndpoint(t *testing.T) *tokenEndpoint {
	e := &tokenEndpoint{expires: 3600}
	e.Server = httptest.NewTLSServer(http.HandlerFunc(e.serve))
	t.Cleanup(e.Close)
	return e
}

func (e *tokenEndpoint) serve(w http.ResponseWriter, r *http.Request) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	user, password, _ := r.BasicAuth()
	e.requests = append(e.requests, fmt.Sprint(r.FormValue("grant_type"), " ", user))
	if len(e.requests) <= e.busy {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if e.refuse || r.FormValue("refresh_token") != refreshToken || password != clientSecret {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]any{"error": "invalid_grant", "error_description": "revoked: " + r.FormValue("refresh_token")})
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"access_token": fmt.Sprint("token-", len(e.requests)), "token_type": "Bearer", "expires_in": e.expires})
}

func (e *tokenEndpoint) asked() int {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return len(e.requests)
}

// oauth2Shop is a shop whose profile "cloud" logs in by OAuth2, and its endpoint.
func oauth2Shop(t *testing.T, options ...mailtest.Option) (email.Config, *mailtest.Server, *tokenEndpoint) {
	t.Helper()
	endpoint := startTokenEndpoint(t)
	server := startSandbox(t, options...)
	st := openStore(t)
	if _, err := st.AddProfile(t.Context(), email.Profile{
		Name: "cloud", Host: "127.0.0.1", Port: server.Port(), User: "me@cloud.example", RootCAs: string(server.CertificatePEM()),
		OAuth2: &email.OAuth2{TokenURL: endpoint.URL, ClientID: "client", ClientSecret: "env:SECRET", RefreshToken: "env:REFRESH"},
	}); err != nil {
		t.Fatal(err)
	}
	return email.Config{
		Store:       st,
		TokenClient: endpoint.Client(),
		Resolve: email.ReferencesOf(func(name string) (string, bool) {
			return map[string]string{"SECRET": clientSecret, "REFRESH": refreshToken}[name], true
		}),
	}, server, endpoint
}

const twoCloudMails = `
for i in 1..2 {
  sendEmail < to: "a@x.y", subject: "s", message: "m", profile: "cloud" >
}`

func TestOAuth2LogsInWithAFreshTokenAndKeepsIt(t *testing.T) {
	config, server, endpoint := oauth2Shop(t, mailtest.WithCredentials("me@cloud.example", "token-1"), mailtest.WithAuthRequired())
	if _, err := runFlow(t, config, twoCloudMails, nil); err != nil {
		t.Fatal(err)
	}
	mails := server.Mails()
	if len(mails) != 2 || mails[1].User != "me@cloud.example" || mails[1].From != "me@cloud.example" {
		t.Errorf("mails %v", mails)
	}
	if n := endpoint.asked(); n != 1 {
		t.Errorf("the endpoint was asked %d times", n)
	}
}

func TestOAuth2TokensThatExpireAreRefreshed(t *testing.T) {
	config, server, endpoint := oauth2Shop(t)
	endpoint.expires = 1 // less than the margin that a token needs
	if _, err := runFlow(t, config, twoCloudMails, nil); err != nil {
		t.Fatal(err)
	}
	if len(server.Mails()) != 2 || endpoint.asked() != 2 {
		t.Errorf("%d mails, asked %d times", len(server.Mails()), endpoint.asked())
	}
	if n := server.Connections(); n != 2 {
		t.Errorf("%d connections for two tokens", n)
	}
}

func TestOAuth2EndpointThatIsBusyIsAskedAgain(t *testing.T) {
	config, server, endpoint := oauth2Shop(t)
	endpoint.busy = 2 // of one attempt: how the client proves itself is tried in two ways
	r := runInVirtualTime(t, config, `sendEmail < to: "a@x.y", subject: "s", message: "m", profile: "cloud", retryCount: 2 >`)
	if r.err != nil || len(server.Mails()) != 1 || server.Connections() != 1 || len(r.waits) != 1 {
		t.Errorf("%v, %d mails, %d connections, waits %v", r.err, len(server.Mails()), server.Connections(), r.waits)
	}
}

func TestOAuth2TokenThatWasTakenBackIsReplacedOnce(t *testing.T) {
	config, server, endpoint := oauth2Shop(t, mailtest.WithCredentials("me@cloud.example", "token-2"), mailtest.WithAuthRequired())
	// The first token is known and refused, as one that was taken back would be.
	p := program(t, config, `sendEmail < to: "a@x.y", subject: "s", message: "m", profile: "cloud" >`)
	if _, err := p.Run(testContext(t), nil); err == nil {
		t.Fatal("token-1 was accepted")
	}
	if endpoint.asked() != 1 {
		t.Fatalf("asked %d times for a token that is fresh", endpoint.asked())
	}
	if _, err := p.Run(testContext(t), nil); err != nil {
		t.Fatal(err)
	}
	if onlyMail(t, server).User != "me@cloud.example" || endpoint.asked() != 2 {
		t.Errorf("asked %d times", endpoint.asked())
	}
}

func TestOAuth2FailuresTellWhyWithoutTheSecrets(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*tokenEndpoint, *email.Config)
		want  string
		kind  runtime.Kind
	}{
		"refused": {func(e *tokenEndpoint, _ *email.Config) { e.refuse = true },
			"get an access token for profile \"cloud\" from https://", email.KindAuth},
		"no endpoint": {func(e *tokenEndpoint, _ *email.Config) { e.Close() }, "connection refused", email.KindAuth},
		"not trusted": {func(_ *tokenEndpoint, c *email.Config) { c.TokenClient = nil }, "certificate", email.KindAuth},
		"no secret": {func(_ *tokenEndpoint, c *email.Config) {
			c.Resolve = email.ReferencesOf(func(string) (string, bool) { return "", false })
		}, `the client secret of profile "cloud" is not to be had: the environment variable SECRET is not set`, email.KindAuth},
	} {
		t.Run(name, func(t *testing.T) {
			config, server, endpoint := oauth2Shop(t)
			c.spoil(endpoint, &config)
			failure := wantError(t, config, `sendEmail < to: "a@x.y", subject: "s", message: "m", profile: "cloud", store: true >`, nil, c.want)
			if failure.Kind != c.kind {
				t.Errorf("kind %q", failure.Kind)
			}
			told := failure.Error() + failure.Hint + text(t, failure.Fields)
			for _, secret := range []string{refreshToken, clientSecret, "token-1"} {
				if strings.Contains(told, secret) {
					t.Errorf("%s shows in %s", secret, told)
				}
			}
			if n := server.Connections(); n != 0 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

func TestOAuth2AsksNoEndpointInTheSandbox(t *testing.T) {
	config, _, endpoint := oauth2Shop(t)
	server := startSandbox(t)
	config.Redirect = sandboxed(server).Redirect
	if _, err := runFlow(t, config, twoCloudMails, nil); err != nil {
		t.Fatal(err)
	}
	if len(server.Mails()) != 2 || endpoint.asked() != 0 {
		t.Errorf("%d mails, asked %d times", len(server.Mails()), endpoint.asked())
	}
}
