package mailtest

import (
	"crypto/tls"
	"strings"
)

// Option changes what a server offers; see [Start].
type Option func(*settings)

type settings struct {
	names             []string
	anyName           bool
	credentials       map[string]string
	authRequired      bool
	plaintextAuth     bool
	maxSize           int64
	storage           int
	missingExtensions map[string]bool
	adjustTLS         func(*tls.Config)
	faults            []Fault
	receive           func(Mail)
}

func defaultSettings() *settings {
	return &settings{
		names:             []string{"localhost", "127.0.0.1", "::1"},
		maxSize:           50 << 20,
		storage:           256 << 20,
		missingExtensions: map[string]bool{},
	}
}

// WithNames makes the server's certificate valid for these host names and IP
// addresses and for no others. Default: localhost, 127.0.0.1 and ::1.
func WithNames(names ...string) Option {
	return func(s *settings) { s.names = names }
}

// WithAnyName makes the server answer each TLS client with a certificate for
// the name the client asks for (SNI, RFC 6066 section 3), beside those of
// [WithNames]. With it one server stands for every mail server there is.
func WithAnyName() Option {
	return func(s *settings) { s.anyName = true }
}

// WithCredentials lets in this user with this password, or with it as an access
// token by XOAUTH2, and no one else; it may be given several times. Without it every user and password is accepted.
func WithCredentials(user, password string) Option {
	return func(s *settings) {
		if s.credentials == nil {
			s.credentials = map[string]string{}
		}
		s.credentials[user] = password
	}
}

// WithAuthRequired refuses MAIL with 530 5.7.0 before a successful AUTH
// (RFC 4954 section 6).
func WithAuthRequired() Option {
	return func(s *settings) { s.authRequired = true }
}

// WithPlaintextAuth offers AUTH on an unencrypted connection as well. Without it
// AUTH is offered under TLS only.
func WithPlaintextAuth() Option {
	return func(s *settings) { s.plaintextAuth = true }
}

// WithMaxSize sets the largest message in bytes, announced as SIZE (RFC 1870).
// Default: 50 MiB.
func WithMaxSize(bytes int64) Option {
	return func(s *settings) { s.maxSize = bytes }
}

// WithStorage sets how many bytes of mail the server keeps in memory; what comes
// then it refuses with 452 4.3.1. Default: 256 MiB.
func WithStorage(bytes int) Option {
	return func(s *settings) { s.storage = bytes }
}

// WithoutExtension keeps these EHLO keywords from being offered: "PIPELINING",
// "8BITMIME", "SMTPUTF8", "SIZE", "STARTTLS", "AUTH", "ENHANCEDSTATUSCODES".
func WithoutExtension(keywords ...string) Option {
	return func(s *settings) {
		for _, keyword := range keywords {
			s.missingExtensions[strings.ToUpper(keyword)] = true
		}
	}
}

// WithTLSConfig lets adjust change the server's TLS configuration, for instance
// its highest version or its certificate.
func WithTLSConfig(adjust func(*tls.Config)) Option {
	return func(s *settings) { s.adjustTLS = adjust }
}

// WithFaults starts the server with this script; see [Server.Script].
func WithFaults(faults ...Fault) Option {
	return func(s *settings) { s.faults = append(s.faults, faults...) }
}

// WithReceiver hands every mail that the server acknowledges to receive, before
// the acknowledgement, and keeps neither mails nor command lines, so that any
// number may come. Several sessions call receive at the same time.
func WithReceiver(receive func(Mail)) Option {
	return func(s *settings) { s.receive = receive }
}
