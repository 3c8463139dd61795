// Package mail compares ways to send mail from a Go program: one file a client,
// and the servers that they send to.
package mail

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"strconv"
)

// Client is one of those that are compared.
type Client interface {
	// Name is what tables call it.
	Name() string
	// Module is the Go module that it comes from; "" for Go's own library and for
	// programs.
	Module() string
	// Open gets ready to send to a server.
	Open(Server) (Outbox, error)
}

// Outbox sends mails as a client's users would.
type Outbox interface {
	// Send sends the letters, a mail each, and returns when the server has taken
	// them all.
	Send(letters []Letter) error
	Close() error
}

// Attacher is a client that sends files.
type Attacher interface {
	Client
	// Stock puts files where the client takes them from and gives what it calls
	// them. folder is an empty one for the client's own use.
	Stock(folder string, files []string) (attachments []string, err error)
	// SendFiles sends a letter with each attachment, all of them at the same time.
	SendFiles(to Server, folder string, attachments []string) error
}

// Clients are those that can do plain text and STARTTLS. flowrun, against which the
// others are measured, is the first.
func Clients() []Client {
	return []Client{Flowrun{AtOnce: 1}, Flowrun{AtOnce: 4}, Gomail{}, Gomail{OneConnection: true}, GoMail{}, GoMail{OneConnection: true}, NetSMTP{}}
}

// PlainClients are those that can do plain text: Clients, and postfix's smtp-source
// where there is one.
func PlainClients() []Client {
	all := Clients()
	if source, ok := FindSMTPSource(); ok {
		kept := source
		kept.KeepConnections = true
		all = append(all, source, kept)
	}
	return all
}

// Attachers are the clients of Clients that send files.
func Attachers() []Attacher { return []Attacher{Flowrun{AtOnce: 1}, Gomail{}, GoMail{}} }

// Server is where a client sends to.
type Server struct {
	Host string
	Port int
	// Roots are PEM certificates that verify the server's by STARTTLS; "" for plain
	// text.
	Roots string
}

func (s Server) address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

func (s Server) encrypted() bool { return s.Roots != "" }

func (s Server) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.Roots))
	return pool
}

func (s Server) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.pool()}
}
