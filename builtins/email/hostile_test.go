package email_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// hostileMail is what somebody means to do harm with. Each field stands in the
// flow where such a value may stand.
type hostileMail struct {
	format                                                 string
	body, subject, header, name, address, attachment, file string
}

// hostileFormats are the formats, and the message of the flow for each.
var hostileFormats = map[string]string{
	"text":     `body`,
	"html":     `"<p>${body}</p>"`,
	"markdown": `"Dear ${body}"`,
}

// hostileTarget sends hostile mails to a server that is as strict as RFC 5321 and
// to one that is lenient.
type hostileTarget struct {
	strict              *strictServer
	lenient             *mailtest.Server
	toStrict, toSandbox map[string]*runtime.Program
}

func newHostileTarget(t testing.TB) *hostileTarget {
	t.Helper()
	target := &hostileTarget{
		strict: startStrictServer(t, nil), lenient: startSandbox(t),
		toStrict: map[string]*runtime.Program{}, toSandbox: map[string]*runtime.Program{},
	}
	strict := email.Config{Server: &email.ServerConfig{Host: "127.0.0.1", Port: target.strict.port(), TLS: email.TLSNone}, Pool: email.NewPool(email.PoolLimits{})}
	lenient := sandboxed(target.lenient)
	lenient.Pool = email.NewPool(email.PoolLimits{})
	t.Cleanup(func() { strict.Pool.Close(); lenient.Pool.Close() })
	for format, message := range hostileFormats {
		flow := `
			input body: string
			input subject: string
			input header: string
			input name: string
			input address: string
			input attachment: string
			input file: string
			sendEmail <
				to: "${name} <${address}>", copy: "${name} <second@x.example>", from: "${name} <flow@a.example>", subject: subject
				headers: { "X-Value": header }, format: "` + format + `", message: ` + message + `
				attach: [{ name: attachment, type: "application/octet-stream", content: file }]
			>`
		target.toStrict[format] = program(t, strict, flow)
		target.toSandbox[format] = program(t, lenient, flow)
	}
	return target
}

// failer is what property checks and fuzz targets share.
type failer interface {
	lifetime
	Fatalf(format string, arguments ...any)
}

// check sends a mail to both servers. Either exactly one comes, which decodes to
// what was asked, or the call fails before anything is sent. It reports which.
func (h *hostileTarget) check(t failer, m hostileMail) (sent bool) {
	t.Helper()
	inputs := runtime.Inputs{"body": m.body, "subject": m.subject, "header": m.header, "name": m.name,
		"address": m.address, "attachment": m.attachment, "file": m.file}
	h.strict.forget()
	_, err := h.toStrict[m.format].Run(testContext(t), inputs)
	contents, cut := h.strict.complete()
	h.strict.checkSession(t, err == nil)
	if err != nil && len(contents)+cut > 0 || err == nil && (len(contents) != 1 || cut != 0) {
		t.Fatalf("%d mails and %d cut ones came, error %v", len(contents), cut, err)
	}
	h.lenient.Forget()
	_, again := h.toSandbox[m.format].Run(testContext(t), inputs)
	if mails := h.lenient.Mails(); (err == nil) != (again == nil) || err == nil && len(mails) != 1 || err != nil && len(mails) != 0 {
		t.Fatalf("%d mails came to the second server; errors %v and %v", len(mails), err, again)
	}
	if err != nil {
		return false
	}
	m.compare(t, contents[0])
	mail := h.lenient.Mails()[0]
	m.compare(t, strictContent{from: mail.From, to: mail.To, raw: mail.Raw})
	return true
}

// checkSession holds what was said to the one transaction that may be.
func (s *strictServer) checkSession(t failer, sent bool) {
	t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.violations) > 0 {
		t.Fatalf("against RFC 5321: %q", s.violations)
	}
	said := map[string]int{}
	for _, command := range s.commands {
		verb, _, _ := strings.Cut(command, " ")
		said[verb]++
	}
	delete(said, "EHLO")
	delete(said, "QUIT")
	want := "map[]"
	if sent {
		want = "map[DATA:1 MAIL:1 RCPT:2]"
	}
	if fmt.Sprint(said) != want {
		t.Fatalf("commands %q, want %s", s.commands, want)
	}
}

// compare holds a mail that came to what was asked.
func (m *hostileMail) compare(t failer, content strictContent) {
	t.Helper()
	if content.from != "flow@a.example" || len(content.to) != 2 || !slices.Contains(content.to, "second@x.example") {
		t.Fatalf("from %q to %q", content.from, content.to)
	}
	message, err := mailtest.Mail{Raw: content.raw}.Parse()
	if err != nil {
		t.Fatalf("the mail cannot be read: %v\n%.2000s", err, content.raw)
	}
	var names []string
	for _, field := range message.Headers {
		names = append(names, strings.ToLower(field.Name))
	}
	if strings.TrimSpace(m.subject) == "" {
		names = append(names, "subject") // which is left out
	}
	slices.Sort(names)
	if want := []string{"auto-submitted", "cc", "content-type", "date", "from", "message-id", "mime-version", "subject", "to",
		"x-auto-response-suppress", "x-value"}; !slices.Equal(names, want) {
		t.Fatalf("headers %q\n%.2000s", names, content.raw)
	}
	if got := message.Header("Subject"); strings.TrimSpace(got) != strings.TrimSpace(m.subject) {
		t.Fatalf("subject %q, want %q", got, m.subject)
	}
	if got := message.Header("X-Value"); strings.TrimSpace(got) != strings.TrimSpace(m.header) {
		t.Fatalf("header %q, want %q", got, m.header)
	}
	if len(message.Attachments) != 1 || string(message.Attachments[0].Content) != m.file {
		t.Fatalf("attachments %.500v, want %.500q", message.Attachments, m.file)
	}
	if got := message.Attachments[0].Name; got != strings.TrimSpace(m.attachment) {
		t.Fatalf("attached as %q, want %q", got, m.attachment)
	}
	if m.format == "text" {
		if want := withCRLF(m.body); message.Text != want || message.HTML != "" {
			t.Fatalf("text %q, want %q", message.Text, want)
		}
		return
	}
	if got := squashed(textOf(t, message.HTML)); !strings.Contains(got, squashed(m.body)) {
		t.Fatalf("HTML %q, want %q in it", got, squashed(m.body))
	}
}

// withCRLF ends lines as a mail has them.
func withCRLF(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// textOf is the text of a document without its markup.
func textOf(t failer, markup string) string {
	var b strings.Builder
	for tokenizer := html.NewTokenizer(strings.NewReader(markup)); ; {
		switch tokenizer.Next() {
		case html.ErrorToken:
			if err := tokenizer.Err(); err != io.EOF {
				t.Fatalf("the HTML cannot be read: %v", err)
			}
			return b.String()
		case html.TextToken:
			b.WriteString(tokenizer.Token().Data)
		}
	}
}

// squashed leaves out what HTML does not keep: white space, and what is no
// character of it.
func squashed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufffd' || r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe {
			return -1
		}
		return r
	}, s)
}

// hostileContent draws what breaks SMTP sessions.
func hostileContent() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			".", "..", "\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\r\n..\r\n", "\n.\r\nMAIL FROM:<evil@x.example>\r\n",
			"\r\n.\r\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<victim@x.example>\r\nDATA\r\n\r\nevil\r\n.\r\n", "\r\nQUIT\r\n", "\r\nRSET\r\n", "\r", "\n", "\x00", "\x1a", "\x00.\x00",
			"> BODY=8BITMIME", "> SIZE=1", "a@x.example> NOTIFY=NEVER", "x@y.example>\r\nRCPT TO:<evil@x.example", "From ", "\nFrom evil", "--", "=", "=0D=0A.", "=\r\n", "\t", " ", " \r\n",
			strings.Repeat("x", 10_000), strings.Repeat(".", 10_000), strings.Repeat(".\r\n", 500), strings.Repeat("é", 999), "\u2028", "\u0085", "é", "日本", "a", "b@c.example", "\ufeff",
		}),
		rapid.String(),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 6), func(pieces []string) string { return strings.Join(pieces, "") })
}

func TestHostileContentIsOneMailOrNone(t *testing.T) {
	target := newHostileTarget(t)
	sent := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := harmlessMail(rapid.SampledFrom([]string{"text", "html", "markdown"}).Draw(t, "format"))
		m.body, m.file = hostileContent().Draw(t, "body"), hostileContent().Draw(t, "file")
		for _, place := range []*string{&m.subject, &m.header, &m.name, &m.attachment} {
			if rapid.IntRange(0, 4).Draw(t, "hostile") == 0 {
				*place = hostileContent().Draw(t, "value")
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "address is hostile") == 0 {
			m.address = rapid.SampledFrom([]string{"", "a", "a@", `"a`}).Draw(t, "prefix") + hostileContent().Draw(t, "address")
		}
		if target.check(t, m) {
			sent[m.format]++
		}
	})
	if len(sent) < 3 {
		t.Errorf("hostile content came as far as a mail only for %v", sent)
	}
}

// harmlessMail is one that is sent.
func harmlessMail(format string) hostileMail {
	return hostileMail{format: format, body: "body", subject: "subject", header: "value", name: "Ann", address: "ann@x.example", attachment: "a.bin", file: "file"}
}

// FuzzHostileContent has one mail or none come of any content; see
// TestHostileContentIsOneMailOrNone.
func FuzzHostileContent(f *testing.F) {
	target := newHostileTarget(f)
	formats := []string{"text", "html", "markdown"}
	f.Fuzz(func(t *testing.T, format uint8, body, subject, header, name, address, attachment, file string) {
		target.check(t, hostileMail{formats[int(format)%len(formats)], body, subject, header, name, address, attachment, file})
	})
}
