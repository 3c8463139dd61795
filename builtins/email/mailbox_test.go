package email_test

import (
	"strings"
	"testing"

	"flowrun/builtins/email"
)

func TestMailboxIsReadBack(t *testing.T) {
	for text, want := range map[string]string{
		`ann@example.com`:                      `ann@example.com`,
		`Ann Lee <ann@example.com>`:            `Ann Lee <ann@example.com>`,
		`"Ann Lee" <ann@example.com>`:          `Ann Lee <ann@example.com>`,
		`"Shop, The" <s@x.example>`:            `"Shop, The" <s@x.example>`,
		`"Müller, Jörg" <s@x.example>`:         `"Müller, Jörg" <s@x.example>`,
		`Jörg Müller <s@x.example>`:            `Jörg Müller <s@x.example>`,
		`"J. Doe" <s@x.example>`:               `"J. Doe" <s@x.example>`,
		`"a \"b\" \\ c" <s@x.example>`:         `"a \"b\" \\ c" <s@x.example>`,
		`"a@b (c)" <s@x.example>`:              `"a@b (c)" <s@x.example>`,
		`"=?utf-8?q?a?=" <s@x.example>`:        `"=?utf-8?q?a?=" <s@x.example>`,
		`=?utf-8?q?J=C3=B6rg?= <s@x.example>`:  `Jörg <s@x.example>`,
		`"quoted local"@x.example`:             `"quoted local"@x.example`,
		`"<b@y.example>" <"a b"@x.example>`:    `"<b@y.example>" <"a b"@x.example>`,
		`"it's, 100% \"fine\";" <s@x.example>`: `"it's, 100% \"fine\";" <s@x.example>`,
		"田中 さくら <sakura@xn--fiqs8s.example>":   "田中 さくら <sakura@xn--fiqs8s.example>",
	} {
		address, err := email.ParseAddress(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := address.Mailbox(); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
		if again, err := email.ParseAddress(address.Mailbox()); err != nil || again != address {
			t.Errorf("%s is read back as %#v, %v, want %#v", address.Mailbox(), again, err, address)
		}
	}
}

func TestTokenURLIsHTTPSOrOnThisMachine(t *testing.T) {
	for text, fits := range map[string]bool{
		"https://login.example.com/token":      true,
		"http://127.0.0.1:8080/token":          true,
		"http://[::1]/token":                   true,
		"http://localhost/token":               false,
		"http://login.example.com/token":       false,
		"https://ann:hunter2@login.example/":   false,
		"https://login.example.com/token#part": false,
		"login.example.com":                    false,
		"https://":                             false,
		"":                                     false,
	} {
		if err := email.CheckTokenURL(text); (err == nil) != fits || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
