package email_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/store"
)

// seedRow is one of the 22 settings of the "Send email" component: what good
// values of it do, and what bad values are told, word by word.
type seedRow struct {
	name string // in the settings panel
	key  string
	good []goodValue
	bad  []badValue
}

// goodValue is settings with what they lead to.
type goodValue struct {
	settings string
	inputs   runtime.Inputs
	look     func(*shop) string
	want     string
}

// badValue is settings with the whole message that they get, by check or by the
// run, with the hint behind a bar. Nothing connects, and nothing is kept.
type badValue struct {
	settings string
	x        any // the input x
	want     string
}

// shop is a server, a store and what a flow left in them.
type shop struct {
	t         *testing.T
	server    *mailtest.Server
	store     *store.Store
	variables map[string]any
}

// newShop starts a server and fills a store: profile 1 "shop", 2 "closed", files 1
// and 2, contacts 1 and 2, user 1, and a message <question@example.com>.
func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, server: startSandbox(t, mailtest.WithPlaintextAuth()), store: openStore(t)}
	ctx := t.Context()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.store.AddProfile(ctx, email.Profile{Name: "shop", Host: "mail.shop.example", User: "orders",
		Password: "env:SHOP_PASSWORD", From: "Shop <orders@shop.example>"}))
	must(s.store.AddProfile(ctx, email.Profile{Name: "closed", Host: "mail.shop.example", Disabled: true}))
	must(s.store.AddFile(ctx, email.File{Name: "invoice.pdf"}, strings.NewReader("%PDF-1.7 invoice")))
	must(s.store.AddFile(ctx, email.File{Name: "terms.txt"}, strings.NewReader("terms")))
	must(s.store.AddContact(ctx, email.Contact{Name: "Ann"}))
	must(s.store.AddContact(ctx, email.Contact{Name: "Bob"}))
	must(s.store.AddUser(ctx, email.User{Name: "Olha"}))
	importMail(t, s.store, question)
	return s
}

// question is a mail that came in.
const question = `Message-ID: <question@example.com>
Date: Mon, 23 Nov 2026 10:00:00 +0200
From: Ann Smith <ann@example.com>
To: shop@shop.example
Subject: Is it in stock?

I mean the blue one.
`

func (s *shop) config() email.Config {
	config := sandboxed(s.server)
	config.Store = s.store
	config.Resolve = email.ReferencesOf(func(name string) (string, bool) {
		return map[string]string{"SHOP_PASSWORD": "password of the shop"}[name], true
	})
	return config
}

func (s *shop) mail() mailtest.Mail        { return onlyMail(s.t, s.server) }
func (s *shop) message() *mailtest.Message { return parsed(s.t, s.mail()) }

// header gives a field of the only mail.
func header(name string) func(*shop) string {
	return func(s *shop) string { return s.message().Header(name) }
}

// kept gives the only outbound message of the store.
func (s *shop) kept() *email.Message {
	s.t.Helper()
	messages, err := s.store.Messages(s.t.Context(), store.Filter{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range messages {
		if m.State != email.StateReceived {
			whole, err := s.store.Message(s.t.Context(), m.ID)
			if err != nil {
				s.t.Fatal(err)
			}
			return &whole
		}
	}
	return nil
}

const (
	mailSettings = `from: "f@x.y", subject: "s", message: "m", `
	allBut       = `to: "a@x.y", from: "f@x.y", subject: "s", message: "m", `
)

func variable(name string) func(*shop) string {
	return func(s *shop) string { return fmt.Sprint(s.variables[name]) }
}

func envelopeTo(s *shop) string { return strings.Join(s.mail().To, " ") }

var seedRows = []seedRow{
	{"To", "to", []goodValue{
		{`to: "Ann Smith <ann@x.y>, b@x.y", ` + mailSettings, nil, header("To"), `"Ann Smith" <ann@x.y>, <b@x.y>`},
		{`to: ["a@x.y", "Їжак <b@x.y>"], ` + mailSettings, nil, header("To"), `<a@x.y>, Їжак <b@x.y>`},
		{`to: x, ` + mailSettings, runtime.Inputs{"x": []any{"a@x.y", "b@x.y"}}, envelopeTo, "a@x.y b@x.y"},
		{`to: "${x} <a@x.y>", ` + mailSettings, runtime.Inputs{"x": "Smith, Ann"}, header("To"), `"Smith, Ann" <a@x.y>`},
	}, []badValue{
		{mailSettings, nil, `2:1: sendEmail needs the setting "to"`},
		{`to: "bob", ` + mailSettings, nil, `3:5: to: "bob" is not an address: it has no @`},
		{`to: x, ` + mailSettings, 7, `3:5: to: an int where an address is wanted | write a string like "Ann <ann@example.com>", or a list of them`},
		{`to: "${x} <a@x.y>", ` + mailSettings, "a\r\nBcc: e@x.y", `3:5: to: "a\r\nBcc: e@x.y <a@x.y>" is not an address: the character U+000D is not allowed in a name`},
	}},
	{"Copy", "copy", []goodValue{
		{`copy: "Bob <b@x.y>", ` + allBut, nil, header("Cc"), `"Bob" <b@x.y>`},
		{`cc: "b@x.y, a@x.y", ` + allBut, nil, envelopeTo, "a@x.y b@x.y"},
	}, []badValue{
		{`copy: "@x.y", ` + allBut, nil, `3:7: copy: "@x.y" is not an address: nothing stands before the @`},
	}},
	{"Subject", "subject", []goodValue{
		{`subject: "Ваше замовлення ${x}", to: "a@x.y", from: "f@x.y", message: "m"`, runtime.Inputs{"x": 7}, header("Subject"), "Ваше замовлення 7"},
		{`inReplyTo: "question@example.com", to: "a@x.y", from: "f@x.y", message: "m"`, nil, header("Subject"), "Re: Is it in stock?"},
	}, []badValue{
		{`subject: x, to: "a@x.y", from: "f@x.y", message: "m"`, "a\nBcc: e@x.y", `3:10: subject: a line break is not allowed`},
		{`subject: 7, to: "a@x.y", from: "f@x.y", message: "m"`, nil, `3:10: subject is the int 7, want a string`},
	}},
	{"From", "from", []goodValue{
		{`from: "Shop <shop@x.y>", to: "a@x.y", subject: "s", message: "m"`, nil, header("From"), `"Shop" <shop@x.y>`},
		{`profile: "shop", to: "a@x.y", subject: "s", message: "m"`, nil, header("From"), `"Shop" <orders@shop.example>`},
	}, []badValue{
		{`from: "a@x.y, b@x.y", to: "a@x.y", subject: "s", message: "m"`, nil, `3:7: from: "a@x.y, b@x.y" holds 2 addresses where one is wanted | write each address as an element of its own`},
	}},
	{"Message", "message", []goodValue{
		{`message: "Dear ${x}", to: "a@x.y", from: "f@x.y", subject: "s"`, runtime.Inputs{"x": "Ann"}, func(s *shop) string { return s.message().Text }, "Dear Ann\r\n"},
		{`message: "<p>${x}</p>", format: "html", to: "a@x.y", from: "f@x.y", subject: "s"`, runtime.Inputs{"x": "<b>"}, func(s *shop) string { return s.message().HTML }, "<p>&lt;b&gt;</p>"},
	}, []badValue{
		{`message: "", to: "a@x.y", from: "f@x.y", subject: "s"`, nil, `3:10: the message is empty`},
		{`message: x, to: "a@x.y", from: "f@x.y", subject: "s"`, " \n", `3:10: the message is empty`},
	}},
	{"Files", "files", []goodValue{
		{`files: [1, 2], ` + allBut, nil, attachments, "invoice.pdf (application/pdf): %PDF-1.7 invoice; terms.txt (text/plain): terms"},
		{`files: x, ` + allBut, runtime.Inputs{"x": []any{2}}, attachments, "terms.txt (text/plain): terms"},
	}, []badValue{
		{`files: [1, 17], ` + allBut, nil, `3:8: files: file 17 is not in the store | "flowrun files list" shows those that there are`},
		{`files: ["invoice.pdf"], ` + allBut, nil, `3:9: files: a string where an id is wanted, an int`},
	}},
	{"In Reply To", "inReplyTo", []goodValue{
		{`inReplyTo: "<question@example.com>", ` + allBut, nil, header("In-Reply-To"), "<question@example.com>"},
		{`inReplyTo: "a@b", ` + allBut, nil, header("References"), "<a@b>"},
		{`inReplyTo: x, ` + allBut, runtime.Inputs{"x": ""}, header("In-Reply-To"), ""},
		{`inReplyTo: nil, ` + allBut, nil, header("In-Reply-To"), ""},
	}, []badValue{
		{`inReplyTo: "7", ` + allBut, nil, `3:12: inReplyTo: "7" is not a message id | a message id is <left@right>, the Message-ID header of the mail that is answered`},
		{`inReplyTo: x, ` + allBut, "<a@b>\r\nBcc: e@x.y", `3:12: inReplyTo: "<a@b>\r\nBcc: e@x.y" is not a message id | a message id is <left@right>, the Message-ID header of the mail that is answered`},
		{`inReplyTo: x, ` + allBut, 7, `3:12: inReplyTo: an int where a message id is wanted`},
	}},
	{"Use variable", "useVariable", []goodValue{
		{`useVariable: true, contactIdsVariable: x, store: true, ` + allBut, runtime.Inputs{"x": 2}, contacts, "[2]"},
		{`useVariable: false, contactIds: [1], store: true, ` + allBut, nil, contacts, "[1]"},
	}, []badValue{
		{`useVariable: true, contactIds: [1], contactIdsVariable: x, ` + allBut, 1, `3:32: contactIds is disabled by useVariable: true; leave one of them out`},
		{`useVariable: true, ` + allBut, nil, `3:14: useVariable: true takes the contacts from contactIdsVariable; add it`},
		{`useVariable: x == 1, contactIds: 1, contactIdsVariable: x, ` + allBut, 1, `3:34: contactIds is disabled by useVariable: true; leave one of them out`},
		{`useVariable: "yes", ` + allBut, nil, `3:14: useVariable is the string "yes", want true or false`},
	}},
	{"Contact Ids", "contactIds", []goodValue{
		{`contactIds: [1, 2], store: true, ` + allBut, nil, contacts, "[1 2]"},
		{`contactIds: 1, store: true, ` + allBut, nil, contacts, "[1]"},
	}, []badValue{
		{`contactIds: [1, 9], ` + allBut, nil, `3:13: contactIds: contact 9 is not in the store | "flowrun contacts list" shows those that there are`},
		{`contactIds: [1, "2"], ` + allBut, nil, `3:17: contactIds: a string where an id is wanted, an int`},
		{`contactIds: 0, ` + allBut, nil, `3:13: contactIds: 0 where an id is wanted, an int from 1`},
	}},
	{"Contact Ids variable", "contactIdsVariable", []goodValue{
		{`useVariable: true, contactIdsVariable: x, store: true, ` + allBut, runtime.Inputs{"x": []any{1, 2}}, contacts, "[1 2]"},
	}, []badValue{
		{`contactIdsVariable: x, ` + allBut, 1, `3:21: contactIdsVariable is disabled unless useVariable is true; add useVariable: true`},
		{`useVariable: true, contactIdsVariable: x, ` + allBut, "1", `3:40: contactIdsVariable: the variable x: a string where an id is wanted, an int`},
		{`useVariable: true, contactIdsVariable: x, ` + allBut, 9, `3:40: contactIdsVariable: contact 9 is not in the store | "flowrun contacts list" shows those that there are`},
		{`useVariable: true, contactIdsVariable: "x", ` + allBut, 1, "3:40: contactIdsVariable takes the bare name of a variable | write `contactIdsVariable: name`"},
	}},
	{"Owner", "owner", []goodValue{
		{`owner: 1, store: true, ` + allBut, nil, func(s *shop) string { return fmt.Sprint(s.kept().Owner) }, "1"},
	}, []badValue{
		{`owner: 9, ` + allBut, nil, `3:8: owner: user 9 is not in the store | "flowrun users list" shows those that there are`},
		{`owner: "Olha", ` + allBut, nil, `3:8: owner: a string where an id is wanted, an int`},
	}},
	{"Profile", "profile", []goodValue{
		{`profile: "shop", ` + allBut, nil, func(s *shop) string { return s.mail().User + " sends as " + s.mail().From }, "orders sends as f@x.y"},
		{`profile: 1, to: "a@x.y", subject: "s", message: "m"`, nil, func(s *shop) string { return s.mail().User + " sends as " + s.mail().From }, "orders sends as orders@shop.example"},
	}, []badValue{
		{`profile: "shp", ` + allBut, nil, `3:10: profile: there is no profile "shp" | "flowrun profiles list" shows those that there are`},
		{`profile: 9, ` + allBut, nil, `3:10: profile: profile 9 is not in the store | "flowrun profiles list" shows those that there are`},
		{`profile: "closed", ` + allBut, nil, `3:10: profile "closed" is disabled | name another profile, or enable it by "flowrun profiles enable closed"`},
		{`profile: x, ` + allBut, " ", `3:10: profile: the name is blank | leave profile out for the default one`},
	}},
	{"Store", "store", []goodValue{
		{`store: true, ` + allBut, nil, func(s *shop) string { return string(s.kept().State) }, "sent"},
		{`store: false, ` + allBut, nil, func(s *shop) string { return fmt.Sprint(s.kept() == nil) + " " + envelopeTo(s) }, "true a@x.y"},
	}, []badValue{
		{`store: 1, ` + allBut, nil, `3:8: store is the int 1, want true or false`},
	}},
	{"Retry count", "retryCount", []goodValue{
		{`retryCount: 3, ` + allBut, nil, envelopeTo, "a@x.y"},
		{`retryCount: 0, store: true, ` + allBut, nil, func(s *shop) string { return fmt.Sprint(len(s.kept().Attempts)) }, "1"},
		{`retryCount: x, retryDelay: "30s", retryUnknown: true, ` + allBut, runtime.Inputs{"x": 100}, envelopeTo, "a@x.y"},
	}, []badValue{
		{`retryCount: -1, ` + allBut, nil, `3:13: retryCount is -1, want 0 to 100`},
		{`retryCount: x, ` + allBut, 101, `3:13: retryCount is 101, want 0 to 100`},
		{`retryCount: "3", ` + allBut, nil, `3:13: retryCount is the string "3", want an int`},
		{`retryCount: 1, retryDelay: x, ` + allBut, "-1s", `3:28: retryDelay is -1s, want more than 0s and at most 5m`},
		{`retryCount: 1, retryDelay: 2, ` + allBut, nil, `3:28: retryDelay is the int 2, want a duration | write the unit: "2s", "2m" or "2h"`},
	}},
	{"SMTP Settings", "smtp", []goodValue{
		{`smtp: { user: "u", password: secret("P") }, server: "s.example", ` + allBut, nil, func(s *shop) string { return s.mail().User }, "u"},
		{`smtp: { user: "u", password: secret("P") }, profile: "shop", ` + allBut, nil, func(s *shop) string { return s.mail().User }, "u"},
	}, []badValue{
		{`smtp: { user: "u" }, ` + allBut, nil, `3:7: smtp lacks the key "password"`},
		{`smtp: { user: "u", pasword: secret("P") }, ` + allBut, nil, `3:20: smtp has no key "pasword" | did you mean "password"?`},
	}},
	{"Port", "port", []goodValue{
		{`port: 465, server: "s.example", ` + allBut, nil, func(s *shop) string { return s.mail().TLS }, "TLS 1.3"},
		{`port: 2525, profile: "shop", store: true, ` + allBut, nil, func(s *shop) string { return s.kept().Attempts[0].Server }, "smtp://orders@mail.shop.example:2525"},
	}, []badValue{
		{`port: 0, ` + allBut, nil, `3:7: port is 0, want 1 to 65535`},
		{`port: 70000, ` + allBut, nil, `3:7: port is 70000, want 1 to 65535`},
		{`port: x, ` + allBut, 70000, `3:7: port is 70000, want 1 to 65535`},
	}},
	{"Server", "server", []goodValue{
		{`server: "mail.example.com", store: true, ` + allBut, nil, func(s *shop) string { return s.kept().Attempts[0].Server }, "smtp://mail.example.com:587"},
		{`server: "MAIL.shop.example", profile: "shop", ` + allBut, nil, func(s *shop) string { return s.mail().User }, "orders"},
	}, []badValue{
		{`server: "smtp://x.y", ` + allBut, nil, `3:9: server: "smtp://x.y" is neither a host name nor an IP address | write the host name alone, and port: and tls: as settings of their own`},
		{`server: "evil.example", profile: "shop", ` + allBut, nil, `3:9: the password of profile "shop" is for its own server mail.shop.example only | give smtp: too, with a user and a password of its own`},
	}},
	{"TLS", "tls", []goodValue{
		{`tls: true, server: "s.example", ` + allBut, nil, func(s *shop) string { return s.mail().TLS }, "TLS 1.3"},
		{`tls: false, server: "s.example", ` + allBut, nil, func(s *shop) string { return s.mail().TLS }, ""},
		{`tls: "implicit", profile: "shop", ` + allBut, nil, func(s *shop) string { return s.mail().TLS + " " + s.mail().User }, "TLS 1.3 orders"},
	}, []badValue{
		{`tls: "ssl", ` + allBut, nil, `3:6: tls: "ssl" is no way to encrypt | write true, false, "starttls", "implicit" or "opportunistic"`},
		{`tls: false, profile: "shop", ` + allBut, nil, `3:6: the password of profile "shop" is not sent with weaker encryption than the profile's | give smtp: too, with a user and a password of its own`},
	}},
	{"Response code", "responseCode", []goodValue{
		{`responseCode: reply, profile: "closed", ` + allBut, nil, func(s *shop) string { return text(s.t, s.variables["reply"]) }, `profile "closed" is disabled`},
		{`responseCode: reply, ` + allBut, nil, variable("reply"), "<nil>"},
	}, []badValue{
		{`responseCode: "reply", ` + allBut, nil, "3:15: responseCode takes the bare name of an output variable | write `responseCode: name`"},
	}},
	{"Break", "break", []goodValue{
		{`break: true, ` + allBut, nil, variable("after"), "<nil>"},
		{`break: false, ` + allBut, nil, variable("after"), "reached"},
	}, []badValue{
		{`break: 1, ` + allBut, nil, `3:8: break is the int 1, want true or false`},
	}},
	{"Limit", "limit", []goodValue{
		{`limit: 1, ` + allBut, nil, envelopeTo, "a@x.y"},
	}, []badValue{
		{`limit: 0, ` + allBut, nil, `3:8: limit is 0, want 1 or more`},
	}},
	{"Add description", "description", []goodValue{
		{`description: "the order's notice", ` + allBut, nil, envelopeTo, "a@x.y"},
	}, []badValue{
		{`description: 7, ` + allBut, nil, `3:14: description must be a plain string`},
	}},
}

func attachments(s *shop) string {
	var texts []string
	for _, a := range s.message().Attachments {
		texts = append(texts, fmt.Sprintf("%s (%s): %s", a.Name, a.Type, a.Content))
	}
	return strings.Join(texts, "; ")
}

func contacts(s *shop) string { return fmt.Sprint(s.kept().Contacts) }

func TestTheTwentyTwoSettings(t *testing.T) {
	if len(seedRows) != 22 {
		t.Fatalf("%d rows", len(seedRows))
	}
	for _, row := range seedRows {
		t.Run(row.name, func(t *testing.T) {
			for _, good := range row.good {
				if !strings.Contains(good.settings, row.key+":") && !strings.Contains(good.settings, "cc:") &&
					!slices.Contains([]string{"from", "subject"}, row.key) {
					t.Errorf("%s does not stand in %s", row.key, good.settings)
				}
				s := newShop(t)
				var failure string
				s.variables, failure = s.run(good.settings, good.inputs)
				if failure != "" {
					t.Errorf("%s\nfails with %s", good.settings, failure)
				} else if got := good.look(s); got != good.want {
					t.Errorf("%s\ngot  %s\nwant %s", good.settings, got, good.want)
				}
			}
			for _, bad := range row.bad {
				s := newShop(t)
				if _, failure := s.run(bad.settings, runtime.Inputs{"x": bad.x}); failure != bad.want {
					t.Errorf("%s\ngot  %s\nwant %s", bad.settings, failure, bad.want)
				}
				if n := s.server.Connections(); n != 0 {
					t.Errorf("%s: %d connections were made", bad.settings, n)
				}
				if s.kept() != nil {
					t.Errorf("%s: a message is in the store", bad.settings)
				}
			}
		})
	}
}

// run calls sendEmail with the settings on the third line, and gives the variables
// and the first problem.
func (s *shop) run(settings string, inputs runtime.Inputs) (map[string]any, string) {
	s.t.Helper()
	p, diagnostics := compile(s.t, s.config(), "input x = nil\nsendEmail <\n"+settings+"\n>\nafter = \"reached\"")
	if p == nil {
		d := diagnostics[0]
		at := d.Range().Start
		return nil, withHint(fmt.Sprintf("%d:%d: %s", at.Line, at.Column, d.Summary), d.Hint)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	outcome, err := p.Run(ctx, inputs)
	if err == nil {
		return outcome.Variables(), ""
	}
	failure := outcome.Failures[0]
	at := failure.Range().Start
	return nil, withHint(fmt.Sprintf("%d:%d: %s", at.Line, at.Column, failure.Message), failure.Hint)
}

func withHint(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + " | " + hint
}
