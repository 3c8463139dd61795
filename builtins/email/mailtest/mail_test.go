package mailtest_test

import (
	"strings"
	"testing"

	"flowrun/builtins/email/mailtest"
)

const multipart = `From: =?utf-8?q?J=C3=B6rg?= <j@a.example>
Subject: =?utf-8?b?R3LDvMOfZQ==?=
 again
Content-Type: multipart/mixed; boundary=o

--o
Content-Type: multipart/alternative; boundary=i

--i
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
--i
Content-Type: text/html; charset=utf-8

<b>Grüße</b>
--i--
--o
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''pl%C3%A4ne.pdf
Content-Transfer-Encoding: base64

SGVsbG8=
--o
Content-Type: image/png; name="logo.png"
Content-Disposition: inline
Content-ID: <logo>

PNG
--o--
`

func parse(t *testing.T, raw string) *mailtest.Message {
	t.Helper()
	message, err := mailtest.Mail{Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))}.Parse()
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func TestParseDecodesHeadersTextAndHTML(t *testing.T) {
	message := parse(t, multipart)
	if got := message.Header("subject"); got != "Grüße again" {
		t.Errorf("subject: %q", got)
	}
	if got := message.Headers[0]; got != (mailtest.Header{Name: "From", Value: "Jörg <j@a.example>"}) {
		t.Errorf("first header: %+v", got)
	}
	if message.Text != "Grüße" {
		t.Errorf("text: %q", message.Text)
	}
	if message.HTML != "<b>Grüße</b>" {
		t.Errorf("html: %q", message.HTML)
	}
}

func TestParseListsAttachments(t *testing.T) {
	attachments := parse(t, multipart).Attachments
	if len(attachments) != 2 {
		t.Fatalf("attachments: %+v", attachments)
	}
	plan, logo := attachments[0], attachments[1]
	if plan.Name != "pläne.pdf" || plan.Type != "application/pdf" || plan.Size != 5 || string(plan.Content) != "Hello" || plan.Inline {
		t.Errorf("first: %+v", plan)
	}
	if logo.Name != "logo.png" || logo.ContentID != "logo" || !logo.Inline {
		t.Errorf("second: %+v", logo)
	}
}

func TestParseReadsASinglePart(t *testing.T) {
	message := parse(t, "Subject: x\n\nhello\n")
	if message.Text != "hello\r\n" || message.Header("missing") != "" {
		t.Errorf("message: %+v", message)
	}
}
