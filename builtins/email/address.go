package email

import (
	"net/mail"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Lengths in octets, RFC 5321 section 4.5.3.1, and of display names in
// characters, which is ours.
const (
	maxLocalPart   = 64
	maxAddress     = 254
	maxDisplayName = 200
)

// Address is one mailbox of RFC 5322 section 3.4.
type Address struct {
	// Name is the display name, decoded; may be empty.
	Name string
	// Local is what stands before the @, without quotes. It may hold UTF-8
	// (RFC 6531); the server must then offer SMTPUTF8.
	Local string
	// Domain is what stands after the @: lower-case A-labels, or an address
	// literal in brackets.
	Domain string
}

// Spec is the addr-spec, `local@domain`, its local part quoted where it has to be.
func (a Address) Spec() string {
	if isDotAtom(a.Local) {
		return a.Local + "@" + a.Domain
	}
	bare := (&mail.Address{Address: a.Local + "@" + a.Domain}).String()
	return bare[1 : len(bare)-1]
}

// isDotAtom reports the local parts of letters, digits and a few signs, which need no
// quotes.
func isDotAtom(local string) bool {
	for i, c := range []byte(local) {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '+':
		case c == '.' && i > 0 && local[i-1] != '.' && i < len(local)-1:
		default:
			return false
		}
	}
	return local != ""
}

// String is the address as a header shows it to people, name undecoded.
func (a Address) String() string {
	if a.Name == "" {
		return a.Spec()
	}
	return a.Name + " <" + a.Spec() + ">"
}

// Mailbox is the address in the form of RFC 5322 section 3.4 that ParseAddress reads
// back: the name in quotes where it has to be. Characters other than ASCII stay as
// they are.
func (a Address) Mailbox() string {
	if a.Name == "" {
		return a.Spec()
	}
	name := a.Name
	if strings.ContainsFunc(name, isSpecial) || strings.Contains(name, "=?") {
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + a.Spec() + ">"
}

// isSpecial reports the characters that a name holds only within quotes, RFC 5322
// section 3.2.3.
func isSpecial(r rune) bool { return r == '.' || r != ' ' && strings.ContainsRune(atomSpecials, r) }

// header gives the mailbox in the form that writes headers.
func (a Address) header() *mail.Address {
	return &mail.Address{Name: a.Name, Address: a.Local + "@" + a.Domain}
}

// strictDomain maps internationalised names to A-labels (RFC 5891) and refuses
// what is no host name.
var strictDomain = idna.New(
	idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(true),
	idna.BidiRule(), idna.VerifyDNSLength(true),
)

// domainName gives the A-labels of a domain, or the address literal that it is.
func domainName(domain string) (string, *addressFault) {
	if literal, ok := strings.CutPrefix(domain, "["); ok {
		return addressLiteral(literal)
	}
	if isPlainDomain(domain) {
		return domain, nil
	}
	name, err := strictDomain.ToASCII(domain)
	if err != nil || name == "" {
		return "", faultf("%q is not a domain", domain)
	}
	return strings.ToLower(name), nil
}

// isPlainDomain reports most of the domains that strictDomain leaves as they are:
// labels of lower-case letters, digits and, within, single hyphens.
func isPlainDomain(domain string) bool {
	const longestLabel, longestName = 63, 253
	label := 0 // where it begins
	for i := range len(domain) {
		switch c := domain[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == '-' && i > label && domain[i-1] != '-' && i+1 < len(domain) && domain[i+1] != '.':
		case c == '.' && i > label && i-label <= longestLabel:
			label = i + 1
		default:
			return false
		}
	}
	last := len(domain) - label
	return last > 0 && last <= longestLabel && len(domain) <= longestName
}

// addressLiteral reads what follows the [ of an address literal, RFC 5321
// section 4.1.3.
func addressLiteral(rest string) (string, *addressFault) {
	inner, closed := strings.CutSuffix(rest, "]")
	text, six := strings.CutPrefix(inner, "IPv6:")
	ip, err := netip.ParseAddr(text)
	if !closed || err != nil || ip.Is4() == six || ip.Zone() != "" {
		return "", faultf("%q is not an address literal", "["+rest)
	}
	return "[" + inner + "]", nil
}

// checkLocalPart refuses what no local part may hold, quoted or not.
func checkLocalPart(local string) *addressFault {
	switch {
	case local == "":
		return faultf("nothing stands before the @")
	case len(local) > maxLocalPart:
		return faultf("the part before the @ is %d bytes long, at most %d are allowed", len(local), maxLocalPart)
	}
	for _, r := range local {
		if !unicode.IsPrint(r) {
			return faultf("the character %U is not allowed", r)
		}
	}
	return nil
}

// atomSpecials are the printable ASCII characters that an unquoted local part
// may not hold, RFC 5322 section 3.2.3.
const atomSpecials = `()<>[]:;@\," `

// parseSpec reads an addr-spec whose local part is a dot-atom. Quoted local
// parts, comments, routes and blanks are refused: this reads values of a flow.
func parseSpec(text string) (Address, *addressFault) {
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return Address{}, faultf("it has no @")
	}
	local := text[:at]
	if fault := checkLocalPart(local); fault != nil {
		return Address{}, fault
	}
	if i := strings.IndexAny(local, atomSpecials); i >= 0 {
		return Address{}, faultf("%q is not allowed before the @", local[i])
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return Address{}, faultf("a dot before the @ stands between other characters")
	}
	return newAddress("", local, text[at+1:])
}

// newAddress completes a mailbox whose local part has been read.
func newAddress(name, local, domain string) (Address, *addressFault) {
	if fault := checkLocalPart(local); fault != nil {
		return Address{}, fault
	}
	ascii, fault := domainName(domain)
	if fault != nil {
		return Address{}, fault
	}
	name, fault = displayName(name)
	if fault != nil {
		return Address{}, fault
	}
	address := Address{Name: name, Local: local, Domain: ascii}
	if len(address.Spec()) > maxAddress {
		return Address{}, faultf("it is longer than %d bytes", maxAddress)
	}
	return address, nil
}

// displayName makes one line of a name, with single blanks, and refuses control
// characters and those that reorder the text around them.
func displayName(name string) (string, *addressFault) {
	if !utf8.ValidString(name) {
		return "", faultf("the name is not valid UTF-8")
	}
	if n := utf8.RuneCountInString(name); n > maxDisplayName {
		return "", faultf("the name is %d characters long, at most %d are allowed", n, maxDisplayName)
	}
	for _, r := range name {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || isReordering(r) {
			return "", faultf("the character %U is not allowed in a name", r)
		}
	}
	return strings.Join(strings.Fields(name), " "), nil
}

// isReordering reports the explicit directional formatting characters of UAX #9,
// with which a name can pretend to be another.
func isReordering(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
