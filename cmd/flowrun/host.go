package main

import (
	"context"
	"fmt"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/log"
	"flowrun/runtime"
	"flowrun/sandbox"
	"flowrun/store"
)

// The environment variables of the command.
const (
	envServer       = "FLOWRUN_SMTP"
	envPassword     = "FLOWRUN_SMTP_PASSWORD"
	envFrom         = "FLOWRUN_FROM"
	envStore        = "FLOWRUN_STORE"
	envHistory      = "FLOWRUN_HISTORY"
	envSecretPrefix = "FLOWRUN_SECRET_"
)

// newEngine makes an engine with the standard components.
func newEngine(mail email.Config, sink log.Sink, secrets func(string) (string, error)) (*runtime.Engine, error) {
	return runtime.New(
		runtime.WithComponents(builtins.Standard(builtins.Config{Email: mail, Log: log.Config{Sink: sink}})...),
		runtime.WithSecrets(secrets),
	)
}

// flowHost is what the run of a flow needs of its surroundings.
type flowHost struct {
	box   *sandbox.Sandbox // nil outside the sandbox
	store *store.Lazy
	pool  *email.Pool
	log   log.Sink
	warn  func(context.Context, string)
}

// openHost prepares the surroundings of a run.
func (s *session) openHost(ctx context.Context, o runOptions, r *report) (*flowHost, error) {
	host := &flowHost{pool: email.NewPool(email.PoolLimits{}), log: r.log, warn: r.warn}
	if !o.sandbox {
		host.store = lazyStore(s.storePlace(o.store))
		return host, nil
	}
	box, err := sandbox.Open()
	if err != nil {
		return nil, err
	}
	if err := fillSandbox(ctx, box, r.flow.file); err != nil {
		box.Close()
		return nil, err
	}
	host.box, host.store = box, box.Store
	return host, nil
}

func (h *flowHost) close() error {
	h.pool.Close()
	if h.box != nil {
		return h.box.Close()
	}
	return h.store.Close()
}

// engine makes the engine of a run: one that sends to real servers, or to the
// sandbox. Its errors are wrong usage.
func (s *session) engine(o runOptions, host *flowHost) (*runtime.Engine, error) {
	mail := email.Config{
		PrivateAddresses: true,
		Store:            host.store,
		Resolve:          email.ReferencesOf(s.env),
		Warn:             host.warn,
		Pool:             host.pool,
	}
	secrets := s.secret
	var err error
	if mail.From, err = s.sender(o.from); err != nil {
		return nil, err
	}
	if host.box != nil {
		mail.Redirect = host.box.Redirect()
		mail.Resolve = host.box.Resolver(mail.Resolve)
		secrets = s.sandboxSecret
	} else if mail.Server, err = s.server(o.server); err != nil {
		return nil, err
	}
	return newEngine(mail, host.log, secrets)
}

// given is a flag's value or else the environment's, with the name of where it
// comes from.
func (s *session) given(flag, value, variable string) (string, string) {
	if value != "" {
		return value, flag
	}
	return s.variable(variable), variable
}

func (s *session) sender(flag string) (email.Address, error) {
	text, origin := s.given("--from", flag, envFrom)
	if text == "" {
		return email.Address{}, nil
	}
	address, err := email.ParseAddress(text)
	if err != nil {
		return email.Address{}, usagef("%s: %w", origin, err)
	}
	return address, nil
}

// server is the mail server of the invocation, nil when none is given.
func (s *session) server(flag string) (*email.ServerConfig, error) {
	text, origin := s.given("--smtp", flag, envServer)
	if text == "" {
		return nil, nil
	}
	server, err := email.ParseServerURL(text)
	if err != nil {
		return nil, usagef("%s: %w", origin, err)
	}
	if server.User != "" {
		if server.Password = s.variable(envPassword); server.Password == "" {
			return nil, usagef("%s names the user %s, but %s is not set", origin, server.User, envPassword)
		}
	}
	return &server, nil
}

// secret resolves secret("NAME") from the environment.
func (s *session) secret(name string) (string, error) {
	text, set := s.env(envSecretPrefix + name)
	if !set {
		return "", fmt.Errorf("the secret %q is not granted: set the environment variable %s%s", name, envSecretPrefix, name)
	}
	return text, nil
}

// sandboxSecret stands in for a secret that is not set: the sandbox takes every
// password.
func (s *session) sandboxSecret(name string) (string, error) {
	if text, err := s.secret(name); err == nil {
		return text, nil
	}
	return "sandbox", nil
}
