package transaction_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

// refused connects, which must fail, and returns the failure.
func refused(t *testing.T, server transaction.Server) *transaction.Error {
	t.Helper()
	session, err := transaction.Connect(soon(t), server)
	if err == nil {
		session.Close()
		t.Fatal("connected")
	}
	return failure(t, err)
}

func TestMissingSTARTTLSIsPermanent(t *testing.T) {
	got := refused(t, over(start(t, mailtest.WithoutExtension("STARTTLS"))))
	if got.Kind != transaction.KindTLS || got.Temporary || !errors.Is(got, transaction.ErrNoSTARTTLS) {
		t.Errorf("error: %+v", got)
	}
}

func TestStrippedSTARTTLSShowsNoPassword(t *testing.T) {
	for _, mode := range []transaction.TLSMode{transaction.STARTTLS, transaction.Opportunistic} {
		sandbox := start(t, mailtest.WithoutExtension("STARTTLS"), mailtest.WithPlaintextAuth())
		server := over(sandbox)
		server.TLS, server.User, server.Password = mode, "ann", "secret"
		if got := refused(t, server); got.Temporary {
			t.Errorf("%s: %+v", mode, got)
		}
		for _, line := range lines(t, sandbox) {
			if strings.HasPrefix(line, "AUTH") {
				t.Errorf("%s: sent %q", mode, line)
			}
		}
	}
}

func TestSTARTTLSWithoutAHandshakeIsATLSFailure(t *testing.T) {
	server, _ := play(t, func(s *scripted) {
		s.greet("STARTTLS")
		s.answer("220 go ahead")
		s.in.ReadByte()
		s.say("500 what is this")
	})
	server.TLS = transaction.STARTTLS
	got := refused(t, server)
	if got.Kind != transaction.KindTLS || got.Temporary {
		t.Errorf("error: %+v", got)
	}
}

func TestUnknownAuthorityIsPermanent(t *testing.T) {
	for _, mode := range []transaction.TLSMode{transaction.STARTTLS, transaction.Implicit, transaction.Opportunistic} {
		sandbox := start(t)
		server := over(sandbox)
		server.TLS, server.RootCAs = mode, start(t).CertPool()
		if mode == transaction.Implicit {
			server.Port = sandbox.TLSPort()
		}
		if got := refused(t, server); got.Kind != transaction.KindTLS || got.Temporary || !strings.Contains(got.Error(), "certificate") {
			t.Errorf("%s: %+v", mode, got)
		}
	}
}

func TestCertificateForAnotherHostIsPermanent(t *testing.T) {
	got := refused(t, over(start(t, mailtest.WithNames("other.example"))))
	if got.Kind != transaction.KindTLS || got.Temporary {
		t.Errorf("error: %+v", got)
	}
}

func TestOldTLSIsPermanent(t *testing.T) {
	got := refused(t, over(start(t, mailtest.WithTLSConfig(func(config *tls.Config) {
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	}))))
	if got.Kind != transaction.KindTLS || got.Temporary {
		t.Errorf("error: %+v", got)
	}
}

func TestTLS12IsEnough(t *testing.T) {
	result := send(t, over(start(t, mailtest.WithTLSConfig(func(config *tls.Config) {
		config.MaxVersion = tls.VersionTLS12
	}))), to("bob@b.example"), letter)
	if result.TLS != "TLS 1.2" || result.State != transaction.Sent {
		t.Errorf("result: %+v", result)
	}
}

func TestImplicitTLSOnAPlainPortIsPermanent(t *testing.T) {
	server := over(start(t))
	server.TLS = transaction.Implicit
	if got := refused(t, server); got.Kind != transaction.KindTLS || got.Temporary {
		t.Errorf("error: %+v", got)
	}
}

func TestWrongPasswordIsPermanentAndNotShown(t *testing.T) {
	server := over(start(t, mailtest.WithCredentials("ann", "right")))
	server.User, server.Password = "ann", "hunter2"
	got := refused(t, server)
	if got.Kind != transaction.KindAuth || got.Reply.Code != 535 || got.Reply.Enhanced != "5.7.8" || got.Temporary {
		t.Errorf("error: %+v", got)
	}
	if text := fmt.Sprintf("%v %+v %#v %v %+v %#v", got, got, got, server, server, server); strings.Contains(text, "hunter2") {
		t.Errorf("password in %s", text)
	}
}

func TestPasswordEchoedByTheServerIsNotShown(t *testing.T) {
	server, _ := play(t, func(s *scripted) {
		s.greet("AUTH PLAIN")
		line := s.hear()
		decoded, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(line, "AUTH PLAIN "))
		s.say("535 you said " + line + " which is " + strings.ReplaceAll(string(decoded), "\x00", " "))
	})
	server.User, server.Password = "ann", "hunter2"
	got := refused(t, server)
	text := fmt.Sprintf("%v %+v", got, got.Reply)
	for _, secret := range []string{"hunter2", base64.StdEncoding.EncodeToString([]byte("\x00ann\x00hunter2"))} {
		if strings.Contains(text, secret) {
			t.Errorf("%q in %s", secret, text)
		}
	}
}

func TestLoginIsUsedWherePlainIsNotOffered(t *testing.T) {
	heard := make(chan string, 3)
	server, _ := play(t, func(s *scripted) {
		s.greet("AUTH LOGIN")
		heard <- s.hear()
		s.say("334 VXNlcm5hbWU6")
		heard <- s.hear()
		s.say("334 UGFzc3dvcmQ6")
		heard <- s.hear()
		s.say("235 welcome")
	})
	server.User, server.Password = "ann", "secret"
	session, err := transaction.Connect(soon(t), server)
	if err != nil {
		t.Fatal(err)
	}
	session.Close()
	if got := []string{<-heard, <-heard, <-heard}; !slices.Equal(got, []string{"AUTH LOGIN", "YW5u", "c2VjcmV0"}) {
		t.Errorf("heard %q", got)
	}
}

func TestChallengeResponseIsPreferredToShowingThePassword(t *testing.T) {
	heard := make(chan string, 1)
	server, _ := play(t, func(s *scripted) {
		s.greet("AUTH PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS")
		heard <- s.hear()
		s.say("535 no")
	})
	server.User, server.Password = "ann", "secret"
	refused(t, server)
	if got := <-heard; !strings.HasPrefix(got, "AUTH SCRAM-SHA-256") || strings.Contains(got, "PLUS") {
		t.Errorf("heard %q", got)
	}
}

func TestPasswordDoesNotGoUnencryptedToPublicAddresses(t *testing.T) {
	server, rest := play(t, func(s *scripted) { s.greet("AUTH PLAIN LOGIN") })
	server.User, server.Password = "ann", "secret"
	server.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, network, address)
		return publicConn{conn}, err
	}
	if got := refused(t, server); got.Kind != transaction.KindAuth || got.Temporary || !strings.Contains(got.Error(), "TLS") {
		t.Errorf("error: %+v", got)
	}
	if said := <-rest; said != "" {
		t.Errorf("sent %q", said)
	}
}

// publicConn claims to lead to a public address.
type publicConn struct{ net.Conn }

func (publicConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 25} }

func TestUserWithoutOfferedAuthIsPermanent(t *testing.T) {
	server := over(start(t, mailtest.WithoutExtension("AUTH")))
	server.User, server.Password = "ann", "secret"
	if got := refused(t, server); got.Kind != transaction.KindAuth || got.Temporary {
		t.Errorf("error: %+v", got)
	}
}

func TestRefusedConnectionIsTemporary(t *testing.T) {
	sandbox := start(t)
	server := over(sandbox)
	sandbox.Close()
	if got := refused(t, server); got.Kind != transaction.KindConnection || !got.Temporary {
		t.Errorf("error: %+v", got)
	}
}

func TestForbiddenAddressIsNotConnectedTo(t *testing.T) {
	forbidden := errors.New("private addresses are not granted")
	sandbox := start(t)
	for _, dial := range []func(context.Context, string, string) (net.Conn, error){nil, new(net.Dialer).DialContext} {
		server := over(sandbox)
		server.Host, server.Dial = "localhost", dial
		var judged []netip.Addr
		server.AllowAddress = func(address netip.Addr) error {
			judged = append(judged, address)
			if address.IsLoopback() {
				return forbidden
			}
			return nil
		}
		if got := refused(t, server); got.Kind != transaction.KindForbidden || got.Temporary || !errors.Is(got, forbidden) {
			t.Errorf("error: %+v", got)
		}
		if len(judged) == 0 || judged[len(judged)-1] != netip.MustParseAddr("127.0.0.1") && judged[len(judged)-1] != netip.IPv6Loopback() {
			t.Errorf("judged %v", judged)
		}
	}
	if got := lines(t, sandbox); len(got) != 0 {
		t.Errorf("sent %q", got)
	}
}

func TestServerThatSpeaksNoSMTPIsPermanent(t *testing.T) {
	for _, greeting := range []string{"HTTP/1.1 400 Bad Request", "SSH-2.0-OpenSSH_9.6", "+OK POP3 ready", "* OK IMAP4rev1", "100 hello", "600-hello"} {
		server, _ := play(t, func(s *scripted) { s.say(greeting) })
		got := refused(t, server)
		if got.Kind != transaction.KindReply || got.Temporary || !strings.Contains(got.Error(), `the server does not speak SMTP: it said "`+greeting+`"`) {
			t.Errorf("error: %+v", got)
		}
	}
}

func TestPasswordGoesOverImplicitTLS(t *testing.T) {
	sandbox := start(t)
	server := over(sandbox)
	server.TLS, server.Port, server.User, server.Password = transaction.Implicit, sandbox.TLSPort(), "ann", "secret"
	if result := send(t, server, to("bob@b.example"), letter); result.State != transaction.Sent || result.TLS != "TLS 1.3" {
		t.Errorf("result: %+v", result)
	}
}

func TestSilentServerIsATemporaryTimeout(t *testing.T) {
	for want, timeouts := range map[string]transaction.Timeouts{
		": no sign of life from the server in time": {Command: 50 * time.Millisecond},
		": not done within the time limit":          {Connect: 50 * time.Millisecond},
	} {
		server, _ := play(t, func(*scripted) {})
		server.Timeouts = timeouts
		if got := refused(t, server); got.Kind != transaction.KindTimeout || !got.Temporary || !strings.HasSuffix(got.Error(), want) {
			t.Errorf("%+v: %+v", timeouts, got)
		}
	}
}

func TestBadGreetingNameConnectsToNothing(t *testing.T) {
	sandbox := start(t)
	server := over(sandbox)
	server.HELO = "x\r\nMAIL FROM:<>"
	if got := refused(t, server); got.Kind != transaction.KindLocal || sandbox.Connections() != 0 {
		t.Errorf("error: %+v", got)
	}
}

func TestPortFollowsTheTLSMode(t *testing.T) {
	for mode, want := range map[transaction.TLSMode]string{
		"": "m.example:587", transaction.STARTTLS: "m.example:587", transaction.Opportunistic: "m.example:587",
		transaction.Implicit: "m.example:465", transaction.Off: "m.example:25",
	} {
		if got := (transaction.Server{Host: "m.example", TLS: mode}).Address(); got != want {
			t.Errorf("%s: %s", mode, got)
		}
	}
	if got := (transaction.Server{Host: "m.example", Port: 25}).Address(); got != "m.example:25" {
		t.Errorf("explicit port 25 became %s", got)
	}
}

func TestPasswordThatTheServerRepeatsLaterIsNotShown(t *testing.T) {
	for _, answer := range []string{"550 hunter2 may not send", "nonsense of hunter2"} {
		server, _ := play(t, func(s *scripted) {
			s.greet("AUTH PLAIN")
			s.answer("235 welcome", answer)
		})
		server.User, server.Password = "ann", "hunter2"
		result := send(t, server, to("bob@b.example"), letter)
		if text := fmt.Sprintf("%+v %v", result, result.Err); result.State != transaction.Failed || strings.Contains(text, "hunter2") || !strings.Contains(text, "***") {
			t.Errorf("result: %s", text)
		}
	}
}
