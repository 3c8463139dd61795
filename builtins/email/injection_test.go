package email_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-message/mail"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// hostile draws text made of what breaks naive mail programs.
func hostile() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"\r\n", "\n", "\r", "\r\n.\r\n", "\r\n\r\n", ",", ";", "<", ">", "@", `"`, `\`, "(", ")", ":", " ", "  ", "\t", "\x00",
			"evil@x.y", "<evil@x.y>", ", evil@x.y", "> , <evil@x.y", "Bcc: evil@x.y", "\r\nBcc: evil@x.y", "\r\n Bcc: evil@x.y",
			"=?utf-8?q?=0D=0ABcc:_evil@x.y?=", "=?utf-8?b?DQpCY2M6IGV2aWxAeC55?=", "\u202e", "\u200f", "\u2028", "\u0085",
			"--", "\r\n--boundary", "é", "ї", "日本", "😀", "a", "Ann", ".", "..", "${x}", "{{.}}", "<b>", "</p>", "<script>", "javascript:", "&lt;",
			strings.Repeat("x", 1100), strings.Repeat(" ", 120), strings.Repeat("ab ", 60),
		}),
		rapid.String(),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 5), func(pieces []string) string { return strings.Join(pieces, "") })
}

// headers lists the fields of a mail by an independent parser.
func headers(t *rapid.T, raw []byte) (names []string, header mail.Header) {
	reader, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("the mail cannot be read: %v\n%s", err, raw)
	}
	for fields := reader.Header.Fields(); fields.Next(); {
		names = append(names, strings.ToLower(fields.Key()))
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the mail's parts cannot be read: %v\n%s", err, raw)
		}
		if _, err := io.Copy(io.Discard, part.Body); err != nil {
			t.Fatalf("a part cannot be read: %v\n%s", err, raw)
		}
	}
	slices.Sort(names)
	return names, reader.Header
}

func checkLines(t *rapid.T, raw []byte) {
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
			t.Fatalf("a line of %d bytes, or a lone CR or LF: %.80q", len(line), line)
		}
	}
}

func TestNoValueAddsARecipientOrAHeader(t *testing.T) {
	server := startSandbox(t)
	p := program(t, sandboxed(server), `
		input name: string
		input address: string
		input subject: string
		input header: string
		input body: string
		input parent: string
		sendEmail <
			to: "${name} <${address}>", copy: ["${name} <c@x.y>"], from: "${name} <f@x.y>"
			subject: "Re ${subject}", headers: { "X-Value": header }, inReplyTo: parent, message: body
		>`)
	expected := []string{"auto-submitted", "cc", "content-transfer-encoding", "content-type", "date", "from", "in-reply-to",
		"message-id", "mime-version", "references", "subject", "to", "x-auto-response-suppress", "x-value"}
	sent := 0
	rapid.Check(t, func(t *rapid.T) {
		hostileOr := func(label, harmless string) string {
			if rapid.Bool().Draw(t, label+" hostile") {
				return hostile().Draw(t, label)
			}
			return harmless
		}
		inputs := runtime.Inputs{
			"name":    hostileOr("name", "Ann"),
			"address": hostileOr("address", "a@x.y"),
			"subject": hostileOr("subject", "s"),
			"header":  hostileOr("header", "v"),
			"body":    hostileOr("body", "text"),
			"parent":  hostileOr("parent", "a@b"),
		}
		server.Forget()
		if _, err := p.Run(testContext(t), inputs); err != nil {
			if len(server.Mails()) != 0 {
				t.Fatalf("an error, and a mail: %v", err)
			}
			return
		}
		sent++
		captured := server.Mails()[0]
		if want := []string{inputs["address"].(string), "c@x.y"}; len(captured.To) > 2 || captured.To[len(captured.To)-1] != "c@x.y" && captured.To[0] != "c@x.y" {
			t.Fatalf("sent to %q, want %q", captured.To, want)
		}
		if captured.From != "f@x.y" {
			t.Fatalf("sent from %q", captured.From)
		}
		checkLines(t, captured.Raw)
		names, header := headers(t, captured.Raw)
		for _, optional := range []string{"in-reply-to", "references"} {
			if !header.Has(optional) {
				names = append(names, optional)
			}
		}
		slices.Sort(names)
		if !slices.Equal(names, expected) {
			t.Fatalf("headers %q", names)
		}
		for _, field := range []string{"From", "To", "Cc"} {
			list, err := header.AddressList(field)
			if err != nil || len(list) > 1 {
				t.Fatalf("%s holds %v (%v)", field, list, err)
			}
		}
		if got, err := header.Subject(); err != nil || strings.TrimSpace(got) != strings.TrimSpace("Re "+inputs["subject"].(string)) {
			t.Fatalf("subject %q (%v)", got, err)
		}
		if got, err := header.Text("X-Value"); err != nil || got != strings.TrimSpace(inputs["header"].(string)) {
			t.Fatalf("header %q (%v)", got, err)
		}
	})
	if sent == 0 {
		t.Error("no mail was sent at all")
	}
}

// outline is the elements and attributes of a document, without texts and values.
func outline(t *rapid.T, markup string) string {
	var b strings.Builder
	for tokenizer := html.NewTokenizer(strings.NewReader(markup)); ; {
		kind := tokenizer.Next()
		if kind == html.ErrorToken {
			if err := tokenizer.Err(); err != io.EOF {
				t.Fatal(err)
			}
			return b.String()
		}
		token := tokenizer.Token()
		if kind != html.TextToken {
			b.WriteString("<" + token.Type.String() + " " + token.Data)
			for _, attribute := range token.Attr {
				b.WriteString(" " + attribute.Key)
			}
			b.WriteString(">")
		}
	}
}

func TestNoValueChangesTheStructureOfHTML(t *testing.T) {
	server := startSandbox(t)
	p := program(t, sandboxed(server), `
		input a: string
		input b: string
		input c: string
		sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", format: "html", message: """
			<p title="${a}">Dear ${b},</p>
			<a href="https://x.y/?q=${c}" data-x='${a}'>${c}</a> {{ stays }}
			<ul><li>${b}</li></ul>
			""" >`)
	want := ""
	rapid.Check(t, func(t *rapid.T) {
		mark := "seen" + rapid.StringMatching(`[a-z]{4}`).Draw(t, "mark")
		inputs := runtime.Inputs{"a": hostile().Draw(t, "a"), "b": hostile().Draw(t, "b") + mark, "c": hostile().Draw(t, "c")}
		server.Forget()
		if _, err := p.Run(testContext(t), inputs); err != nil {
			t.Fatal(err)
		}
		captured := server.Mails()[0]
		checkLines(t, captured.Raw)
		headers(t, captured.Raw)
		message := parsedIn(t, captured)
		if got := outline(t, message.HTML); want == "" {
			want = got
		} else if got != want {
			t.Fatalf("structure %s\nwant      %s", got, want)
		}
		if !strings.Contains(message.HTML, "{{ stays }}") || !strings.Contains(message.Text, mark) {
			t.Fatalf("text is lost:\n%s\n%s", message.HTML, message.Text)
		}
	})
}

func parsedIn(t *rapid.T, captured mailtest.Mail) *mailtest.Message {
	message, err := captured.Parse()
	if err != nil {
		t.Fatal(err)
	}
	return message
}
