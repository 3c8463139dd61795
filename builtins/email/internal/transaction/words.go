package transaction

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// inWords tells an error of the network or of TLS as people would, and what to do
// where that is known. An error that it does not know tells itself.
func inWords(err error) string {
	var dns *net.DNSError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var certificate x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var network net.Error
	var over *ended
	var interrupted *interruptedError
	switch {
	case errors.As(err, &over):
		return over.Error()
	case errors.As(err, &interrupted):
		return inWords(interrupted.cause) + ", after " + quoted(interrupted.said)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("there is no host of the name %s", dns.Name)
	case errors.As(err, &dns):
		return fmt.Sprintf("the address of %s could not be looked up", dns.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens at this port: connection refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to this address in the network"
	case errors.As(err, &authority):
		return "the server's certificate is of an authority that is not trusted here; a private authority belongs into a profile"
	case errors.As(err, &name):
		return fmt.Sprintf("the server's certificate is not for %s: %s", name.Host, withoutLabel(name.Error()))
	case errors.As(err, &certificate) && certificate.Reason == x509.Expired:
		return "the server's certificate has expired or is not valid yet: " + withoutLabel(certificate.Error())
	case errors.As(err, &record):
		return "the server does not begin with TLS at this port; with STARTTLS, as on port 587, write tls: \"starttls\""
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the server closed the connection"
	case errors.Is(err, context.DeadlineExceeded):
		return "not done within the time limit"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "no sign of life from the server in time"
	}
	return err.Error()
}

// withoutLabel takes the package's name from an error of crypto/x509.
func withoutLabel(text string) string { return strings.TrimPrefix(text, "x509: ") }
