package transaction_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

const letter = "Subject: hello\r\n\r\nbody\r\n"

func start(t *testing.T, options ...mailtest.Option) *mailtest.Server {
	t.Helper()
	sandbox, err := mailtest.Start(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sandbox.Close() })
	return sandbox
}

// soon bounds what a test waits for.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// over returns how to reach the sandbox with STARTTLS.
func over(sandbox *mailtest.Server) transaction.Server {
	return transaction.Server{Host: sandbox.Host(), Port: sandbox.Port(), RootCAs: sandbox.CertPool()}
}

func spool(t *testing.T, content string) *transaction.Spool {
	t.Helper()
	spool, err := transaction.NewSpool(func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	}, transaction.SpoolOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { spool.Close() })
	return spool
}

func to(addresses ...string) transaction.Envelope {
	return transaction.Envelope{From: "ann@a.example", To: addresses}
}

func send(t *testing.T, server transaction.Server, envelope transaction.Envelope, content string) transaction.Result {
	t.Helper()
	return transaction.Send(soon(t), server, envelope, spool(t, content))
}

// failure returns the *Error of a result or an error.
func failure(t *testing.T, err error) *transaction.Error {
	t.Helper()
	var failure *transaction.Error
	if !errors.As(err, &failure) {
		t.Fatalf("error %v is no *transaction.Error", err)
	}
	return failure
}

// lines returns the commands the sandbox has seen once all sessions have ended.
func lines(t *testing.T, sandbox *mailtest.Server) []string {
	t.Helper()
	if err := sandbox.WaitForIdle(soon(t)); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, command := range sandbox.Commands() {
		lines = append(lines, command.Line)
	}
	return lines
}

func TestMessageIsSentOverVerifiedSTARTTLS(t *testing.T) {
	sandbox := start(t)
	result := send(t, over(sandbox), to("bob@b.example", "eve@b.example"), letter)
	if result.State != transaction.Sent || result.Err != nil || result.TLS != "TLS 1.3" || result.Reply.Code != 250 {
		t.Errorf("result: %+v", result)
	}
	if got := result.Accepted(); !slices.Equal(got, []string{"bob@b.example", "eve@b.example"}) {
		t.Errorf("accepted: %q", got)
	}
	mails := sandbox.Mails()
	if len(mails) != 1 || string(mails[0].Raw) != letter || mails[0].From != "ann@a.example" || mails[0].TLS != "TLS 1.3" {
		t.Errorf("captured: %+v", mails)
	}
}

func TestMessageIsSentOverImplicitTLS(t *testing.T) {
	sandbox := start(t, mailtest.WithAuthRequired(), mailtest.WithCredentials("ann", "secret"))
	server := over(sandbox)
	server.Port, server.TLS, server.User, server.Password = sandbox.TLSPort(), transaction.Implicit, "ann", "secret"
	result := send(t, server, to("bob@b.example"), letter)
	if result.State != transaction.Sent || result.TLS != "TLS 1.3" {
		t.Errorf("result: %+v", result)
	}
}

func TestMessageIsSentInPlainTextWhenAsked(t *testing.T) {
	sandbox := start(t)
	server := over(sandbox)
	server.TLS = transaction.Off
	result := send(t, server, to("bob@b.example"), letter)
	if result.State != transaction.Sent || result.TLS != "" || slices.Contains(lines(t, sandbox), "STARTTLS") {
		t.Errorf("result: %+v", result)
	}
}

func TestOpportunisticModeEncryptsWhereOffered(t *testing.T) {
	for version, sandbox := range map[string]*mailtest.Server{
		"TLS 1.3": start(t),
		"":        start(t, mailtest.WithoutExtension("STARTTLS")),
	} {
		server := over(sandbox)
		server.TLS = transaction.Opportunistic
		if result := send(t, server, to("bob@b.example"), letter); result.State != transaction.Sent || result.TLS != version {
			t.Errorf("want %q: %+v", version, result)
		}
	}
}

func TestMachineNameIsNotTold(t *testing.T) {
	sandbox := start(t)
	send(t, over(sandbox), to("bob@b.example"), letter)
	server := over(sandbox)
	server.HELO = "client.example"
	send(t, server, to("bob@b.example"), letter)
	got := slices.DeleteFunc(lines(t, sandbox), func(line string) bool { return !strings.HasPrefix(line, "EHLO") })
	want := []string{"EHLO [127.0.0.1]", "EHLO [127.0.0.1]", "EHLO client.example", "EHLO client.example"}
	if !slices.Equal(got, want) {
		t.Errorf("greetings: %q", got)
	}
}

func TestEnvelopeIsSentWithAndWithoutPipelining(t *testing.T) {
	for name, sandbox := range map[string]*mailtest.Server{
		"with":    start(t),
		"without": start(t, mailtest.WithoutExtension("PIPELINING")),
	} {
		t.Run(name, func(t *testing.T) {
			var many []string
			for i := range 120 {
				many = append(many, strings.Repeat("x", i+1)[i/2:]+"@b.example")
			}
			many = slices.Compact(many)
			result := send(t, over(sandbox), to(many...), letter)
			if result.State != transaction.Sent {
				t.Fatalf("result: %+v", result)
			}
			if got := sandbox.Mails()[0].To; !slices.Equal(got, many) {
				t.Errorf("recipients: %q", got)
			}
		})
	}
}

func TestDotsAtLineStartsSurvive(t *testing.T) {
	content := ".first\r\n..\r\n.\r\n\r\n.\r\nlast.\r\n" + strings.Repeat(".\r\n", 40_000)
	sandbox := start(t)
	if result := send(t, over(sandbox), to("bob@b.example"), content); result.State != transaction.Sent {
		t.Fatalf("result: %+v", result)
	}
	if got := string(sandbox.Mails()[0].Raw); got != content {
		t.Errorf("content of %d bytes became %d bytes", len(content), len(got))
	}
}

func TestBareLineEndsCannotEndTheMessage(t *testing.T) {
	sandbox := start(t)
	send(t, over(sandbox), to("bob@b.example"), "a\n.\nMAIL FROM:<evil@x.example>\r.\r\nb")
	mails := sandbox.Mails()
	if len(mails) != 1 || string(mails[0].Raw) != "a\r\n.\r\nMAIL FROM:<evil@x.example>\r\n.\r\nb\r\n" {
		t.Errorf("captured: %+v", mails)
	}
}

func TestNullSenderIsSent(t *testing.T) {
	sandbox := start(t)
	result := send(t, over(sandbox), transaction.Envelope{To: []string{"bob@b.example"}}, letter)
	if result.State != transaction.Sent || sandbox.Mails()[0].From != "" {
		t.Errorf("result: %+v", result)
	}
}

func TestSizeIsAnnounced(t *testing.T) {
	sandbox := start(t)
	send(t, over(sandbox), to("bob@b.example"), letter)
	if got := sandbox.Mails()[0].Size; got != int64(len(letter)) {
		t.Errorf("SIZE=%d", got)
	}
}

func TestServersSizeLimitIsHeededBeforeUploading(t *testing.T) {
	sandbox := start(t, mailtest.WithMaxSize(10))
	result := send(t, over(sandbox), to("bob@b.example"), letter)
	if got := failure(t, result.Err); result.State != transaction.Failed || got.Kind != transaction.KindSize || got.Temporary ||
		!errors.Is(got, transaction.ErrTooLarge) {
		t.Errorf("result: %+v", result)
	}
	for _, line := range lines(t, sandbox) {
		if strings.HasPrefix(line, "MAIL") {
			t.Errorf("sent %q", line)
		}
	}
}

func TestEightBitContentIsAnnounced(t *testing.T) {
	sandbox := start(t)
	send(t, over(sandbox), to("bob@b.example"), "\r\nGrüße\r\n")
	send(t, over(sandbox), to("bob@b.example"), letter)
	if mails := sandbox.Mails(); mails[0].Body != "8BITMIME" || mails[1].Body != "" {
		t.Errorf("BODY=%q, then BODY=%q", mails[0].Body, mails[1].Body)
	}
}

func TestEightBitContentNeeds8BITMIME(t *testing.T) {
	sandbox := start(t, mailtest.WithoutExtension("8BITMIME"))
	result := send(t, over(sandbox), to("bob@b.example"), "\r\nGrüße\r\n")
	if got := failure(t, result.Err); got.Kind != transaction.KindUnsupported || got.Temporary {
		t.Errorf("error: %+v", got)
	}
}

func TestSMTPUTF8IsUsedOnlyWhenNeeded(t *testing.T) {
	sandbox := start(t)
	send(t, over(sandbox), to("bob@b.example"), letter)
	send(t, over(sandbox), to("jörg@b.example"), letter)
	mails := sandbox.Mails()
	if mails[0].UTF8 || !mails[1].UTF8 || mails[1].To[0] != "jörg@b.example" {
		t.Errorf("captured: %+v", mails)
	}
}

func TestMissingSMTPUTF8IsAClearError(t *testing.T) {
	sandbox := start(t, mailtest.WithoutExtension("SMTPUTF8"))
	result := send(t, over(sandbox), to("jörg@b.example"), letter)
	got := failure(t, result.Err)
	if got.Kind != transaction.KindUnsupported || got.Temporary || !strings.Contains(got.Error(), "SMTPUTF8") {
		t.Errorf("error: %+v", got)
	}
	if result := send(t, over(sandbox), to("joerg@b.example"), letter); result.State != transaction.Sent {
		t.Errorf("ASCII address: %+v", result)
	}
}

func TestSessionSendsSeveralMessages(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(
		mailtest.RefuseRecipient("bad@b.example", 550, "5.1.1", "no such user")))
	session, err := transaction.Connect(soon(t), over(sandbox))
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"one@b.example", "bad@b.example", "two@b.example"} {
		result := session.Send(soon(t), to(address), spool(t, letter))
		if sent := result.State == transaction.Sent; sent != (address != "bad@b.example") {
			t.Errorf("%s: %+v", address, result)
		}
	}
	session.Close()
	if mails := sandbox.Mails(); len(mails) != 2 || sandbox.Connections() != 1 {
		t.Errorf("%d mails over %d connections", len(mails), sandbox.Connections())
	}
	if result := session.Send(soon(t), to("one@b.example"), spool(t, letter)); result.State != transaction.Failed {
		t.Errorf("after Close: %+v", result)
	}
}

func TestExtensionsAreReadWithTheLimitsAndSecretsOfAnyReply(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(*scripted)
		want   string
	}{
		"repeats the password": {func(s *scripted) { s.say("550 5.7.1 who are you with your hunter2?") }, "who are you with your ***?"},
		"comes to no end": {func(s *scripted) {
			for {
				if _, err := s.Write([]byte("x")); err != nil {
					return
				}
				runtime.Gosched()
			}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			server, _ := play(t, func(s *scripted) {
				s.greet("AUTH PLAIN")
				s.answer("235 welcome")
				s.hear()
				c.answer(s)
			})
			server.User, server.Password = "ann", "hunter2"
			session, err := transaction.Connect(soon(t), server)
			if err != nil {
				t.Fatal(err)
			}
			_, err = session.Extensions(soon(t))
			if got := failure(t, err); got.Kind != transaction.KindReply || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v", err)
			}
			session.Close()
		})
	}
}
