// Package mailtest is an SMTP server for tests and dry runs: it listens on
// 127.0.0.1, captures what it is sent and delivers nothing.
//
// A server offers STARTTLS under a throw-away certificate authority of its own
// (and a second, implicit-TLS port), AUTH PLAIN and LOGIN, SIZE, 8BITMIME,
// SMTPUTF8, PIPELINING and enhanced status codes, each of which a test can take
// away. It misbehaves on request: a [Fault] refuses a recipient, answers any
// stage of the session with any reply, cuts the connection or goes silent, as
// often as wanted.
//
//	server, err := mailtest.Start(mailtest.WithCredentials("ann", "secret"))
//	…
//	defer server.Close()
//	// send to server.Host(), server.Port(), trusting server.CertPool()
//	mails, err := server.WaitFor(ctx, 1)
//	message, err := mails[0].Parse()
//
// A Server is safe for concurrent use. Servers share nothing, so that tests may
// run in parallel.
package mailtest
