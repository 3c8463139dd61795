package email

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"flowrun/builtins/email/internal/transaction"
)

// tokenPatience is how long a token endpoint may take for its answer.
const tokenPatience = 30 * time.Second

// grant is what a profile's access tokens are got with, RFC 6749 section 6.
type grant struct {
	profile  string
	config   oauth2.Config
	refresh  string
	redirect bool // the server is redirected: no token is asked for
}

// grantOf resolves what the profile refers to.
func (c *component) grantOf(p *Profile) (*grant, error) {
	g := &grant{
		profile:  p.Name,
		redirect: c.config.Redirect != nil,
		config: oauth2.Config{
			ClientID: p.OAuth2.ClientID,
			Endpoint: oauth2.Endpoint{TokenURL: p.OAuth2.TokenURL},
			Scopes:   p.OAuth2.Scopes,
		},
	}
	if err := CheckTokenURL(p.OAuth2.TokenURL); err != nil {
		return nil, p.failure("profile", err.Error(), err)
	}
	var err error
	if p.OAuth2.ClientSecret != "" {
		if g.config.ClientSecret, err = c.secretOf(p, "client secret", p.OAuth2.ClientSecret); err != nil {
			return nil, err
		}
	}
	g.refresh, err = c.secretOf(p, "refresh token", p.OAuth2.RefreshToken)
	return g, err
}

// key tells grants apart.
func (g *grant) key() string {
	return strings.Join([]string{g.config.Endpoint.TokenURL, g.config.ClientID, g.config.ClientSecret, g.refresh, strings.Join(g.config.Scopes, " ")}, "\x00")
}

// tokens keeps access tokens until they expire. A refresh token that an endpoint
// replaces (RFC 6749 section 6) is used in place of the profile's from then on, as
// long as the process lives.
type tokens struct {
	client *http.Client // nil: one with time limits

	mutex sync.Mutex
	known map[string]*keptToken // by grant.key
}

// keptToken is the token of one grant. Whoever holds turn may fetch it anew: with
// two at once the second would come with a refresh token that the first has used
// up.
type keptToken struct {
	turn  chan struct{}
	token *oauth2.Token // nil: none yet
}

// of gives the token of a grant, held by the caller until release.
func (t *tokens) of(ctx context.Context, g *grant) (kept *keptToken, release func(), err error) {
	t.mutex.Lock()
	if t.known == nil {
		t.known = map[string]*keptToken{}
	}
	kept = t.known[g.key()]
	if kept == nil {
		kept = &keptToken{turn: make(chan struct{}, 1)}
		t.known[g.key()] = kept
	}
	t.mutex.Unlock()
	select {
	case kept.turn <- struct{}{}:
		return kept, func() { <-kept.turn }, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// access gives an access token; fresh tells that it was got just now.
func (t *tokens) access(ctx context.Context, g *grant) (token string, fresh bool, failure *transaction.Error) {
	if g.redirect {
		return "sandbox", true, nil
	}
	kept, release, err := t.of(ctx, g)
	if err != nil {
		return "", false, tokenFailure(ctx, g, g.refresh, err)
	}
	defer release()
	if kept.token.Valid() {
		return kept.token.AccessToken, false, nil
	}
	refresh := g.refresh
	if kept.token != nil && kept.token.RefreshToken != "" {
		refresh = kept.token.RefreshToken
	}
	got, err := t.fetch(ctx, g, refresh)
	if err == nil && strings.ContainsAny(got.AccessToken, "\x00\x01\r\n") {
		err = errors.New("the endpoint answered with something that is no token")
	}
	if err != nil {
		return "", false, tokenFailure(ctx, g, refresh, err)
	}
	kept.token = got
	return got.AccessToken, true, nil
}

// forget makes the next access get a new token, unless that has happened since.
func (t *tokens) forget(ctx context.Context, g *grant, refused string) {
	kept, release, err := t.of(ctx, g)
	if err != nil {
		return
	}
	defer release()
	if kept.token != nil && kept.token.AccessToken == refused {
		kept.token = &oauth2.Token{RefreshToken: kept.token.RefreshToken}
	}
}

func (t *tokens) fetch(ctx context.Context, g *grant, refresh string) (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenPatience)
	defer cancel()
	client := t.client
	if client == nil {
		client = &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}}
	}
	// A redirect would carry the secrets elsewhere.
	plain := *client
	plain.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ctx = context.WithValue(ctx, oauth2.HTTPClient, &plain)
	return g.config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh}).Token()
}

// tokenFailure is the failure of getting a token, without what the endpoint says
// beyond the error code of RFC 6749 section 5.2 and its description.
func tokenFailure(ctx context.Context, g *grant, refresh string, err error) *transaction.Error {
	failure := &transaction.Error{
		Kind:  transaction.KindAuth,
		Doing: fmt.Sprintf("get an access token for profile %q from %s", g.profile, g.config.Endpoint.TokenURL),
	}
	var refused *oauth2.RetrieveError
	var network net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		failure.Kind, failure.Err = transaction.KindCancelled, transaction.WhyEnded(ctx)
		return failure
	case ctx.Err() != nil:
		failure.Kind, failure.Temporary, failure.Err = transaction.KindTimeout, true, transaction.WhyEnded(ctx)
		return failure
	case errors.As(err, &refused) && refused.Response != nil:
		status := refused.Response.StatusCode
		failure.Temporary = status >= 500 || status == http.StatusTooManyRequests
		text := strings.TrimSpace(refused.ErrorCode + " " + refused.ErrorDescription)
		err = fmt.Errorf("status %d %s", status, text)
	case errors.As(err, &network), errors.Is(err, context.DeadlineExceeded):
		failure.Temporary = true
	}
	text := transaction.Printable(err.Error())
	for _, secret := range []string{refresh, g.refresh, g.config.ClientSecret} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
			text = strings.ReplaceAll(text, url.QueryEscape(secret), "***")
		}
	}
	failure.Err = errors.New(strings.TrimSpace(text))
	return failure
}
