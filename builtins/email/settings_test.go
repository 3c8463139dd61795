package email_test

import (
	"slices"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/lang"
)

// head is what a captured mail says of itself, for one-line comparisons.
func head(m *mailtest.Message, names ...string) string {
	var lines []string
	for _, name := range names {
		lines = append(lines, name+": "+m.Header(name))
	}
	return strings.Join(lines, "\n")
}

func TestEachSettingReachesTheMail(t *testing.T) {
	const minimal = `to: "ann@example.com", from: "shop@shop.example", subject: "Hi", message: "Hello"`
	for name, c := range map[string]struct {
		settings string
		look     func(mailtest.Mail, *mailtest.Message) string
		want     string
	}{
		"to": {
			settings: `to: ["Ann <ann@example.com>", "bob@example.com"], from: "a@b.example", subject: "x", message: "y"`,
			look: func(m mailtest.Mail, p *mailtest.Message) string {
				return strings.Join(m.To, " ") + " | " + p.Header("To")
			},
			want: `ann@example.com bob@example.com | "Ann" <ann@example.com>, <bob@example.com>`,
		},
		"copy": {
			settings: minimal + `, copy: "Bob <bob@example.com>"`,
			look: func(m mailtest.Mail, p *mailtest.Message) string {
				return strings.Join(m.To, " ") + " | " + p.Header("Cc")
			},
			want: `ann@example.com bob@example.com | "Bob" <bob@example.com>`,
		},
		"cc": {
			settings: minimal + `, cc: "bob@example.com"`,
			look:     func(_ mailtest.Mail, p *mailtest.Message) string { return p.Header("Cc") },
			want:     "<bob@example.com>",
		},
		"bcc": {
			settings: minimal + `, bcc: "boss@example.com"`,
			look: func(m mailtest.Mail, _ *mailtest.Message) string {
				if strings.Contains(strings.ToLower(string(m.Raw)), "bcc") || strings.Contains(string(m.Raw), "boss") {
					return "it shows"
				}
				return strings.Join(m.To, " ")
			},
			want: "ann@example.com boss@example.com",
		},
		"subject": {
			settings: `to: "a@x.y", from: "b@x.y", message: "y", subject: "Ваше замовлення вже в дорозі, дякуємо за покупку"`,
			look:     func(_ mailtest.Mail, p *mailtest.Message) string { return p.Header("Subject") },
			want:     "Ваше замовлення вже в дорозі, дякуємо за покупку",
		},
		"from": {
			settings: `to: "a@x.y", from: "Jörg <joerg@bücher.example>", message: "y", subject: "s"`,
			look: func(m mailtest.Mail, p *mailtest.Message) string {
				return m.From + " | " + p.Header("From")
			},
			want: "joerg@xn--bcher-kva.example | Jörg <joerg@xn--bcher-kva.example>",
		},
		"message": {
			settings: minimal,
			look:     func(_ mailtest.Mail, p *mailtest.Message) string { return p.Text + p.HTML },
			want:     "Hello\r\n",
		},
		"format": {
			settings: `to: "a@x.y", from: "b@x.y", subject: "s", format: "html", message: "<p>1 ${"<"} 2</p>"`,
			look:     func(_ mailtest.Mail, p *mailtest.Message) string { return p.HTML + " | " + p.Text },
			want:     "<p>1 &lt; 2</p> | 1 < 2\r\n",
		},
		"inReplyTo": {
			settings: minimal + `, inReplyTo: "abc@example.com"`,
			look: func(_ mailtest.Mail, p *mailtest.Message) string {
				return head(p, "In-Reply-To", "References", "Auto-Submitted")
			},
			want: "In-Reply-To: <abc@example.com>\nReferences: <abc@example.com>\nAuto-Submitted: auto-replied",
		},
		"inReplyTo blank": {
			settings: minimal + `, inReplyTo: " "`,
			look: func(_ mailtest.Mail, p *mailtest.Message) string {
				return head(p, "In-Reply-To", "References", "Auto-Submitted")
			},
			want: "In-Reply-To: \nReferences: \nAuto-Submitted: auto-generated",
		},
		"inReplyTo nil": {
			settings: minimal + `, inReplyTo: nil`,
			look:     func(_ mailtest.Mail, p *mailtest.Message) string { return p.Header("In-Reply-To") },
			want:     "",
		},
		"headers": {
			settings: minimal + `, headers: { "X-Order": 42, "X-Name": "Jörg  B" }`,
			look:     func(_ mailtest.Mail, p *mailtest.Message) string { return head(p, "X-Order", "X-Name") },
			want:     "X-Order: 42\nX-Name: Jörg  B",
		},
		"server and tls": {
			settings: minimal + `, server: "smtp.example.com", tls: true`,
			look:     func(m mailtest.Mail, _ *mailtest.Message) string { return m.TLS },
			want:     "TLS 1.3",
		},
		"port 465": {
			settings: minimal + `, server: "smtp.example.com", port: 465`,
			look:     func(m mailtest.Mail, _ *mailtest.Message) string { return m.TLS },
			want:     "TLS 1.3",
		},
		"tls by name": {
			settings: minimal + `, server: "192.0.2.1", tls: "implicit"`,
			look:     func(m mailtest.Mail, _ *mailtest.Message) string { return m.TLS },
			want:     "TLS 1.3",
		},
		"tls off": {
			settings: minimal + `, server: "smtp.example.com", tls: false`,
			look:     func(m mailtest.Mail, _ *mailtest.Message) string { return m.TLS },
			want:     "",
		},
		"smtp": {
			settings: `to: "a@x.y", message: "y", subject: "s", server: "smtp.example.com", smtp: { user: "ann@example.com", password: secret("MAIL") }`,
			look:     func(m mailtest.Mail, _ *mailtest.Message) string { return m.User + " sends as " + m.From },
			want:     "ann@example.com sends as ann@example.com",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			mail := delivered(t, server, "sendEmail < "+c.settings+" >", nil)
			if got := c.look(mail, parsed(t, mail)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestSettingsThatNeedAStoreAreRefusedWithoutOne(t *testing.T) {
	for setting, at := range map[string]string{
		`contactIds: [1]`: "4:15", `useVariable: true, contactIdsVariable: ids`: "4:42",
		`owner: 1`: "4:10", `profile: "shop"`: "4:12", `store: true`: "4:10",
	} {
		t.Run(setting, func(t *testing.T) {
			flow := "ids = [1]\nsendEmail <\n  to: \"a@x.y\", subject: \"s\", message: \"m\"\n  " + setting + "\n>"
			wantDiagnostic(t, flow, lang.Error, at, "needs a store, and this host has none")
		})
	}
}

func TestCheckFindsFaultsBeforeTheRun(t *testing.T) {
	call := func(setting string) string {
		flow := "sendEmail <\n  "
		for key, value := range map[string]string{"to": `"a@x.y"`, "message": `"m"`, "subject": `"s"`} {
			if !strings.HasPrefix(setting, key+":") && !(key == "subject" && strings.HasPrefix(setting, "/*none*/")) {
				flow += key + ": " + value + ", "
			}
		}
		return flow + "\n" + setting + "\n>"
	}
	for name, c := range map[string]struct {
		setting  string
		severity lang.Severity
		at       string
		want     string
	}{
		"a bad address":       {`to: "bob"`, lang.Error, "3:5", `"bob" is not an address`},
		"a bad copy":          {`copy: ["a@x.y", "@"]`, lang.Error, "3:17", `"@" is not an address`},
		"no recipient":        {`to: ""`, lang.Error, "3:5", "to holds no address"},
		"an empty list":       {`to: []`, lang.Error, "3:5", "to holds no address"},
		"an empty message":    {`message: " "`, lang.Error, "3:10", "the message is empty"},
		"an HTML message":     {`message: "<p>${1}</p>"`, lang.Warning, "3:10", "looks like HTML"},
		"a broken tag":        {`message: "<a href=\"x", format: "html"`, lang.Error, "3:10", "the HTML ends inside"},
		"a bare message":      {`message: string(1), format: "html"`, lang.Warning, "3:10", "escaped whole"},
		"an unknown format":   {`format: "markdwn"`, lang.Error, "3:9", "format"},
		"no subject":          {`/*none*/`, lang.Warning, "1:1", "the mail has no subject"},
		"an empty subject":    {`subject: ""`, lang.Warning, "3:10", "the mail has no subject"},
		"a subject of lines":  {`subject: "a\nb"`, lang.Error, "3:10", "a line break is not allowed"},
		"a bad header name":   {`headers: { "a b": "x" }`, lang.Error, "3:12", `"a b" is not a header name`},
		"a header of ours":    {`headers: { "bcc": "x" }`, lang.Error, "3:12", `use the setting "bcc"`},
		"a content header":    {`headers: { "Content-Type": "x" }`, lang.Error, "3:12", `use the setting "format"`},
		"a header of lines":   {`headers: { "X-A": "x\r\nBcc: e@x.y" }`, lang.Error, "3:12", `header "X-A": a line break`},
		"a header twice":      {`headers: { "X-A": "x", "x-a": "y" }`, lang.Error, "3:10", "given twice"},
		"a bad message id":    {`inReplyTo: "abc"`, lang.Error, "3:12", "is not a message id"},
		"a delay":             {`retryCount: 1, retryDelay: "0s"`, lang.Error, "3:28", "retryDelay is 0s, want more than 0s and at most 5m"},
		"a delay too long":    {`retryCount: 1, retryDelay: "6m"`, lang.Error, "3:28", "retryDelay is 6m, want more than 0s and at most 5m"},
		"a delay for nothing": {`retryDelay: "2s"`, lang.Warning, "3:13", "retryDelay does nothing without retryCount"},
		"unknown for nothing": {`retryCount: 0, retryUnknown: true`, lang.Warning, "3:30", "retryUnknown does nothing without retryCount"},
		"a port":              {`port: 0`, lang.Error, "3:7", "want 1 to 65535"},
		"a URL as server":     {`server: "smtp://x.y"`, lang.Error, "3:9", "write the host name alone"},
		"a server and a port": {`server: "x.y:25"`, lang.Error, "3:9", `write server: "x.y", port: 25`},
		"a mode":              {`tls: "ssl"`, lang.Error, "3:6", `write true, false, "starttls"`},
		"beside a variable":   {`smtp: { user: string(1), password: "p" }`, lang.Warning, "3:7", `secret("NAME")`},
		"a literal password":  {`smtp: { user: "u", password: "p" }`, lang.Warning, "3:7", `secret("NAME")`},
	} {
		t.Run(name, func(t *testing.T) {
			wantDiagnostic(t, call(c.setting), c.severity, c.at, c.want)
		})
	}
}

func TestEveryMailCarriesItsOwnHeaders(t *testing.T) {
	server := startSandbox(t)
	mail := delivered(t, server, `sendEmail < to: "a@x.y", from: "shop@shop.example", subject: "s", message: "m" >`, nil)
	message := parsed(t, mail)
	var names []string
	for _, h := range message.Headers {
		names = append(names, h.Name)
	}
	slices.Sort(names)
	want := []string{"Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id",
		"Mime-Version", "Subject", "To", "X-Auto-Response-Suppress"}
	if !slices.Equal(names, want) {
		t.Errorf("headers %q, want %q", names, want)
	}
	if got := head(message, "Auto-Submitted", "X-Auto-Response-Suppress"); got != "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All" {
		t.Error(got)
	}
	if id := message.Header("Message-ID"); !strings.HasPrefix(id, "<") || !strings.HasSuffix(id, "@shop.example>") {
		t.Errorf("message id %q", id)
	}
}

func TestAddressesThatRepeatAreSentOnce(t *testing.T) {
	server := startSandbox(t)
	mail := delivered(t, server, `sendEmail < from: "f@x.y", subject: "s", message: "m",
		to: "a@x.y, A <a@X.Y>, b@x.y", copy: "b@x.y, c@x.y", bcc: ["c@x.y", "a@x.y", "d@x.y"] >`, nil)
	if want := []string{"a@x.y", "b@x.y", "c@x.y", "d@x.y"}; !slices.Equal(mail.To, want) {
		t.Errorf("envelope %q, want %q", mail.To, want)
	}
	if got := head(parsed(t, mail), "To", "Cc"); got != "To: <a@x.y>, <b@x.y>\nCc: <c@x.y>" {
		t.Error(got)
	}
}

func TestFaultsOfValuesAreFoundBeforeConnecting(t *testing.T) {
	const rest = `from: "f@x.y", subject: "s"`
	many := make([]any, 101)
	for i := range many {
		many[i] = "a" + strings.Repeat("b", i%60) + string(rune('a'+i/60)) + "@x.y"
	}
	lots := map[string]any{}
	for i := range 51 {
		lots["X-"+strings.Repeat("a", i+1)] = "v"
	}
	for name, c := range map[string]struct {
		settings string
		value    any
		want     string
	}{
		"a bad address":      {`to: x, message: "m", ` + rest, "bob", `test.flow:2:17: sendEmail: to: "bob" is not an address`},
		"no address":         {`to: x, message: "m", ` + rest, []any{}, "to holds no address"},
		"too many":           {`to: x, message: "m", ` + rest, many, "101 recipients, at most 100"},
		"an empty message":   {`to: "a@x.y", message: x, ` + rest, "", "test.flow:2:35: sendEmail: the message is empty"},
		"a subject of lines": {`to: "a@x.y", message: "m", from: "f@x.y", subject: "a ${x}"`, "b\r\nBcc: e@x.y", "subject: a line break"},
		"a header of lines":  {`to: "a@x.y", message: "m", headers: { "X-A": x }, ` + rest, "b\nc", `header "X-A": a line break`},
		"too many headers":   {`to: "a@x.y", message: "m", headers: x, ` + rest, lots, "51 headers are given, at most 50"},
		"a message id":       {`to: "a@x.y", message: "m", inReplyTo: x, ` + rest, "<a@b>\r\nX: y", "is not a message id"},
		"a link in HTML":     {`to: "a@x.y", format: "html", message: "<a href=\"${x}\">y</a>", ` + rest, "javascript:alert(1)", "may not stand at this place"},
		"a server":           {`to: "a@x.y", message: "m", server: x, ` + rest, "a b", "neither a host name nor an IP address"},
		"a list in an entry": {`to: "a@x.y, ${x}", message: "m", ` + rest, "b@x.y, evil@x.y", "a list where one address is wanted"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			wantError(t, sandboxed(server), "input x\nsendEmail < "+c.settings+" >", map[string]any{"x": c.value}, c.want)
			if n := server.Connections(); n != 0 {
				t.Errorf("%d connections were made", n)
			}
		})
	}
}

func TestSenderIsFoundInItsOrder(t *testing.T) {
	host := email.Address{Name: "Host", Local: "host", Domain: "host.example"}
	for name, c := range map[string]struct {
		settings string
		from     email.Address
		want     string
	}{
		"the setting":          {`from: "own@x.y", server: "s.example", smtp: {user: "user@x.y", password: secret("P")}`, host, "own@x.y"},
		"the SMTP user":        {`server: "s.example", smtp: {user: "user@x.y", password: secret("P")}`, host, "user@x.y"},
		"a user is no address": {`server: "s.example", smtp: {user: "user", password: secret("P")}`, host, "host@host.example"},
		"the host's sender":    {`server: "s.example"`, host, "host@host.example"},
		"the sandbox's own":    {`server: "s.example"`, email.Address{}, "flow@sandbox.example"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			config := sandboxed(server)
			config.From = c.from
			if _, err := runFlow(t, config, `sendEmail < to: "a@x.y", subject: "s", message: "m", `+c.settings+` >`, nil); err != nil {
				t.Fatal(err)
			}
			if got := onlyMail(t, server).From; got != c.want {
				t.Errorf("from %q, want %q", got, c.want)
			}
		})
	}
}
