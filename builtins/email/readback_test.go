package email_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"flowrun/internal/pythonmail"
)

const cyrillic = "Рахунокнаоплатупослугзвязкузалистопад" // 37 letters

// letters gives n letters of Cyrillic.
func letters(n int) string {
	return string([]rune(strings.Repeat(cyrillic, n/37+1))[:n])
}

// mailTo begins a call with what every mail needs.
const mailTo = `sendEmail < to: "ann@example.com", from: "shop@shop.example", `

// readBack sends a mail and reads it by Python, which must find no defect.
func readBack(t *testing.T, files []fakeFile, flow string, inputs map[string]any) pythonmail.Mail {
	t.Helper()
	return readAll(t, sentWith(t, files, flow, inputs))[0]
}

// readAll reads mails by Python, which must find no defect.
func readAll(t *testing.T, raws ...[]byte) []pythonmail.Mail {
	t.Helper()
	mails := pythonmail.Read(t, raws...)
	for i, mail := range mails {
		if defects := mail.Defects(); len(defects) > 0 {
			t.Errorf("defects:\n%s\nof\n%.3000s", strings.Join(defects, "\n"), raws[i])
		}
		head, _, _ := bytes.Cut(raws[i], []byte("\r\n\r\n"))
		for line := range bytes.SplitSeq(head, []byte("\r\n")) {
			if _, value, _ := bytes.Cut(line, []byte(" ")); len(line) > 78 && bytes.ContainsRune(value, ' ') {
				t.Errorf("a line of the head could be folded: %s", line)
			}
		}
	}
	return mails
}

func TestUTF8InEveryHeaderIsReadBack(t *testing.T) {
	name, subject := "Олена Петренко-Коваль", strings.Repeat("Ваше замовлення ", 20)+"вже в дорозі"
	mail := readBack(t, nil, `
		input name: string
		input subject: string
		sendEmail < to: ["${name} <ann@example.com>", "b@example.com"], copy: "${name} <c@example.com>", from: "${name} <f@bücher.example>"
			replyTo: ["${name} <r@example.com>", "s@example.com"], sender: "${name} <robot@example.com>"
			subject: subject, headers: { "X-Name": name }, message: "Добрий день\n" >`,
		map[string]any{"name": name, "subject": subject})
	for field, spec := range map[string]string{
		"To": "ann@example.com", "Cc": "c@example.com", "From": "f@xn--bcher-kva.example", "Reply-To": "r@example.com", "Sender": "robot@example.com",
	} {
		header, _ := mail.Header(field)
		if len(header.Addresses) == 0 || header.Addresses[0] != (pythonmail.Address{Name: name, Spec: spec}) {
			t.Errorf("%s: %v", field, header)
		}
	}
	for field, want := range map[string]string{"Subject": subject, "X-Name": name} {
		if header, _ := mail.Header(field); header.Value != want {
			t.Errorf("%s: %q", field, header.Value)
		}
	}
	if got := mail.Parts[0].Text; got != "Добрий день\n" {
		t.Errorf("text %q", got)
	}
}

func TestFileNamesAreReadBack(t *testing.T) {
	names := []string{
		"plain.pdf", "with blanks in it.pdf", `quo"ted".txt`, "two  blanks.txt", "semi;colon, and = 'quotes' %41.txt",
		"Рахунок № 5.pdf", letters(200) + ".pdf", strings.Repeat("long name ", 20) + "x.pdf", "a=b?c=.txt", "日本語の😀ファイル名.txt",
		"شهادة\u200f-\u061c1.pdf", ".hidden", "a", strings.Repeat("ы", 254) + "🙂",
	}
	var raws [][]byte
	for _, name := range names {
		raws = append(raws,
			sentWith(t, []fakeFile{fileOf(name, "application/pdf", "c")}, mailTo+`subject: "s", message: "m", files: 1 >`, nil),
			sentWith(t, nil, "input name\n"+mailTo+`subject: "s", message: "m", attach: { name: name, content: "c" } >`, map[string]any{"name": name}))
	}
	for i, mail := range readAll(t, raws...) {
		file, want := mail.Parts[len(mail.Parts)-1], names[i/2]
		if file.FileName != want || file.Disposition != "attachment" || string(file.Content) != "c" {
			t.Errorf("read back as %q, want %q", file.FileName, want)
		}
		if kind, _ := file.Header("Content-Type"); !strings.Contains(kind.Value, "name=") {
			t.Errorf("%s: no name for old readers in %s", want, kind.Value)
		}
	}
}

func TestTextHTMLEmbeddedAndAttachedAreReadBack(t *testing.T) {
	logo := string([]byte{0x89, 'P', 'N', 'G', 0, 1, 2, 0xff})
	files := []fakeFile{fileOf("logo.png", "image/png", logo), fileOf(letters(200)+".pdf", "application/pdf", strings.Repeat("%PDF\n", 5000))}
	mail := readBack(t, files, mailTo+`subject: "s", format: "html", files: [2, 2], embed: { logo: 1 }, priority: "high"
		message: "<p>Привіт</p><img src=\"cid:logo\">", text: "Привіт"
		listUnsubscribe: ["https://shop.example/leave?id=1&list=news", "mailto:leave@shop.example?subject=leave"]
		attach: [{ name: "звіт.csv", content: "а;б\n1;2\n" }, { name: "raw", content: "x", type: "application/x-own; v=\"a b\"" }] >`, nil)
	if got, want := mail.Outline(), "multipart/mixed [multipart/related [multipart/alternative [text/plain text/html] image/png] application/pdf text/csv application/x-own]"; got != want {
		t.Errorf("outline %s\nwant    %s", got, want)
	}
	text, markup, image, pdf, csv, own := mail.Parts[3], mail.Parts[4], mail.Parts[5], mail.Parts[6], mail.Parts[7], mail.Parts[8]
	if text.Text != "Привіт" || markup.Text != `<p>Привіт</p><img src="cid:logo">` {
		t.Errorf("text %q, HTML %q", text.Text, markup.Text)
	}
	if image.ContentID != "logo" || image.Disposition != "inline" || string(image.Content) != logo || image.FileName != "logo.png" {
		t.Errorf("embedded %+v", image)
	}
	if pdf.FileName != letters(200)+".pdf" || len(pdf.Content) != 25000 {
		t.Errorf("attached %q, %d bytes", pdf.FileName, len(pdf.Content))
	}
	if csv.Text != "а;б\n1;2\n" || csv.Charset != "utf-8" || csv.FileName != "звіт.csv" || own.FileName != "raw" {
		t.Errorf("made %+v, %+v", csv, own)
	}
	for field, want := range map[string]string{
		"Importance": "high", "Priority": "urgent", "X-Priority": "1 (Highest)",
		"List-Unsubscribe":      "<https://shop.example/leave?id=1&list=news>, <mailto:leave@shop.example?subject=leave>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if header, _ := mail.Header(field); header.Value != want {
			t.Errorf("%s: %q", field, header.Value)
		}
	}
}

func TestMarkdownIsReadBack(t *testing.T) {
	mail := readBack(t, nil, "input x\n"+mailTo+`subject: "s", format: "markdown", message: """
		# Привіт, ${x}

		| a | b |
		|---|---|
		| 1 | ~~2~~ |

		[link](https://shop.example/?q=${x})
		""" >`, map[string]any{"x": "<b> & *"})
	if got := mail.Outline(); got != "multipart/alternative [text/plain text/html]" {
		t.Errorf("outline %s", got)
	}
	if got := mail.Parts[2].Text; !strings.Contains(got, "<h1>Привіт, &lt;b&gt; &amp; *</h1>") || !strings.Contains(got, `href="https://shop.example/?q=%3cb%3e%20%26%20%2a"`) || !strings.Contains(got, "<del>2</del>") {
		t.Errorf("HTML %s", got)
	}
	if got := mail.Parts[1].Text; !strings.HasPrefix(got, "Привіт, <b> & *\n\na b\n1 2\n\nlink (https:") {
		t.Errorf("text %s", got)
	}
}

// TestAMailOfOneFormIsNoMultipart holds simple mails to being simple.
func TestAMailOfOneFormIsNoMultipart(t *testing.T) {
	kinds := map[string]string{
		`message: "m"`:                        "text/plain",
		`message: "<p>m</p>", format: "html"`: "multipart/alternative [text/plain text/html]",
		`message: "m", files: 1`:              "multipart/mixed [text/plain image/png]",
		`message: "<img src=\"cid:a\">", format: "html", embed: {a: 1}`:           "multipart/related [multipart/alternative [text/plain text/html] image/png]",
		`message: "<img src=\"cid:a\">", format: "html", embed: {a: 1}, files: 1`: "multipart/mixed [multipart/related [multipart/alternative [text/plain text/html] image/png] image/png]",
	}
	all := slices.Sorted(maps.Keys(kinds))
	var raws [][]byte
	for _, settings := range all {
		raws = append(raws, sentWith(t, []fakeFile{fileOf("a.png", "image/png", "")}, mailTo+`subject: "s", `+settings+` >`, nil))
	}
	for i, mail := range readAll(t, raws...) {
		if got, want := mail.Outline(), kinds[all[i]]; got != want {
			t.Errorf("%s gives %s, want %s", all[i], got, want)
		}
	}
}
