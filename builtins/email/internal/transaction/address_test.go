package transaction_test

import (
	"strings"
	"testing"

	"flowrun/builtins/email/internal/transaction"
)

func TestAddressesThatMayBeSent(t *testing.T) {
	for _, address := range []string{
		"a@b", "ann.b+tag@x-y.example", "o'neil@b.example", "jörg@bücher.example", `"odd one"@b.example`,
		`"a@b"@c.example`, `"a\"b"@c.example`, "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a_b@under_score.example",
	} {
		if err := transaction.CheckAddress(address); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestAddressesThatMustNotBeSent(t *testing.T) {
	for _, address := range []string{
		"", "a", "@b", "a@", "a b@c", "a@b c", "a@b\r\nRCPT TO:<x@y>", "a\n@b", "a@b\x00", "a@b>", "<a@b>", `"a>b"@c`,
		"a@b> SIZE=1", "a@b SIZE=1", `"a@b`, `"a"b"@c`, `a"b"@c`, `"a\"@b`, "a@b@c", "a,b@c", "a@b,c", "a@b;c", "a\x7f@b", "a\u0085@b",
		"a\u2028@b", "a@\xff", "@x,@y:a@b", "a@[]", `a@b"c`, "a@b\tc", strings.Repeat("a", 250) + "@b.example",
	} {
		if err := transaction.CheckAddress(address); err == nil {
			t.Errorf("%q passes", address)
		}
	}
}

func FuzzAddressCannotLeaveItsBrackets(f *testing.F) {
	for _, seed := range []string{"a@b", `"a b"@c`, `"\">"@c`, "a@b> X", "a@[1.2.3.4]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if transaction.CheckAddress(address) != nil {
			return
		}
		if strings.ContainsAny(address, "\r\n\x00<>") {
			t.Errorf("%q passes", address)
		}
		domain := address[strings.LastIndexByte(address, '@')+1:]
		if strings.ContainsAny(domain, ` "\`) {
			t.Errorf("%q passes with the domain %q", address, domain)
		}
	})
}
