package email_test

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"flowrun/builtins/email"
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
			"\u2067", "\u061c", "\u200f", "../", "*", "`", "|", "[a](b)", "![a](b)", "\n# a", "\n- a", "&bcc=evil@x.y", "?bcc=evil@x.y", ">, <mailto:evil@x.y", ";", "filename=evil.exe",
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

// injected are the settings that TestNoValueAddsARecipientOrAHeader fills with
// hostile values, and uninjected those whose values no mail holds as they are.
var (
	injected = []string{
		"to", "copy", "bcc", "from", "subject", "message", "text", "files", "embed", "attach", "replyTo", "sender",
		"listUnsubscribe", "inReplyTo", "headers",
	}
	uninjected = []string{
		"format", "priority", // one of a few words
		"server", "port", "tls", "smtp", "profile", // where the mail goes
		"responseCode", "dryRun", "store", "quote", "useVariable", "contactIds", "contactIdsVariable", "owner", // of the flow and the store
		"retryCount", "retryDelay", "retryUnknown", // when the mail goes
	}
)

func TestEverySettingIsHeldAgainstHostileValues(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[email.Settings]()) {
		key, _, _ := strings.Cut(field.Tag.Get("flow"), ",")
		if key != "" && !slices.Contains(injected, key) && !slices.Contains(uninjected, key) {
			t.Errorf("no test fills the setting %q with hostile values: add it to TestNoValueAddsARecipientOrAHeader and to injected, or tell in uninjected why not", key)
		}
	}
}

// harmless are the values of everything that the flow below takes, and prefixed
// what stands before a hostile one, so that it comes as far as it can.
var (
	harmless = map[string]string{
		"name": "Ann", "address": "a@x.y", "subject": "s", "header": "v", "body": "text", "parent": "a@b", "attachment": "a.txt",
		"type": "text/plain", "content": "c", "unsubscribe": "https://x.y/", "key": "logo", "stored": "b.pdf", "kind": "application/pdf",
	}
	prefixed = map[string][]string{
		"address": {"a", "a@"}, "parent": {"<a@b", "a@"}, "type": {"text/plain; ", "text/plain; x=", `text/plain; x="`, "text/"},
		"kind":        {"text/plain; ", "text/plain; x=", `text/plain; name="`},
		"unsubscribe": {"https://x.y/", "https://x.y/?", "mailto:a@x.y", "mailto:a@x.y?", "mailto:a@x.y?subject="},
	}
)

func TestNoValueAddsARecipientOrAHeader(t *testing.T) {
	server := startSandbox(t)
	store := &fileStore{files: map[int64]fakeFile{}}
	config := sandboxed(server)
	config.Store = store
	source := ""
	for _, name := range slices.Sorted(maps.Keys(harmless)) {
		source += "input " + name + ": string\n"
	}
	p := program(t, config, source+`
		sendEmail <
			to: "${name} <${address}>", copy: ["${name} <c@x.y>"], bcc: "${name} <d@x.y>", from: "${name} <f@x.y>"
			replyTo: "${name} <r@x.y>", sender: "${name} <s@x.y>", subject: "Re ${subject}", headers: { "X-Value": header }
			inReplyTo: parent, message: "<p>${body}</p>", format: "html", text: body, files: 1, embed: { (key): 2 }
			attach: [{ name: attachment, type: type, content: content }, { name: "fix.txt", content: "c" }], listUnsubscribe: unsubscribe
		>`)
	expected := []string{"auto-submitted", "cc", "content-type", "date", "from", "in-reply-to", "list-unsubscribe", "list-unsubscribe-post",
		"message-id", "mime-version", "references", "reply-to", "sender", "subject", "to", "x-auto-response-suppress", "x-value"}
	sent := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		inputs := runtime.Inputs{}
		for name, value := range harmless {
			inputs[name] = value
		}
		bad := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(harmless))), 1, 3, rapid.ID).Draw(t, "hostile")
		for _, name := range bad {
			inputs[name] = rapid.SampledFrom(append(prefixed[name], "")).Draw(t, "prefix") + hostile().Draw(t, name)
		}
		store.files[1] = fileOf(inputs["stored"].(string), inputs["kind"].(string), "1")
		store.files[2] = fileOf(inputs["stored"].(string), "image/png", "2")
		server.Forget()
		if _, err := p.Run(testContext(t), inputs); err != nil {
			if len(server.Mails()) != 0 {
				t.Fatalf("an error, and a mail: %v", err)
			}
			return
		}
		for _, name := range bad {
			sent[name]++
		}
		captured := server.Mails()[0]
		if len(captured.To) > 3 || !slices.Contains(captured.To, "c@x.y") || !slices.Contains(captured.To, "d@x.y") {
			t.Fatalf("sent to %q, want %q and c@x.y and d@x.y", captured.To, inputs["address"])
		}
		if captured.From != "s@x.y" {
			t.Fatalf("sent from %q", captured.From)
		}
		checkLines(t, captured.Raw)
		names, header := headers(t, captured.Raw)
		for _, optional := range []string{"in-reply-to", "references", "list-unsubscribe-post"} {
			if !header.Has(optional) {
				names = append(names, optional)
			}
		}
		slices.Sort(names)
		if !slices.Equal(names, expected) {
			t.Fatalf("headers %q", names)
		}
		for _, field := range []string{"From", "To", "Cc", "Reply-To", "Sender"} {
			list, err := header.AddressList(field)
			if err != nil || len(list) != 1 {
				t.Fatalf("%s holds %v (%v)", field, list, err)
			}
		}
		if got, err := header.Subject(); err != nil || strings.TrimSpace(got) != strings.TrimSpace("Re "+inputs["subject"].(string)) {
			t.Fatalf("subject %q (%v)", got, err)
		}
		if got, err := header.Text("X-Value"); err != nil || got != strings.TrimSpace(inputs["header"].(string)) {
			t.Fatalf("header %q (%v)", got, err)
		}
		if got := header.Get("List-Unsubscribe"); got != "<"+strings.TrimSpace(inputs["unsubscribe"].(string))+">" ||
			strings.HasPrefix(strings.ToLower(got), "<mailto:") && strings.Contains(strings.ToLower(got), "bcc") {
			t.Fatalf("listUnsubscribe %q", got)
		}
		checkParts(t, captured.Raw)
		attachments := parsedIn(t, captured).Attachments
		if got := attachments[2].Name; got != strings.TrimSpace(inputs["attachment"].(string)) {
			t.Fatalf("attached as %q, want %q", got, inputs["attachment"])
		}
		if stored := attachments[1].Name; stored == "" || strings.ContainsAny(stored, "/\\\r\n\x00\u202e") {
			t.Fatalf("the file of the store is called %q", stored)
		}
	})
	least := 4
	if testing.Short() { // a fifth of the draws
		least = 1
	}
	if len(sent) < least {
		t.Errorf("hostile values came only as far as a mail by %v", sent)
	}
}

// checkParts holds a mail of text, HTML, one embedded and three attached files to
// its parts and their headers.
func checkParts(t *rapid.T, raw []byte) {
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		t.Fatal(err)
	}
	var found []string
	err = entity.Walk(func(path []int, part *message.Entity, err error) error {
		if err != nil && !message.IsUnknownCharset(err) {
			return err
		}
		if len(path) == 0 {
			return nil
		}
		var names []string
		for fields := part.Header.Fields(); fields.Next(); {
			names = append(names, strings.ToLower(strings.TrimPrefix(fields.Key(), "Content-")))
		}
		slices.Sort(names)
		found = append(found, strings.Join(names, " "))
		return nil
	})
	if err != nil {
		t.Fatalf("the parts cannot be read: %v\n%s", err, raw)
	}
	text, file := "transfer-encoding type", "disposition transfer-encoding type"
	want := []string{"type", "type", text, text, "disposition id transfer-encoding type", file, file, file}
	if !slices.Equal(found, want) {
		t.Fatalf("parts with the headers %q\n%s", found, raw)
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
	checkStructure(t, server, p, func(message *mailtest.Message, mark string) bool {
		return strings.Contains(message.HTML, "{{ stays }}") && strings.Contains(message.Text, mark)
	})
}

// checkStructure sends mails with hostile values for the inputs a, b and c, whose
// HTML must have the same elements whatever they are. b ends with a mark, by which
// whole tells that nothing of the mail is lost.
func checkStructure(t *testing.T, server *mailtest.Server, p *runtime.Program, whole func(message *mailtest.Message, mark string) bool) {
	t.Helper()
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
		if !whole(message, mark) {
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

func TestNoValueActsAsMarkdown(t *testing.T) {
	server := startSandbox(t)
	p := program(t, sandboxed(server), strings.ReplaceAll(`
		input a: string
		input b: string
		input c: string
		sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", format: "markdown", message: """
			# Dear ${a},

			**${b}** and *${a}*, ´${b}´ ${a}${b}

			1. ${b}
			2. [${a}](https://x.y/${c} "${b}") ![${b}](cid:logo)

			| ${a} | b |
			|------|---|
			| ${b} | https://x.y/?q=${c} |

			> ${a}

			´´´${c}
			${b}
			´´´
			${a}
			""" >`, "´", "`"))
	checkStructure(t, server, p, func(message *mailtest.Message, mark string) bool {
		return strings.Count(message.HTML, mark) >= 7 && strings.Contains(message.Text, mark)
	})
}
