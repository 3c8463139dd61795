package email

import (
	"context"
	"errors"
)

// Findings are what a session with a server showed.
type Findings struct {
	Server     string   // such as "smtp://ann@mail.example.com:587"
	TLS        string   // "TLS 1.3", or "" without encryption
	Auth       string   // the mechanism that let the user in, such as "PLAIN", or ""
	Extensions []string // the keywords of EHLO with their parameters, sorted
	MaxSize    int64    // bytes of a message that the server takes; 0 when it does not say
}

// Probe connects to the server of a profile, authenticates and leaves again,
// without sending anything.
func Probe(ctx context.Context, config Config, profile Profile) (Findings, error) {
	return Findings{}, errors.New("not there yet")
}
