package email_test

import (
	"strings"
	"testing"
)

func TestHTMLGetsATextForReadersWithoutHTML(t *testing.T) {
	for name, c := range map[string]struct{ markup, want string }{
		"paragraphs":     {"<p>Dear Ann,</p>\n<p>your  parcel\nleft.</p>", "Dear Ann,\n\nyour parcel left."},
		"inline":         {"<p>a<b>b</b> <i>c</i>d</p>", "ab cd"},
		"breaks":         {"a<br>b<br><br>c", "a\nb\n\nc"},
		"a list":         {"<p>You ordered</p><ul><li>tea</li><li>two <b>cups</b></li></ul><p>Bye</p>", "You ordered\n\n- tea\n- two cups\n\nBye"},
		"a nested list":  {"<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"},
		"a table":        {"<table><tr><th>Item</th><th>Price</th></tr>\n<tr><td>tea</td>\n<td>3</td></tr></table>", "Item Price\ntea 3"},
		"a link":         {`see <a href="https://x.y/1">your order</a>.`, "see your order (https://x.y/1)."},
		"a bare link":    {`<a href="https://x.y/">https://x.y/</a> <a href="mailto:a@x.y">a@x.y</a>`, "https://x.y/ a@x.y"},
		"an image":       {`<img src="cid:logo" alt="Shop"> greets`, "Shop greets"},
		"what is unread": {"<head><title>t</title><style>p { }</style></head><body><script>x()</script><p>read</p></body>", "read"},
		"entities":       {"<p>1 &lt; 2 &amp; &euro;</p>", "1 < 2 & €"},
		"preformatted":   {"<pre>a\n  b</pre>", "a\n  b"},
		"a rule":         {"<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"},
		"blocks":         {"<div>a</div><div><div>b</div></div>", "a\nb"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			mail := delivered(t, server, "sendEmail < to: \"a@x.y\", from: \"f@x.y\", subject: \"s\", format: \"html\", message: `"+c.markup+"` >", nil)
			got := strings.TrimSuffix(strings.ReplaceAll(parsed(t, mail).Text, "\r\n", "\n"), "\n")
			if got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestHTMLMessageIsMultipartAlternativeTextFirst(t *testing.T) {
	server := startSandbox(t)
	mail := delivered(t, server, `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", format: "html", message: "<p>Hi</p>" >`, nil)
	raw := string(mail.Raw)
	if got := parsed(t, mail).Header("Content-Type"); !strings.HasPrefix(got, "multipart/alternative;") {
		t.Errorf("content type %q", got)
	}
	if plain, html := strings.Index(raw, "text/plain"), strings.Index(raw, "text/html"); plain < 0 || html < plain {
		t.Errorf("text at %d, html at %d", plain, html)
	}
}

func TestBareMessageIsEscapedWholeInHTML(t *testing.T) {
	server := startSandbox(t)
	mail := delivered(t, server, `input note = "<b>x</b>"
		sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", format: "html", message: note >`, nil)
	if got := parsed(t, mail).HTML; strings.TrimSpace(got) != "&lt;b&gt;x&lt;/b&gt;" {
		t.Errorf("got %q", got)
	}
}

func TestHTMLValueIsNotEscapedAgain(t *testing.T) {
	server := startSandbox(t)
	mail := delivered(t, server, `
		name = "<Ann>"
		rows = html("<b>${name}</b>")
		sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", format: "html", message: rows >`, nil)
	if got := parsed(t, mail).HTML; strings.TrimSpace(got) != "<b>&lt;Ann&gt;</b>" {
		t.Errorf("got %q", got)
	}
}

func TestLongTextArrivesAsWritten(t *testing.T) {
	for name, message := range map[string]string{
		"long lines":   strings.Repeat("word ", 500) + strings.Repeat("x", 3000),
		"dots":         ".\n..\n.x\n. ",
		"Cyrillic":     strings.Repeat("Дякуємо за покупку!\n", 50),
		"mixed breaks": "a\r\nb\rc\nd",
		"emoji":        strings.Repeat("😀", 300) + " ok",
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			mail := delivered(t, server, `input body: string
				sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: body >`, map[string]any{"body": message})
			want := strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(message)
			if got := strings.TrimSuffix(parsed(t, mail).Text, "\r\n"); got != strings.TrimSuffix(want, "\r\n") {
				t.Errorf("got %.200q\nwant %.200q", got, want)
			}
			for line := range strings.SplitSeq(string(mail.Raw), "\r\n") {
				if len(line) > 998 {
					t.Errorf("a line of %d bytes", len(line))
				}
			}
		})
	}
}
