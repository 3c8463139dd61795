package transaction

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxAddress is the longest address in bytes (RFC 5321 section 4.5.3.1.3, less
// the angle brackets).
const maxAddress = 254

// CheckAddress reports why an address may not stand in MAIL FROM or RCPT TO, as
// an error, or nil. It keeps anything out that could end the address early or add
// an ESMTP word: control characters, angle brackets, and spaces outside a quoted
// local part (RFC 5321 section 4.1.2, RFC 6531 section 3.3). It is no judgement
// on whether the mailbox exists.
func CheckAddress(address string) error {
	if err := addressFault(address); err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	return nil
}

func addressFault(address string) error {
	switch {
	case address == "":
		return errors.New("is empty")
	case !utf8.ValidString(address):
		return errors.New("is not UTF-8")
	case len(address) > maxAddress:
		return fmt.Errorf("is longer than %d bytes", maxAddress)
	}
	for _, r := range address {
		switch {
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029':
			return errors.New("contains a control character")
		case r == '<' || r == '>':
			return fmt.Errorf("contains %q; give the bare address without a name", r)
		}
	}
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 {
		return errors.New("is not of the form name@domain")
	}
	if err := localPartFault(address[:at]); err != nil {
		return err
	}
	return domainFault(address[at+1:])
}

func localPartFault(local string) error {
	if strings.HasPrefix(local, `"`) {
		return quotedFault(local)
	}
	for _, r := range local {
		if r < utf8.RuneSelf && strings.ContainsRune(` "(),:;@[\]`, r) {
			return fmt.Errorf("contains %q outside quotes before the @", r)
		}
	}
	return nil
}

// quotedFault judges a quoted string (RFC 5321 section 4.1.2, Quoted-string).
func quotedFault(quoted string) error {
	for i := 1; i < len(quoted); i++ {
		switch quoted[i] {
		case '\\':
			i++
		case '"':
			if i != len(quoted)-1 {
				return errors.New("goes on after the closing quote")
			}
			return nil
		}
	}
	return errors.New("has no closing quote")
}

func domainFault(domain string) error {
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") {
		domain = domain[1 : len(domain)-1]
		if domain == "" {
			return errors.New("has an empty address literal")
		}
	}
	for _, r := range domain {
		if r < utf8.RuneSelf && !isDomainByte(byte(r)) {
			return fmt.Errorf("contains %q after the @", r)
		}
	}
	return nil
}

// isDomainByte allows the colon of IPv6 literals and the underscore, which some
// live domains use.
func isDomainByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._:", c) >= 0
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
