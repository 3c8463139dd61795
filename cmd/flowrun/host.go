package main

import (
	"fmt"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/log"
	"flowrun/runtime"
)

// The environment variables of the command.
const (
	envServer       = "FLOWRUN_SMTP"
	envPassword     = "FLOWRUN_SMTP_PASSWORD"
	envFrom         = "FLOWRUN_FROM"
	envSecretPrefix = "FLOWRUN_SECRET_"
)

// newEngine makes an engine with the standard components.
func newEngine(mail email.Config, sink log.Sink, secrets func(string) (string, error)) (*runtime.Engine, error) {
	return runtime.New(
		runtime.WithComponents(builtins.Standard(builtins.Config{Email: mail, Log: log.Config{Sink: sink}})...),
		runtime.WithSecrets(secrets),
	)
}

// realHost makes the engine that sends to real servers. Its errors are wrong
// usage.
func (s *session) realHost(o runOptions, sink log.Sink) (*runtime.Engine, error) {
	from, err := s.sender(o.from)
	if err != nil {
		return nil, err
	}
	server, err := s.server(o.server)
	if err != nil {
		return nil, err
	}
	return newEngine(email.Config{PrivateAddresses: true, From: from, Server: server}, sink, s.secret)
}

// sandboxHost makes the engine that sends to the sandbox. Its errors are wrong
// usage.
func (s *session) sandboxHost(o runOptions, box *sandbox, sink log.Sink) (*runtime.Engine, error) {
	from, err := s.sender(o.from)
	if err != nil {
		return nil, err
	}
	return newEngine(email.Config{PrivateAddresses: true, From: from, Redirect: box.redirect()}, sink, s.sandboxSecret)
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
