package mailtest_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email/mailtest"
)

func start(t *testing.T, options ...mailtest.Option) *mailtest.Server {
	t.Helper()
	server, err := mailtest.Start(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// dial opens a session with the standard library's client.
func dial(t *testing.T, server *mailtest.Server) *smtp.Client {
	t.Helper()
	client, err := smtp.Dial(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func upgrade(t *testing.T, server *mailtest.Server, client *smtp.Client) {
	t.Helper()
	config := server.TLSConfig()
	config.ServerName = server.Host()
	if err := client.StartTLS(config); err != nil {
		t.Fatal(err)
	}
}

// submit sends content to the recipients and returns the first error.
func submit(client *smtp.Client, content string, recipients ...string) error {
	if err := client.Mail("ann@a.example"); err != nil {
		return err
	}
	for _, recipient := range recipients {
		if err := client.Rcpt(recipient); err != nil {
			return err
		}
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte(content)); err != nil {
		return err
	}
	return w.Close()
}

const letter = "Subject: hello\r\n\r\n.dotted\r\nbody\r\n"

func TestServerCapturesEnvelopeAndContent(t *testing.T) {
	server := start(t)
	client := dial(t, server)
	upgrade(t, server, client)
	if err := client.Auth(smtp.PlainAuth("", "u", "p", server.Host())); err != nil {
		t.Fatal(err)
	}
	if err := submit(client, letter, "bob@b.example", `"odd one"@b.example`); err != nil {
		t.Fatal(err)
	}
	mails, err := server.WaitFor(soon(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	got := mails[0]
	if got.From != "ann@a.example" || strings.Join(got.To, " ") != `bob@b.example "odd one"@b.example` {
		t.Errorf("envelope: from %q to %q", got.From, got.To)
	}
	if string(got.Raw) != letter {
		t.Errorf("content: %q", got.Raw)
	}
	if got.TLS != "TLS 1.3" || got.User != "u" || got.Conn != 1 || got.Received.IsZero() || got.Body != "8BITMIME" {
		t.Errorf("circumstances: %+v", got)
	}
}

func TestServerSpeaksTLSFromTheFirstByteOnItsSecondPort(t *testing.T) {
	server := start(t, mailtest.WithNames("mail.example"))
	config := server.TLSConfig()
	config.ServerName = "mail.example"
	conn, err := tls.Dial("tcp", net.JoinHostPort(server.Host(), strconv.Itoa(server.TLSPort())), config)
	if err != nil {
		t.Fatal(err)
	}
	client, err := smtp.NewClient(conn, "mail.example")
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := submit(client, letter, "bob@b.example"); err != nil {
		t.Fatal(err)
	}
	if mails := server.Mails(); len(mails) != 1 || mails[0].TLS == "" {
		t.Errorf("mails: %+v", mails)
	}
}

func TestCertificateIsValidForAskedNamesOnly(t *testing.T) {
	server := start(t, mailtest.WithNames("mail.example"))
	client := dial(t, server)
	config := server.TLSConfig()
	config.ServerName = "other.example"
	if err := client.StartTLS(config); err == nil {
		t.Error("a certificate for mail.example served other.example")
	}
}

func TestAnyNameIsServedWithItsOwnCertificate(t *testing.T) {
	server := start(t, mailtest.WithAnyName())
	for _, name := range []string{"smtp.one.example", "smtp.two.example"} {
		config := server.TLSConfig()
		config.ServerName = name
		if err := dial(t, server).StartTLS(config); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOtherServersAuthorityIsNotTrusted(t *testing.T) {
	server, other := start(t), start(t)
	config := other.TLSConfig()
	config.ServerName = server.Host()
	if err := dial(t, server).StartTLS(config); err == nil {
		t.Error("two servers share an authority")
	}
}

func TestCredentialsAreJudged(t *testing.T) {
	server := start(t, mailtest.WithCredentials("ann", "right"), mailtest.WithAuthRequired())
	client := dial(t, server)
	upgrade(t, server, client)
	if err := client.Mail("ann@a.example"); replyCode(err) != 530 {
		t.Errorf("MAIL before AUTH: %v", err)
	}
	if err := client.Auth(smtp.PlainAuth("", "ann", "wrong", server.Host())); replyCode(err) != 535 {
		t.Errorf("wrong password: %v", err)
	}
	for _, command := range server.Commands() {
		if strings.HasPrefix(command.Line, "AUTH") && command.Line != "AUTH PLAIN ***" {
			t.Errorf("credentials in the record: %q", command.Line)
		}
	}
}

func TestAuthIsNotOfferedInPlainText(t *testing.T) {
	client := dial(t, start(t))
	if offered, _ := client.Extension("AUTH"); offered {
		t.Error("AUTH offered without TLS")
	}
	client = dial(t, start(t, mailtest.WithPlaintextAuth()))
	if offered, mechanisms := client.Extension("AUTH"); !offered || mechanisms != "PLAIN LOGIN XOAUTH2" {
		t.Errorf("AUTH with WithPlaintextAuth: %v %q", offered, mechanisms)
	}
}

func TestExtensionsCanBeTakenAway(t *testing.T) {
	all := []string{"PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE", "STARTTLS", "ENHANCEDSTATUSCODES"}
	client := dial(t, start(t))
	for _, keyword := range all {
		if offered, _ := client.Extension(keyword); !offered {
			t.Errorf("%s is not offered", keyword)
		}
	}
	client = dial(t, start(t, mailtest.WithoutExtension(all...)))
	for _, keyword := range all {
		if offered, _ := client.Extension(keyword); offered {
			t.Errorf("%s is offered", keyword)
		}
	}
}

func TestOneRecipientCanBeRefused(t *testing.T) {
	server := start(t, mailtest.WithFaults(mailtest.RefuseRecipient("Bad@b.example", 550, "5.1.1", "no such user")))
	client := dial(t, server)
	if err := submit(client, letter, "bad@b.example"); replyCode(err) != 550 || !strings.Contains(err.Error(), "5.1.1 no such user") {
		t.Errorf("refused recipient: %v", err)
	}
	client.Reset()
	if err := submit(client, letter, "good@b.example"); err != nil {
		t.Errorf("other recipient: %v", err)
	}
}

func TestFaultsRunOut(t *testing.T) {
	server := start(t, mailtest.WithFaults(mailtest.Greylist(2)))
	client := dial(t, server)
	for attempt, want := range []int{451, 451, 0} {
		client.Reset()
		if err := submit(client, letter, "bob@b.example"); replyCode(err) != want {
			t.Errorf("attempt %d: %v, want %d", attempt+1, err, want)
		}
	}
}

func TestFaultsThatAreAddedLeaveTheOthersCounted(t *testing.T) {
	server := start(t, mailtest.WithFaults(mailtest.Greylist(2)))
	client := dial(t, server)
	for attempt, want := range []int{451, 451, 550, 0} {
		if attempt == 1 {
			server.AddFaults(mailtest.Refuse(mailtest.StageRCPT, 550, "5.1.1", "no").First(1))
		}
		client.Reset()
		if err := submit(client, letter, "bob@b.example"); replyCode(err) != want {
			t.Errorf("attempt %d: %v, want %d", attempt+1, err, want)
		}
	}
}

func TestEveryStageCanBeRefused(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS,
		mailtest.StageAUTH, mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA, mailtest.StageDot} {
		t.Run(string(stage), func(t *testing.T) {
			server := start(t, mailtest.WithFaults(mailtest.Refuse(stage, 454, "4.3.0", "not now")))
			if err := wholeSession(server); replyCode(err) != 454 || !strings.Contains(err.Error(), "4.3.0 not now") {
				t.Errorf("error: %v", err)
			}
			if mails := server.Mails(); len(mails) != 0 {
				t.Errorf("captured: %v", mails)
			}
		})
	}
}

func TestEveryStageCanCutTheConnection(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS,
		mailtest.StageAUTH, mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA, mailtest.StageDot} {
		t.Run(string(stage), func(t *testing.T) {
			server := start(t, mailtest.WithFaults(mailtest.Drop(stage)))
			if err := wholeSession(server); err == nil || replyCode(err) != 0 {
				t.Errorf("error: %v", err)
			}
			if mails := server.Mails(); len(mails) != 0 {
				t.Errorf("captured: %v", mails)
			}
		})
	}
}

func TestMailCanBeCapturedThoughTheConnectionIsCut(t *testing.T) {
	fault := mailtest.Drop(mailtest.StageDot)
	fault.Captured = true
	server := start(t, mailtest.WithFaults(fault))
	if err := wholeSession(server); err == nil {
		t.Error("no error")
	}
	if mails := server.Mails(); len(mails) != 1 {
		t.Errorf("captured: %v", mails)
	}
}

func TestStalledSessionEndsWithTheServer(t *testing.T) {
	server := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageMAIL)))
	done := make(chan error, 1)
	go func() { done <- wholeSession(server) }()
	if err := server.WaitForStage(soon(t), mailtest.StageMAIL, 1); err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("the stalled session succeeded")
	}
}

func TestContentWithoutItsDotIsNotCaptured(t *testing.T) {
	server := start(t)
	client := dial(t, server)
	client.Mail("ann@a.example")
	client.Rcpt("bob@b.example")
	if _, err := client.Data(); err != nil {
		t.Fatal(err)
	}
	client.Text.W.WriteString("Subject: half\r\n\r\nhal")
	client.Text.W.Flush()
	client.Close()
	if err := server.WaitForIdle(soon(t)); err != nil {
		t.Fatal(err)
	}
	if len(server.Mails()) != 0 || server.Aborted() != 1 {
		t.Errorf("mails %v, aborted %d", server.Mails(), server.Aborted())
	}
}

func TestPipelinedCommandsAreAnsweredInOrder(t *testing.T) {
	server := start(t, mailtest.WithFaults(mailtest.RefuseRecipient("c@b.example", 550, "5.1.1", "no")))
	conn, err := net.Dial("tcp", server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.Write([]byte("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@b.example>\r\nRCPT TO:<d@b.example>\r\nDATA\r\n"))
	reader := textproto.NewReader(bufio.NewReader(conn))
	for _, want := range []int{220, 250, 250, 550, 250, 354} {
		if code, text, _ := reader.ReadResponse(0); code != want {
			t.Fatalf("reply %d %s, want %d", code, text, want)
		}
	}
}

func TestLargeMessageIsRefused(t *testing.T) {
	server := start(t, mailtest.WithMaxSize(1000))
	err := submit(dial(t, server), letter+strings.Repeat("x\r\n", 1000), "bob@b.example")
	if replyCode(err) != 552 {
		t.Errorf("error: %v", err)
	}
}

// wholeSession walks through every stage.
func wholeSession(server *mailtest.Server) error {
	client, err := smtp.Dial(server.Addr())
	if err != nil {
		return err
	}
	defer client.Close()
	config := server.TLSConfig()
	config.ServerName = server.Host()
	if err := client.StartTLS(config); err != nil {
		return err
	}
	if err := client.Auth(smtp.PlainAuth("", "u", "p", server.Host())); err != nil {
		return err
	}
	return submit(client, letter, "bob@b.example")
}

func replyCode(err error) int {
	if reply, ok := err.(*textproto.Error); ok {
		return reply.Code
	}
	return 0
}

func TestAServerThatIsFullRefusesAndKeepsWhatItHas(t *testing.T) {
	server := start(t, mailtest.WithStorage(100))
	client := dial(t, server)
	content := "Subject: a\r\n\r\n" + strings.Repeat("x", 50) + "\r\n"
	if err := submit(client, content, "bob@b.example"); err != nil {
		t.Fatal(err)
	}
	if err := submit(client, content, "bob@b.example"); err == nil || !strings.Contains(err.Error(), "4.3.1 Insufficient system storage") {
		t.Errorf("got %v", err)
	}
	if mails := server.Mails(); len(mails) != 1 {
		t.Errorf("it kept %d mails", len(mails))
	}
	server.Forget()
	if err := submit(client, content, "bob@b.example"); err != nil {
		t.Error(err)
	}
}
