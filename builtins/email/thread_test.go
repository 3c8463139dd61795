package email_test

import (
	"fmt"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/store"
)

// answer answers a mail and gives what came.
func (s *shop) answer(inReplyTo, settings string) *mailtest.Message {
	s.t.Helper()
	flow := fmt.Sprintf("input id = nil\nsendEmail < to: \"ann@example.com\", from: \"Shop <shop@shop.example>\", inReplyTo: id, store: true, %s >", settings)
	if _, err := runFlow(s.t, s.config(), flow, runtime.Inputs{"id": inReplyTo}); err != nil {
		s.t.Fatal(err)
	}
	mails := s.server.Mails()
	return parsed(s.t, mails[len(mails)-1])
}

func TestAnswersMakeOneThread(t *testing.T) {
	s := newShop(t)
	first := s.answer("<question@example.com>", `message: "It is."`)
	second := s.answer(first.Header("Message-ID"), `message: "Two are left."`)
	third := s.answer(strings.Trim(second.Header("Message-ID"), "<>"), `message: "One is left."`)

	ids := []string{"<question@example.com>", first.Header("Message-ID"), second.Header("Message-ID"), third.Header("Message-ID")}
	for i, answer := range []*mailtest.Message{first, second, third} {
		if got := answer.Header("In-Reply-To"); got != ids[i] {
			t.Errorf("answer %d: In-Reply-To %s, want %s", i+1, got, ids[i])
		}
		if got, want := answer.Header("References"), strings.Join(ids[:i+1], " "); got != want {
			t.Errorf("answer %d: References %s\nwant %s", i+1, got, want)
		}
		if got := answer.Header("Subject"); got != "Re: Is it in stock?" {
			t.Errorf("answer %d: Subject %q", i+1, got)
		}
		if got := answer.Header("Auto-Submitted"); got != "auto-replied" {
			t.Errorf("answer %d: Auto-Submitted %q", i+1, got)
		}
	}
	messages, err := s.store.Messages(t.Context(), store.Filter{Thread: "question@example.com"})
	if err != nil || len(messages) != 4 {
		t.Errorf("the thread has %d messages, %v", len(messages), err)
	}
	date := second.Header("Date")
	wantText := "One is left.\r\n\r\n" +
		"On " + quotedDate(t, s, second) + ", Shop <shop@shop.example> wrote:\r\n" +
		"> Two are left.\r\n" +
		">\r\n" +
		"> On " + quotedDate(t, s, first) + ", Shop <shop@shop.example> wrote:\r\n" +
		">> It is.\r\n" +
		">>\r\n" +
		">> On " + quotedDate(t, s, nil) + ", Ann Smith <ann@example.com> wrote:\r\n" +
		">>> I mean the blue one.\r\n"
	if third.Text != wantText {
		t.Errorf("with the date %s\ngot  %q\nwant %q", date, third.Text, wantText)
	}
}

// quotedDate is the date of a mail as a quotation in this zone has it; nil stands
// for the question.
func quotedDate(t *testing.T, s *shop, m *mailtest.Message) string {
	t.Helper()
	id := "question@example.com"
	if m != nil {
		id = strings.Trim(m.Header("Message-ID"), "<>")
	}
	message, err := s.store.MessageByMessageID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return message.Date.Local().Format("Mon, 2 Jan 2006 at 15:04 MST")
}

const htmlQuestion = `Message-ID: <h@example.com>
Date: Mon, 23 Nov 2026 10:00:00 +0200
From: =?utf-8?q?J=C3=B6rg_=22the_man=22?= <joerg@example.com>
Subject: RE: re[2]: Re: Blue
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><head><title>t</title><style>p{color:red}</style></head><body onload="evil()">
<p style="x" onclick="evil()">Is <b>blue</b> left?<script>evil()</script></p>
<img src="https://tracker.example/pixel.gif"><a href="javascript:evil()">here</a>
<a href="https://shop.example/blue">there</a><form action="https://evil.example"><input name="x"></form>
</body></html>
`

func TestHTMLIsQuotedClean(t *testing.T) {
	s := newShop(t)
	importMail(t, s.store, htmlQuestion)
	got := s.answer("h@example.com", `format: "html", message: "<html><body><p>Yes.</p></body></html>"`)
	if subject := got.Header("Subject"); subject != "Re: Blue" {
		t.Errorf("Subject %q", subject)
	}
	markup := strings.ReplaceAll(got.HTML, "\r\n", "\n")
	for _, want := range []string{
		`<p>Yes.</p>`, `<blockquote type="cite">`, `<p>Is <b>blue</b> left?</p>`,
		`<a href="https://shop.example/blue" rel="nofollow">there</a>`, "</blockquote>\n</body></html>",
		`Jörg &#34;the man&#34; &lt;joerg@example.com&gt; wrote:`,
	} {
		if !strings.Contains(markup, want) {
			t.Errorf("the HTML lacks %s:\n%s", want, markup)
		}
	}
	for _, evil := range []string{"evil", "tracker", "style", "onclick", "<form", "<input", "<title"} {
		if strings.Contains(markup, evil) {
			t.Errorf("the HTML has %s:\n%s", evil, markup)
		}
	}
	for _, want := range []string{"Yes.\r\n\r\nOn ", "> Is blue left?"} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("the text lacks %q:\n%s", want, got.Text)
		}
	}
}

func TestTextIsQuotedInHTMLAndHTMLInText(t *testing.T) {
	s := newShop(t)
	importMail(t, s.store, strings.Replace(question, "I mean the blue one.", "a < b\n\nc & d", 1))
	importMail(t, s.store, htmlQuestion)
	if got := s.answer("h@example.com", `message: "Yes."`); !strings.Contains(got.Text, "> Is blue left?") || got.HTML != "" {
		t.Errorf("text %q", got.Text)
	}
	importMail(t, s.store, "Message-ID: <p@example.com>\nSubject: x\n\na < b\n\nc & d\n")
	got := s.answer("p@example.com", `format: "html", message: "<p>Yes.</p>"`)
	if want := "a &lt; b<br>\n<br>\nc &amp; d"; !strings.Contains(strings.ReplaceAll(got.HTML, "\r\n", "\n"), want) {
		t.Errorf("HTML %q, want %q in it", got.HTML, want)
	}
}

func TestWithoutAParentNothingIsQuoted(t *testing.T) {
	s := newShop(t)
	for settings, want := range map[string]string{
		`message: "Yes.", subject: "s"`:               "Yes.\r\n", // <other@example.com> is not in the store
		`message: "Yes.", subject: "s", quote: true`:  "Yes.\r\n",
		`message: "Yes.", subject: "s", quote: false`: "Yes.\r\n",
	} {
		if got := s.answer("other@example.com", settings); got.Text != want || got.Header("References") != "<other@example.com>" {
			t.Errorf("text %q, References %q", got.Text, got.Header("References"))
		}
	}
	if got := s.answer("question@example.com", `message: "Yes.", quote: false`); got.Text != "Yes.\r\n" || got.Header("Subject") != "Re: Is it in stock?" {
		t.Errorf("text %q, subject %q", got.Text, got.Header("Subject"))
	}
}

func TestLongChainKeepsItsFirstAndItsLastIds(t *testing.T) {
	s := newShop(t)
	var chain []string
	for i := range 40 {
		chain = append(chain, fmt.Sprintf("<%d@example.com>", i))
	}
	importMail(t, s.store, "Message-ID: <40@example.com>\nReferences: "+strings.Join(chain, "\n ")+"\nSubject: x\n\nhi\n")
	got := strings.Fields(s.answer("40@example.com", `message: "Yes."`).Header("References"))
	if len(got) != 20 || got[0] != "<0@example.com>" || got[1] != "<22@example.com>" || got[19] != "<40@example.com>" {
		t.Errorf("References %q", got)
	}
}

func TestLongMailsAreQuotedInPart(t *testing.T) {
	s := newShop(t)
	importMail(t, s.store, "Message-ID: <l@example.com>\nSubject: x\n\n"+strings.Repeat("a long line of text\n", 20_000))
	got := s.answer("l@example.com", `message: "Yes."`)
	if !strings.HasSuffix(got.Text, "> […]\r\n") || len(got.Text) > 400_000 {
		t.Errorf("%d bytes, ending with %q", len(got.Text), got.Text[len(got.Text)-20:])
	}
}

func TestQuotedHTMLStaysInItsQuotation(t *testing.T) {
	s := newShop(t)
	importMail(t, s.store, "Message-ID: <e@example.com>\nSubject: x\nContent-Type: text/html\n\n"+
		"<p>hi</p></blockquote></div></td></tr></table><p>I agree to pay<div><b>and <i>more\n")
	got := s.answer("e@example.com", `message: "<p>Yes.</p>", format: "html"`).HTML
	quoted, rest, _ := strings.Cut(got[strings.Index(got, "<blockquote"):], "</blockquote>")
	if !strings.Contains(quoted, "I agree to pay") || strings.TrimSpace(rest) != "" || !strings.HasSuffix(strings.TrimSpace(quoted), "</i></b></div>") {
		t.Errorf("HTML %s", got)
	}
}

func TestDeeplyNestedMailsAreQuotedInTime(t *testing.T) {
	var nested strings.Builder
	const levels = 16_000
	for i := range levels {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	s := newShop(t)
	importMail(t, s.store, "Message-ID: <e@example.com>\nSubject: x\n"+nested.String()+"\n\nhi\n")
	if got := s.answer("e@example.com", `message: "Yes."`); got.Text != "Yes.\r\n" {
		t.Errorf("text %.100q", got.Text)
	}
}

func TestLongHeadersOfAParentAreShortened(t *testing.T) {
	s := newShop(t)
	importMail(t, s.store, "Message-ID: <e@example.com>\nSubject: "+strings.Repeat("word ", 20_000)+"\nFrom: "+strings.Repeat("name ", 20_000)+"<a@b.c>\n\nhi\n")
	got := s.answer("e@example.com", `message: "Yes."`)
	if n := len(got.Header("Subject")); n > 500 || len(got.Text) > 1000 {
		t.Errorf("a subject of %d bytes, a text of %d", n, len(got.Text))
	}
}

func TestHostileHTMLIsQuotedInTime(t *testing.T) {
	for name, markup := range map[string]string{
		"deep":       strings.Repeat("<div>", 50_000),
		"tables":     strings.Repeat("<table><tr><td>", 15_000),
		"formatting": strings.Repeat("<b><i><a href=x>", 15_000),
		"entities":   strings.Repeat("&amp;lt;", 30_000),
		"unclosed":   strings.Repeat("<!-- <a ", 30_000),
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			importMail(t, s.store, "Message-ID: <e@example.com>\nSubject: x\nContent-Type: text/html\n\n"+markup+"end\n")
			for _, settings := range []string{`message: "Yes."`, `message: "<p>Yes.</p>", format: "html"`} {
				if got := s.answer("e@example.com", settings); !strings.HasPrefix(got.Text, "Yes.") {
					t.Errorf("text %.100q", got.Text)
				}
			}
		})
	}
}

func TestParentsThatCannotBeReadAreAnsweredAllTheSame(t *testing.T) {
	for name, raw := range map[string]string{
		"no body":        "Subject: x\n",
		"no boundary":    "Subject: x\nContent-Type: multipart/mixed\n\n--a\n\nhi\n",
		"cut":            "Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/plain\n\nhi",
		"bad base64":     "Subject: x\nContent-Transfer-Encoding: base64\n\n!!!!\n",
		"a charset":      "Subject: x\nContent-Type: text/plain; charset=x-unknown\n\n\xff\xfe hi\n",
		"an attachment":  "Subject: x\nContent-Type: application/pdf\nContent-Disposition: attachment\n\nhi\n",
		"control bytes":  "Subject: x\x07y\nFrom: \x1b[31mred <r@x.y>\n\n\x00\x1b[31m\n",
		"many multipart": "Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n" + strings.Repeat("--a\nContent-Type: multipart/mixed; boundary=a\n\n", 3000),
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			importMail(t, s.store, "Message-ID: <b@example.com>\n"+raw)
			got := s.answer("b@example.com", `message: "Yes."`)
			if !strings.HasPrefix(got.Text, "Yes.") || strings.ContainsAny(got.Header("Subject"), "\x07\x1b") {
				t.Errorf("subject %q, text %q", got.Header("Subject"), got.Text)
			}
		})
	}
}

func TestHostileParentsAddNeitherHeadersNorRecipients(t *testing.T) {
	const injection = "=?utf-8?q?x=0D=0ABcc:_e@evil.example=0D=0A=0D=0Abody?="
	s := newShop(t)
	importMail(t, s.store, "Message-ID: <e@example.com>\nSubject: "+injection+"\nFrom: "+injection+" <a@b.c>, \"\u202e\u200f\" <b@b.c>\n"+
		"In-Reply-To: <p@evil.example> Bcc: e@evil.example\nReferences: <a b@c> <x@y>\t<z\nDate: "+injection+"\n\n.\nMAIL FROM:<e@evil.example>\n")
	got := s.answer("e@example.com", `message: "Yes."`)
	mail := s.server.Mails()[0]
	if len(s.server.Mails()) != 1 || len(mail.To) != 1 {
		t.Fatalf("%d mails, to %q", len(s.server.Mails()), mail.To)
	}
	if got.Header("Bcc") != "" || got.Header("Subject") != "Re: x Bcc: e@evil.example body" || got.Header("References") != "<b@c> <x@y> <e@example.com>" {
		t.Errorf("%v", got.Headers)
	}
	if strings.Contains(got.Text, "\u202e") || !strings.Contains(got.Text, "> MAIL FROM:<e@evil.example>") {
		t.Errorf("text %q", got.Text)
	}
}

func TestParseMessageReadsTheHeader(t *testing.T) {
	m, err := email.ParseMessage(strings.NewReader(strings.ReplaceAll(`Message-Id: <a@example.com>
In-Reply-To: <b@example.com> (yes)
References: <c@example.com>
 <b@example.com>
Date: Mon, 23 Nov 2026 10:00:00 +0200
From: =?utf-8?q?J=C3=B6rg?= <joerg@example.com>
To: Ann <ann@example.com>, bob@example.com
Cc: undisclosed
Subject: =?utf-8?b?0KHQu9Cw0LLQsA==?=

hi
`, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%s|%s|%s|%s|%s|%s|%s|%s|%s", m.MessageID, m.InReplyTo, m.References, m.From, m.To, m.Copy, m.Subject,
		m.Date.Format("2006-01-02 15:04 -0700"), m.State)
	want := "a@example.com|b@example.com|[c@example.com b@example.com]|Jörg <joerg@example.com>|" +
		"[Ann <ann@example.com> bob@example.com]|[undisclosed]|Слава|2026-11-23 10:00 +0200|received"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestParseMessageRefusesWhatCannotBeAnswered(t *testing.T) {
	for raw, want := range map[string]string{
		"Subject: x\r\n\r\nhi":                "no Message-ID",
		"Message-ID: <abc>\r\n\r\nhi":         "is not <left@right>",
		"Message-ID: <a@b> <c@d>\r\n\r\nhi":   "is not <left@right>",
		"hi there, this is no mail\r\n\r\n":   "this is no mail",
		"":                                    "no Message-ID",
		strings.Repeat("X-A: b\r\n", 300_000): "this is no mail",
	} {
		if _, err := email.ParseMessage(strings.NewReader(raw)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %q", raw, err, want)
		}
	}
}
