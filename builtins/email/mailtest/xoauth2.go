package mailtest

import (
	"errors"
	"strings"

	"github.com/emersion/go-smtp"
)

// xoauth2 is the mechanism that takes OAuth 2.0 access tokens at the large mail
// providers.
const xoauth2 = "XOAUTH2"

// xoauth2Server is the server's side of AUTH XOAUTH2. A token counts as the
// user's password.
type xoauth2Server struct {
	authenticate func(user, password string) error
	refused      bool
}

// Next implements [sasl.Server]. A token that is refused gets its reason as a
// challenge, and the refusal when the client has answered it.
func (x *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case x.refused:
		return nil, true, smtp.ErrAuthFailed
	case response == nil:
		return []byte{}, false, nil
	}
	user, token, ok := xoauth2Credentials(string(response))
	if !ok {
		return nil, true, errors.New("malformed XOAUTH2 response")
	}
	if err := x.authenticate(user, token); err != nil {
		x.refused = true
		return []byte(`{"status":"401","schemes":"bearer"}`), false, nil
	}
	return nil, true, nil
}

// xoauth2Credentials reads `user=USER^Aauth=Bearer TOKEN^A^A`.
func xoauth2Credentials(response string) (user, token string, ok bool) {
	response, ended := strings.CutSuffix(response, "\x01\x01")
	first, second, parted := strings.Cut(response, "\x01")
	user, hasUser := strings.CutPrefix(first, "user=")
	token, hasToken := strings.CutPrefix(second, "auth=Bearer ")
	return user, token, ended && parted && hasUser && hasToken
}
