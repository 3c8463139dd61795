package email_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

var faultsOfConnecting = []faultRow{
	{server: "is down: the connection is refused", down: true, want: failed(email.KindConnection, 0, true, 1, "connection refused")},
	{server: "is down: the connection is refused", settings: `retryCount: 2`, down: true, want: failed(email.KindConnection, 0, true, 3, "(3 attempts)")},
	{server: "says nothing", options: faults(mailtest.Stall(mailtest.StageConnect)), timeouts: brief, want: failed(runtime.KindTimeout, 0, true, 1, "no sign of life")},
	{server: "says nothing, once", settings: `retryCount: 1`, scripts: []script{{"connect": silence}, good}, timeouts: short, want: sentAfter(2)},
	{server: "is busy: 421 as its greeting", options: faults(mailtest.Refuse(mailtest.StageConnect, 421, "4.3.2", "too many connections")),
		want: failed(email.KindSMTP, 421, true, 1, "421 4.3.2 too many connections")},
	{server: "is busy, once", settings: `retryCount: 1`, options: faults(mailtest.Refuse(mailtest.StageConnect, 421, "4.3.2", "busy").First(1)), want: sentAfter(2)},
	{server: "wants no mail: 554 as its greeting", settings: `retryCount: 3`, options: faults(mailtest.Refuse(mailtest.StageConnect, 554, "5.7.1", "no")),
		want: failed(email.KindSMTP, 554, false, 1)},
	{server: "is none for mail", settings: `retryCount: 3`, scripts: []script{{"connect": hangUp("HTTP/1.1 400 Bad Request")}},
		want: failed(email.KindSMTP, 0, false, 1, "does not speak SMTP", "HTTP/1.1 400 Bad Request")},
	{server: "cuts the connection at EHLO, once", settings: `retryCount: 1`, scripts: []script{{"EHLO": hangUp(), "HELO": hangUp()}, good}, want: sentAfter(2)},
	{server: "is silent at EHLO", options: faults(mailtest.Stall(mailtest.StageEHLO)), timeouts: brief, want: failed(runtime.KindTimeout, 0, true, 1)},
	{server: "does not know EHLO, but HELO", scripts: []script{{"EHLO": say("502 what")}}, want: fault{state: email.StateSent, attempts: 1, got: one, commands: []string{"HELO [127.0.0.1]"}}},
	{server: "refuses EHLO and HELO", settings: `retryCount: 3`, scripts: []script{{"EHLO": say("550 not you"), "HELO": say("550 not you")}}, want: failed(email.KindSMTP, 550, false, 1)},
	{server: "does not offer STARTTLS", settings: `retryCount: 3`, options: []mailtest.Option{mailtest.WithoutExtension("STARTTLS"), mailtest.WithPlaintextAuth()}, adjust: withUser,
		want: fault{state: email.StateFailed, kind: email.KindTLS, attempts: 1, says: []string{"does not offer STARTTLS"}, never: []string{"AUTH", "MAIL"}}},
	{server: "refuses STARTTLS for now, once: 454", settings: `retryCount: 1`, options: faults(mailtest.Refuse(mailtest.StageSTARTTLS, 454, "4.7.0", "not now").First(1)), want: sentAfter(2)},
	{server: "refuses STARTTLS for good: 554", settings: `retryCount: 3`, options: faults(mailtest.Refuse(mailtest.StageSTARTTLS, 554, "5.7.0", "no")),
		want: fault{state: email.StateFailed, kind: email.KindSMTP, code: 554, attempts: 1, never: []string{"MAIL"}}},
	{server: "is silent at STARTTLS", options: faults(mailtest.Stall(mailtest.StageSTARTTLS)), timeouts: brief, want: failed(runtime.KindTimeout, 0, true, 1)},
	{server: "does not encrypt after STARTTLS", settings: `retryCount: 3`, extensions: []string{"STARTTLS"}, tls: email.TLSStartTLS,
		scripts: []script{{"STARTTLS": hangUp("220 go ahead", "250 what now")}},
		want:    fault{state: email.StateFailed, kind: email.KindConnection, temporary: true, attempts: 4, never: []string{"MAIL"}}},
	{server: "answers the beginning of the encryption in plain text", settings: `retryCount: 3`, extensions: []string{"STARTTLS"}, tls: email.TLSStartTLS,
		scripts: []script{{"STARTTLS": plainAfterHello}},
		want:    fault{state: email.StateFailed, kind: email.KindTLS, attempts: 1, never: []string{"MAIL"}}},
	{server: "has a certificate for another name", settings: `retryCount: 3`, options: []mailtest.Option{mailtest.WithNames("other.example")},
		want: failed(email.KindTLS, 0, false, 1, "certificate")},
	{server: "has a certificate that is out of date", settings: `retryCount: 3`, tls: email.TLSStartTLS, extensions: []string{"STARTTLS"}, adjust: trust(expired),
		scripts: []script{{"STARTTLS": encrypt(expired, "220 go ahead\r\n")}}, want: failed(email.KindTLS, 0, false, 1, "expired")},
	{server: "has a certificate that it signed itself", settings: `retryCount: 3`, tls: email.TLSStartTLS, extensions: []string{"STARTTLS"},
		scripts: []script{{"STARTTLS": encrypt(ownSigned, "220 go ahead\r\n")}}, want: failed(email.KindTLS, 0, false, 1, "certificate")},
	{server: "gives replies before the encryption that are meant to pass for later ones", tls: email.TLSStartTLS, extensions: []string{"STARTTLS"}, adjust: trust(ownSigned),
		scripts: []script{{"STARTTLS": encrypt(ownSigned, "220 go ahead\r\n250-strict.example\r\n250-AUTH PLAIN\r\n250 SIZE 1\r\n")}}, want: sentAfter(1)},
	{server: "refuses user and password: AUTH 535", settings: `retryCount: 3`, options: []mailtest.Option{mailtest.WithCredentials("ann", "another")}, adjust: withUser,
		want: failed(email.KindAuth, 535, false, 1)},
	{server: "cannot check the password for now, once: AUTH 454", settings: `retryCount: 1`, options: faults(mailtest.Refuse(mailtest.StageAUTH, 454, "4.7.0", "not now").First(1)), adjust: withUser,
		want: sentAfter(2)},
	{server: "is silent at AUTH", options: faults(mailtest.Stall(mailtest.StageAUTH)), adjust: withUser, timeouts: brief, want: failed(runtime.KindTimeout, 0, true, 1)},
	{server: "offers no AUTH, and there is a user", settings: `retryCount: 3`, options: []mailtest.Option{mailtest.WithoutExtension("AUTH")}, adjust: withUser,
		want: failed(email.KindAuth, 0, false, 1, "offers no AUTH")},
	{server: "knows no way of AUTH that the client knows", settings: `retryCount: 3`, scripts: []script{good}, extensions: []string{"AUTH GSSAPI NTLM"}, adjust: withUser,
		want: fault{state: email.StateFailed, kind: email.KindAuth, attempts: 1, says: []string{"the server offers GSSAPI NTLM"}, never: []string{"AUTH"}}},
}

var (
	ownSigned = ownCertificate(time.Now().Add(time.Hour))
	expired   = ownCertificate(time.Now().Add(-time.Hour))
)

// ownCertificate is a certificate for 127.0.0.1 that is signed by its own key.
func ownCertificate(until time.Time) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// trust has the host take the certificate for an authority.
func trust(certificate tls.Certificate) func(*email.Config) {
	return func(config *email.Config) {
		config.Server.RootCAs = x509.NewCertPool()
		config.Server.RootCAs.AddCert(certificate.Leaf)
	}
}

// encrypt answers STARTTLS with these bytes in one piece, then begins TLS. From
// then on STARTTLS is no longer offered, nor anything else.
func encrypt(certificate tls.Certificate, answer string) move {
	return func(s *strictSession) bool { return sayRaw(answer)(s) && s.startTLS(certificate) }
}

// plainAfterHello lets the client begin the handshake and goes on in plain text.
func plainAfterHello(s *strictSession) bool {
	if !s.reply("220 go ahead") {
		return false
	}
	s.readByte()
	return s.reply("500 what is this") && silence(s)
}
