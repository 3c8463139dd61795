package email_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/idna"

	"flowrun/builtins/email"
)

// Most domains are read without the tables of IDNA, and none otherwise than by them.
func TestDomainsAreThoseOfIDNA(t *testing.T) {
	strict := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(true),
		idna.BidiRule(), idna.VerifyDNSLength(true))
	random := rand.New(rand.NewPCG(1, 2))
	const seldom = 50
	taken := 0
	for range 50_000 {
		var domain strings.Builder
		for range 1 + random.IntN(9) {
			piece := "ab1-."[random.IntN(5):][:1]
			if random.IntN(seldom) == 0 {
				piece = []string{"xn--", "A", "é", "_", strings.Repeat("a", 60), strings.Repeat("a.", 120)}[random.IntN(6)]
			}
			domain.WriteString(piece)
		}
		text := "a@" + domain.String()
		name, err := strict.ToASCII(domain.String())
		fits := err == nil && name != "" && len("a@"+name) <= 254
		address, refused := email.ParseAddress(text)
		switch {
		case (refused == nil) != fits:
			t.Fatalf("%s: %v, want one that is taken: %t (%v)", text, refused, fits, err)
		case fits && address.Domain != strings.ToLower(name):
			t.Fatalf("%s: domain %q, want %q", text, address.Domain, strings.ToLower(name))
		case fits:
			taken++
		}
	}
	if taken < 1000 {
		t.Errorf("only %d domains were taken: the test looks at next to nothing", taken)
	}
}
