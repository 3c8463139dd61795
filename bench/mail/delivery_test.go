package mail_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"flowrun/bench/mail"
	"flowrun/internal/peertest"
)

// mailbox keeps what a sink receives.
type mailbox struct {
	mu    sync.Mutex
	mails []mail.Mail
}

func (b *mailbox) add(m mail.Mail) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = append(b.mails, m)
}

// startSink starts a sink whose mails come into a mailbox.
func startSink(t testing.TB, encryption bool) (*mail.Sink, *mailbox) {
	t.Helper()
	box := new(mailbox)
	sink, err := mail.StartSink(encryption, box.add)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sink.Close() })
	return sink, box
}

// send sends the letters by a client.
func send(t testing.TB, client mail.Client, to mail.Server, letters []mail.Letter) {
	t.Helper()
	outbox, err := client.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	if err := outbox.Send(letters); err != nil {
		t.Fatal(err)
	}
	if err := outbox.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEveryClientDeliversEachLetterOnce(t *testing.T) {
	for _, encryption := range []struct {
		name string
		on   bool
	}{{"plain", false}, {"STARTTLS", true}} {
		t.Run(encryption.name, func(t *testing.T) {
			for _, client := range mail.Clients() {
				t.Run(client.Name(), func(t *testing.T) {
					sink, box := startSink(t, encryption.on)
					letters := mail.Letters(210)
					send(t, client, sink.Server(), letters)
					wantLetters(t, box.mails, letters, encryption.on)
				})
			}
		})
	}
}

func TestLettersArriveFromFarAway(t *testing.T) {
	const roundTrip = 4 * time.Millisecond
	for _, client := range mail.Clients() {
		t.Run(client.Name(), func(t *testing.T) {
			sink, box := startSink(t, false)
			far, err := mail.StartDelay(sink.Server(), roundTrip)
			if err != nil {
				t.Fatal(err)
			}
			letters := mail.Letters(5)
			began := time.Now()
			send(t, client, far.Server(), letters)
			if took := time.Since(began); took < 4*roundTrip {
				t.Errorf("%d letters took %v over a round trip of %v", len(letters), took, roundTrip)
			}
			if err := far.Close(); err != nil {
				t.Error(err)
			}
			wantLetters(t, box.mails, letters, false)
		})
	}
}

// wantLetters holds mails to letters.
func wantLetters(t *testing.T, mails []mail.Mail, letters []mail.Letter, encrypted bool) {
	t.Helper()
	if len(mails) != len(letters) {
		t.Fatalf("%d mails came of %d", len(mails), len(letters))
	}
	left := map[string]mail.Letter{}
	for _, letter := range letters {
		left[letter.To] = letter
	}
	for _, m := range mails {
		if len(m.To) != 1 || m.From != "shop@shop.example" || m.Encrypted != encrypted {
			t.Fatalf("a mail from %q to %q, encrypted: %t", m.From, m.To, m.Encrypted)
		}
		letter, expected := left[m.To[0]]
		if !expected {
			t.Fatalf("a mail came to %s that was not written, or came before", m.To[0])
		}
		delete(left, m.To[0])
		wantLetter(t, m, letter)
	}
}

// wantLetter holds a mail's content to a letter.
func wantLetter(t *testing.T, m mail.Mail, letter mail.Letter) {
	t.Helper()
	message := read(t, m)
	to, err := message.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != letter.To {
		t.Errorf("To: %v, %v, want %s", to, err, letter.To)
	}
	if from, err := message.Header.AddressList("From"); err != nil || len(from) != 1 || from[0].Address != m.From {
		t.Errorf("From: %v, %v", from, err)
	}
	if subject := message.Header.Get("Subject"); subject != letter.Subject {
		t.Errorf("Subject: %q, want %q", subject, letter.Subject)
	}
	text := decoded(t, message.Header.Get("Content-Transfer-Encoding"), message.Body)
	if strings.TrimRight(text, "\r\n") != strings.TrimRight(letter.Text, "\r\n") {
		t.Errorf("text %q, want %q", text, letter.Text)
	}
}

func read(t *testing.T, m mail.Mail) *netmail.Message {
	t.Helper()
	message, err := netmail.ReadMessage(bytes.NewReader(m.Content))
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// decoded undoes a transfer encoding.
func decoded(t *testing.T, encoding string, body io.Reader) string {
	t.Helper()
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLettersHave700Bytes(t *testing.T) {
	for _, letter := range mail.Letters(1001) {
		if len(letter.Text) != 700 {
			t.Fatalf("%d bytes: %q", len(letter.Text), letter.Text)
		}
	}
}

// missing skips a test, or lets it fail where others' programs are required.
func missing(t *testing.T, program string) {
	t.Helper()
	message := "postfix's " + program + " is not there: see " + peertest.PostfixFolder
	if os.Getenv(peertest.Required) == "required" {
		t.Fatal(message)
	}
	t.Skip(message)
}

func TestSMTPSourceSendsAsManyMailsAsThereAreLetters(t *testing.T) {
	source, found := mail.FindSMTPSource()
	if !found {
		missing(t, "smtp-source")
	}
	for _, source.KeepConnections = range []bool{false, true} {
		t.Run(source.Name(), func(t *testing.T) {
			sink, box := startSink(t, false)
			send(t, source, sink.Server(), mail.Letters(50))
			if len(box.mails) != 50 {
				t.Fatalf("%d mails came", len(box.mails))
			}
			for _, m := range box.mails {
				body := m.Content[bytes.Index(m.Content, []byte("\r\n\r\n"))+4:]
				if len(body) < 650 || len(body) > 750 {
					t.Fatalf("%d bytes of text", len(body))
				}
			}
		})
	}
}

func TestSMTPSinkTakesMails(t *testing.T) {
	sink, found, err := mail.StartSMTPSink()
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		missing(t, "smtp-sink")
	}
	defer sink.Close()
	for _, client := range mail.PlainClients() {
		send(t, client, sink.Server(), mail.Letters(20))
	}
}

func TestEveryClientSendsTheFilesThemselves(t *testing.T) {
	const size = 300_000
	folder := t.TempDir()
	program, err := mail.BuildAttach(folder)
	if err != nil {
		t.Fatal(err)
	}
	films, err := mail.WriteFilms(folder, 3, size)
	if err != nil {
		t.Fatal(err)
	}
	want := map[[32]byte]bool{}
	for _, film := range films {
		content, err := os.ReadFile(film)
		if err != nil {
			t.Fatal(err)
		}
		want[sha256.Sum256(content)] = true
	}
	for _, client := range mail.Attachers() {
		t.Run(client.Name(), func(t *testing.T) {
			sink, box := startSink(t, false)
			own := t.TempDir()
			attachments, err := client.Stock(own, films)
			if err != nil {
				t.Fatal(err)
			}
			peak, err := program.Peak(mail.Order{Client: client.Name(), To: sink.Server(), Folder: own, Attachments: attachments})
			if err != nil {
				t.Fatal(err)
			}
			if peak < 1<<20 || peak > 1<<30 {
				t.Errorf("%d bytes of memory", peak)
			}
			got := map[[32]byte]bool{}
			for _, m := range box.mails {
				got[sha256.Sum256(attachment(t, m))] = true
			}
			if len(box.mails) != len(films) || !maps.Equal(got, want) {
				t.Errorf("%d mails with %d different files came", len(box.mails), len(got))
			}
		})
	}
}

// attachment is the one file of a mail.
func attachment(t *testing.T, m mail.Mail) (file []byte) {
	t.Helper()
	message := read(t, m)
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return file
		}
		if err != nil {
			t.Fatal(err)
		}
		if part.FileName() != "" {
			file = []byte(decoded(t, part.Header.Get("Content-Transfer-Encoding"), part))
		}
	}
}
