package email_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/lang"
)

func TestEachSettingOfTheMessageReachesTheMail(t *testing.T) {
	attachments := func(p *mailtest.Message) string {
		var all []string
		for _, a := range p.Attachments {
			all = append(all, fmt.Sprintf("%s %s %s%q", a.Name, a.Type, map[bool]string{true: "cid:" + a.ContentID + " "}[a.Inline], a.Content))
		}
		return strings.Join(all, " | ")
	}
	all := func(names ...string) func(mailtest.Mail, *mailtest.Message) string {
		return func(_ mailtest.Mail, p *mailtest.Message) string { return head(p, names...) }
	}
	for name, c := range map[string]struct {
		settings string
		look     func(mailtest.Mail, *mailtest.Message) string
		want     string
	}{
		"files": {
			`message: "m", files: [2, 1, 2]`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return attachments(p) },
			`b.pdf application/pdf "pdf" | logo.png image/png "png"`,
		},
		"files, one id": {
			`message: "m", files: 2`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return attachments(p) },
			`b.pdf application/pdf "pdf"`,
		},
		"files, nil": {
			`message: "m", files: nil, embed: nil, attach: nil, listUnsubscribe: nil, text: nil, replyTo: nil, sender: nil, priority: nil`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return attachments(p) }, "",
		},
		"a name with folders": {
			`message: "m", files: 3`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return attachments(p) },
			`passwd.txt application/octet-stream "x"`,
		},
		"a name of nothing": {
			`message: "m", files: 4`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return attachments(p) },
			`file-4 application/octet-stream "x"`,
		},
		"embed": {
			`message: "<img src=\"cid:logo\">", format: "html", embed: { logo: 1 }`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return attachments(p) },
			`logo.png image/png cid:logo "png"`,
		},
		"attach": {
			`message: "m", attach: [{ name: "a.csv", content: "a;${1}" }, { name: "b", content: html("<b>${"<"}</b>") }, { name: "c.json", content: toJSON([1]) }, { name: "d", content: 5, type: "application/x-d" }]`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return attachments(p) },
			`a.csv text/csv "a;1" | b text/html "<b>&lt;</b>" | c.json application/json "[1]" | d application/x-d "5"`,
		},
		"attach, one map": {
			`message: "m", attach: { name: "a.txt", content: "" }`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return attachments(p) },
			`a.txt text/plain ""`,
		},
		"text": {
			`message: "<p>m</p>", format: "html", text: "own ${1}"`,
			func(_ mailtest.Mail, p *mailtest.Message) string { return p.Text + "|" + p.HTML },
			"own 1|<p>m</p>",
		},
		"replyTo": {
			`message: "m", replyTo: ["Ann <ann@x.y>", "b@x.y", "ann@X.Y"]`, all("Reply-To"), `Reply-To: "Ann" <ann@x.y>, <b@x.y>`,
		},
		"sender": {
			`message: "m", sender: "Robot <robot@x.y>"`,
			func(m mailtest.Mail, p *mailtest.Message) string { return m.From + " " + head(p, "Sender", "From") },
			"robot@x.y Sender: \"Robot\" <robot@x.y>\nFrom: <f@x.y>",
		},
		"sender as from": {
			`message: "m", sender: "Robot <f@x.y>"`,
			func(m mailtest.Mail, p *mailtest.Message) string { return m.From + " " + head(p, "Sender") }, "f@x.y Sender: ",
		},
		"priority high": {`message: "m", priority: "high"`, all("Importance", "Priority", "X-Priority"), "Importance: high\nPriority: urgent\nX-Priority: 1 (Highest)"},
		"priority low":  {`message: "m", priority: "low"`, all("Importance", "Priority", "X-Priority"), "Importance: low\nPriority: non-urgent\nX-Priority: 5 (Lowest)"},
		"priority":      {`message: "m", priority: "normal"`, all("Importance", "Priority", "X-Priority"), "Importance: normal\nPriority: normal\nX-Priority: 3 (Normal)"},
		"listUnsubscribe by mail": {
			`message: "m", listUnsubscribe: "mailto:leave@x.y?subject=${"a%20b"}"`,
			all("List-Unsubscribe", "List-Unsubscribe-Post"), "List-Unsubscribe: <mailto:leave@x.y?subject=a%20b>\nList-Unsubscribe-Post: ",
		},
		"listUnsubscribe by web": {
			`message: "m", listUnsubscribe: ["https://x.y/${1}", "mailto:leave@x.y"]`,
			all("List-Unsubscribe", "List-Unsubscribe-Post"), "List-Unsubscribe: <https://x.y/1>, <mailto:leave@x.y>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			config := withFiles(sandboxed(server), fileOf("logo.png", "image/png", "png"), fileOf("b.pdf", "application/pdf", "pdf"),
				fileOf("../..\\etc/pass\u202ewd.txt", "message/rfc822", "x"), fileOf("/\r\n", "text/plain\r\nBcc: e@x.y", "x"))
			if _, err := runFlow(t, config, `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", `+c.settings+" >", nil); err != nil {
				t.Fatal(err)
			}
			mail := onlyMail(t, server)
			if got := c.look(mail, parsed(t, mail)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestFaultsOfTheMessageAreFoundBeforeConnecting(t *testing.T) {
	many := make([]any, 101)
	for i := range many {
		many[i] = i + 1
	}
	short := fileOf("short", "a/b", "12345")
	short.size = 6
	long := fileOf("long", "a/b", "12345")
	long.size = 4
	huge := fileOf("huge", "a/b", "")
	huge.size = 1 << 40
	failing := fileOf("failing", "a/b", strings.Repeat("x", 100_000))
	failing.err = errors.New("the disk is on fire")
	cut := fileOf("cut", "a/b", "12345")
	cut.err = io.ErrUnexpectedEOF
	for name, c := range map[string]struct {
		settings string
		value    any
		kind     string
		want     string
	}{
		"no such file":        {`files: [1, x]`, 17, "value", "test.flow:2:62: sendEmail: files: file 17 is not in the store"},
		"no such embedded":    {`format: "html", embed: { logo: x }`, 17, "value", "embed: file 17 is not in the store"},
		"a short file":        {`files: x`, 2, "store", "files: file 2 cannot be read: its content is not the 6 bytes that the store tells of"},
		"a long file":         {`files: x`, 3, "store", "file 3 cannot be read: its content is not the 4 bytes"},
		"a failing file":      {`files: x`, 4, "store", "files: file 4 cannot be read: the disk is on fire"},
		"a file that breaks":  {`files: x`, 5, "store", "files: file 5 cannot be read: unexpected EOF"},
		"a text as id":        {`files: x`, "17", "value", "files: a string where an id is wanted, an int"},
		"a text among ids":    {`files: x`, []any{1, "17"}, "value", "files: element 1 is a string where an id is wanted, an int"},
		"half an id":          {`files: x`, 1.5, "value", "files: 1.5 where an id is wanted, an int from 1"},
		"nil among ids":       {`files: x`, []any{nil}, "value", "files: element 0 is nil where"},
		"an id of 0":          {`files: x`, 0, "value", "files: 0 where an id is wanted, an int from 1"},
		"too many files":      {`files: x`, many, "value", "the mail has 101 attachments, at most 100 are allowed"},
		"too many with these": {`files: x, attach: { name: "a", content: "b" }`, many[:100], "value", "the mail has 101 attachments"},
		"a huge file":         {`files: x`, 6, "size", "what is attached takes 1504594859040 bytes in the mail, at most 36700160 are allowed"},
		"embed without HTML":  {`embed: { logo: 1 }, format: x`, "text", "value", "embed: plain text shows no files"},
		"text without HTML":   {`text: "t", format: x`, "text", "value", "text: the message is the text already"},
		"an empty text":       {`text: x, format: "html"`, " ", "value", "text is empty"},
		"embed of a list":     {`embed: x, format: "html"`, []any{1}, "value", "embed: a list where a map is wanted"},
		"a bad embed name":    {`embed: x, format: "html"`, map[string]any{"a>b": 1}, "value", `embed: "a>b" cannot name an embedded file`},
		"a bad embed id":      {`embed: x, format: "html"`, map[string]any{"a": "b"}, "value", "embed: a: a string where an id is wanted, an int"},
		"attach of a text":    {`attach: x`, "a", "value", "attach: a string where a map with name and content is wanted"},
		"attach of ids":       {`attach: x`, []any{1}, "value", "attach: element 0: an int where a map"},
		"no content":          {`attach: x`, []any{map[string]any{"name": "a"}}, "value", `attach: element 0: it lacks the key "content"`},
		"a list as content":   {`attach: [{ name: "a", content: x }]`, []any{1}, "value", "content: a list where a text is wanted; toJSON(x)"},
		"a map as content":    {`attach: [{ name: "a", content: x }]`, map[string]any{}, "value", "content: a map where a text is wanted; toJSON(x)"},
		"a folder":            {`attach: [{ name: x, content: "c" }]`, "../a", "value", `name "../a": a name has no folders`},
		"a name of lines":     {`attach: [{ name: x, content: "c" }]`, "a\r\nBcc: e@x.y", "value", "the character U+000D is not allowed in the name of a file"},
		"a turned name":       {`attach: [{ name: x, content: "c" }]`, "a\u202efdp.exe", "value", "U+202E is not allowed"},
		"a number as name":    {`attach: [{ name: x, content: "c" }]`, 5, "value", "name: an int where a text is wanted"},
		"a type of lines":     {`attach: [{ name: "a", content: "c", type: x }]`, "text/plain\r\nBcc: e@x.y", "value", "it is not a media type"},
		"a mail as type":      {`attach: [{ name: "a", content: "c", type: x }]`, "message/rfc822", "value", "a part of this type cannot be attached"},
		"a charset":           {`attach: [{ name: "a", content: "c", type: x }]`, "text/plain; charset=koi8-u", "value", "the content is UTF-8"},
		"a parameter":         {`attach: [{ name: "a", content: "c", type: x }]`, "text/plain; x=\"\u00e9\"", "value", "it is not a media type"},
		"http":                {`listUnsubscribe: x`, "http://x.y/", "value", `listUnsubscribe: "http://x.y/" cannot be used: write an https or a mailto URL`},
		"no URL":              {`listUnsubscribe: x`, "", "value", "write an https or a mailto URL"},
		"a URL of lines":      {`listUnsubscribe: [x]`, "https://x.y/\r\nBcc: e@x.y", "value", `listUnsubscribe: element 0: "https://x.y/\r\nBcc: e@x.y" cannot be used: the character U+000D`},
		"a URL and another":   {`listUnsubscribe: x`, "https://x.y/>,<mailto:e@x.y", "value", "the character U+003E is not allowed"},
		"no host":             {`listUnsubscribe: x`, "https:///a", "value", "it names no host"},
		"a password":          {`listUnsubscribe: x`, "https://a:b@x.y/", "value", "it holds a user or password"},
		"a bad mailto":        {`listUnsubscribe: x`, "mailto:bob", "value", `"bob" is not an address`},
		"two to mail":         {`listUnsubscribe: x`, "mailto:a@x.y,b@x.y", "value", "is not an address"},
		"a copy":              {`listUnsubscribe: x`, "mailto:a@x.y?bcc=e@x.y", "value", "only subject and body"},
		"an int as URL":       {`listUnsubscribe: x`, 5, "value", "listUnsubscribe: an int where a URL is wanted"},
		"a header of ours":    {`headers: x`, map[string]any{"X-Priority": "1"}, "value", `use the setting "priority"`},
		"another of ours":     {`headers: x`, map[string]any{"List-Unsubscribe": "1"}, "value", `use the setting "listUnsubscribe"`},
		"a bad replyTo":       {`replyTo: x`, "bob", "value", `replyTo: "bob" is not an address`},
		"two senders":         {`sender: x`, "a@x.y, b@x.y", "value", "holds 2 addresses where one is wanted"},
		"a link in Markdown":  {`format: "markdown", message: "[a](${x})"`, "javascript:alert(1)", "value", "may not stand at this place"},
		"an empty Markdown":   {`format: "markdown", message: "${x}"`, " ", "value", "the message is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			config := withFiles(sandboxed(server), fileOf("a", "a/b", "x"), short, long, failing, cut, huge)
			settings := c.settings
			if !strings.Contains(settings, "message:") {
				settings += `, message: "m"`
			}
			failure := wantError(t, config, "input x\nsendEmail < to: \"a@x.y\", from: \"f@x.y\", subject: \"s\", "+settings+" >", map[string]any{"x": c.value}, "")
			if got := failure.Error() + "; " + failure.Hint; !strings.Contains(got, c.want) || string(failure.Kind) != c.kind {
				t.Errorf("error %q of kind %s; want %q of kind %s", got, failure.Kind, c.want, c.kind)
			}
			if n := server.Connections(); n != 0 {
				t.Errorf("%d connections were made", n)
			}
		})
	}
}

// wantChecked checks a flow of a host with a store; see wantDiagnostic.
func wantChecked(t *testing.T, flow string, severity lang.Severity, at, want string) {
	t.Helper()
	_, diagnostics := compile(t, withFiles(email.Config{}), flow)
	for _, d := range diagnostics {
		place := d.Range().Start
		if d.Severity == severity && fmt.Sprintf("%d:%d", place.Line, place.Column) == at && strings.Contains(d.Summary+" "+d.Hint, want) {
			return
		}
	}
	t.Errorf("diagnostics %v; want %q at %s", diagnostics, want, at)
}

func TestCheckFindsFaultsOfTheMessageBeforeTheRun(t *testing.T) {
	for name, c := range map[string]struct {
		setting  string
		severity lang.Severity
		at       string
		want     string
	}{
		"a text as id":            {`files: ["17"]`, lang.Error, "4:9", "a string where an id is wanted, an int"},
		"an id beside a variable": {`files: [x, "17"]`, lang.Error, "4:12", "a string where an id is wanted, an int"},
		"embed in text":           {`embed: { logo: 1 }`, lang.Error, "4:8", "embed: plain text shows no files"},
		"a text beside text":      {`text: "t"`, lang.Error, "4:7", "text: the message is the text already"},
		"an empty text":           {`text: "", format: "html"`, lang.Error, "4:7", "text is empty"},
		"a bad embed name":        {`format: "html", embed: { "a b": x }`, lang.Error, "4:26", `"a b" cannot name`},
		"an attach name":          {`attach: [{ name: "a/b", content: x }]`, lang.Error, "4:12", "a name has no folders"},
		"an attach type":          {`attach: [{ name: x, content: x, type: "text" }]`, lang.Error, "4:33", "it is not a media type"},
		"an attach key":           {`attach: [{ nam: "a", content: x }]`, lang.Error, "4:12", `did you mean "name"?`},
		"an attached list":        {`attach: [{ name: "a", content: [1] }]`, lang.Error, "4:10", "toJSON(x)"},
		"one map":                 {`attach: { name: "a/b", content: x }`, lang.Error, "4:11", "a name has no folders"},
		"a priority":              {`priority: "urgent"`, lang.Error, "4:11", `want "high", "normal" or "low"`},
		"http":                    {`listUnsubscribe: "http://x.y"`, lang.Error, "4:18", "write an https or a mailto URL"},
		"a header of ours":        {`headers: { "Importance": x }`, lang.Error, "4:12", `use the setting "priority"`},
		"an unknown cid":          {`format: "html", message: "<img src=\"cid:logo\"><p>${x}</p>"`, lang.Warning, "4:26", "cid:logo shows a file that is not embedded"},
		"a cid that is not shown": {`format: "html", message: "<img src=\"cid:logo\"><p>${x}</p>", embed: { logo: 1, mark: 2 }`, lang.Warning, "4:70", "does not show the embedded file mark"},
		"a cid in Markdown":       {`format: "markdown", message: "![a](cid:logo)"`, lang.Warning, "4:30", "cid:logo shows a file that is not embedded"},
		"tags in Markdown":        {`format: "markdown", message: "<b>a</b>"`, lang.Warning, "4:30", "the tags are shown as text"},
		"a bare Markdown":         {`format: "markdown", message: string(x)`, lang.Warning, "4:30", "its Markdown is shown as text"},
		"a hidden part":           {`format: "markdown", message: "a\n\n[b]: ${x}"`, lang.Warning, "4:30", "a ${…} of the message is not shown"},
		"an empty Markdown":       {`format: "markdown", message: " "`, lang.Error, "4:30", "the message is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			flow := "input x\nsendEmail <\n  to: \"a@x.y\", subject: \"s\"\n" + c.setting
			if !strings.Contains(c.setting, "message:") {
				flow += "\nmessage: \"m\""
			}
			wantChecked(t, flow+"\n>", c.severity, c.at, c.want)
		})
	}
}

func TestWellMadeMessagesCheckWithoutAWarning(t *testing.T) {
	for _, settings := range []string{
		`format: "html", message: "<img src='cid:logo'>${x}", embed: { logo: x }`,
		`format: "html", message: "<img src='cid:${x}'>", embed: { logo: 1 }`,
		`format: "html", message: "<img src='cid:logo-${x}'>", embed: { "logo-1": 1 }`,
		`format: "html", message: "${html("<img src='cid:logo'>")}", embed: { logo: 1 }`,
		`format: "html", message: "<img src='cid:a'>", embed: x`,
		`format: "markdown", message: "# ${x}\n\n![a](cid:logo) 1 < 2", embed: { logo: 1 }`,
		`message: "m", files: [1, x], attach: [{ name: x, content: "${x}.", type: "text/csv; header=present" }]`,
		`message: "m", headers: { "X-A": x }, listUnsubscribe: [x, "https://x.y/${x}"]`,
	} {
		if _, diagnostics := compile(t, withFiles(email.Config{}), "input x\nsendEmail < to: \"a@x.y\", subject: \"s\", "+settings+" >"); len(diagnostics) > 0 {
			t.Errorf("%s: %v", settings, diagnostics)
		}
	}
}

func TestStoredFilesNeedAStore(t *testing.T) {
	for setting, at := range map[string]string{`files: [1]`: "2:10", `format: "html", embed: { a: 1 }`: "2:26"} {
		wantDiagnostic(t, "sendEmail < to: \"a@x.y\", subject: \"s\", message: \"m\",\n  "+setting+" >", lang.Error, at, "needs a store")
	}
}
