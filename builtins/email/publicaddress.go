package email

import (
	"errors"
	"net/netip"
)

// errNotPublic is why a server that a flow named is not connected to.
var errNotPublic = errors.New("the address is private or local, which the host does not grant")

// publicOnly refuses the addresses that no public mail server has. It is asked
// after the name has been resolved, so that no name can lead elsewhere.
func publicOnly(address netip.Addr) error {
	if !isPublic(address) {
		return errNotPublic
	}
	return nil
}

// nonPublic are the ranges, beside those that netip knows, in which no public
// mail server can be: RFC 6890 and its registry, and the prefixes that embed an
// IPv4 address.
var nonPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared address space, RFC 6598
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), // benchmarks, RFC 2544
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),   // NAT64, RFC 6052
	netip.MustParsePrefix("64:ff9b:1::/48"), // NAT64, RFC 8215
	netip.MustParsePrefix("2002::/16"),      // 6to4, RFC 3056
	netip.MustParsePrefix("2001::/32"),      // Teredo, RFC 4380
	netip.MustParsePrefix("fec0::/10"),
}

func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, prefix := range nonPublic {
		if prefix.Contains(ip) {
			return false
		}
	}
	return true
}
