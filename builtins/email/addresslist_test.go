package email_test

import (
	"slices"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/runtime/value"
)

// interpolated makes the template that a literal with ${…} gives: strings are
// literal text, anything else is the value of an expression.
func interpolated(parts ...any) *value.Template {
	t := &value.Template{Form: value.Interpolated}
	for _, part := range parts {
		if text, ok := part.(string); ok {
			t.Parts = append(t.Parts, value.Part{Text: text})
			continue
		}
		t.Parts = append(t.Parts, value.Part{Dynamic: true, Value: part.(dynamic).value, Source: "x"})
	}
	return t
}

type dynamic struct{ value any }

func literal(text string) *value.Template {
	return &value.Template{Form: value.Literal, Parts: []value.Part{{Text: text}}}
}

func printed(addresses email.Addresses) []string {
	var all []string
	for _, address := range addresses {
		all = append(all, address.String())
	}
	return all
}

func TestAddressesReadLists(t *testing.T) {
	for name, c := range map[string]struct {
		value any
		want  []string
	}{
		"one":                {literal("ann@example.com"), []string{"ann@example.com"}},
		"a name":             {literal("Ann B. <ann@example.com>"), []string{"Ann B. <ann@example.com>"}},
		"a quoted name":      {literal(`"B, Ann" <ann@example.com>, b@x.y`), []string{"B, Ann <ann@example.com>", "b@x.y"}},
		"a comma at the end": {literal("a@x.y, b@x.y,"), []string{"a@x.y", "b@x.y"}},
		"lines":              {literal("a@x.y,\n  b@x.y\n"), []string{"a@x.y", "b@x.y"}},
		"UTF-8":              {literal("Андрій <a@x.y>"), []string{"Андрій <a@x.y>"}},
		"an encoded name":    {literal("=?utf-8?q?J=C3=BCrgen?= <j@x.y>"), []string{"Jürgen <j@x.y>"}},
		"a UTF-8 local part": {literal("андрій@x.y"), []string{"андрій@x.y"}},
		"IDN":                {literal("a@Bücher.example"), []string{"a@xn--bcher-kva.example"}},
		"upper case":         {literal("Ann@EXAMPLE.com"), []string{"Ann@example.com"}},
		"a quoted local":     {literal(`"ann b"@x.y`), []string{`"ann b"@x.y`}},
		"an address literal": {literal("a@[192.0.2.1]"), []string{"a@[192.0.2.1]"}},
		"IPv6":               {literal("a@[IPv6:2001:db8::1]"), []string{"a@[IPv6:2001:db8::1]"}},
		"a bare list":        {[]any{"a@x.y", literal("B <b@x.y>")}, []string{"a@x.y", "B <b@x.y>"}},
		"a bare string":      {"a@x.y, B <b@x.y>", []string{"a@x.y", "B <b@x.y>"}},
		"a list in ${}":      {interpolated(dynamic{[]any{"a@x.y", "b@x.y"}}), []string{"a@x.y", "b@x.y"}},
		"a string in ${}":    {interpolated(dynamic{"a@x.y, b@x.y"}), []string{"a@x.y", "b@x.y"}},
		"name and address":   {interpolated(dynamic{"Ann"}, " <", dynamic{"a@x.y"}, ">"), []string{"Ann <a@x.y>"}},
		"a name with commas": {interpolated(dynamic{"x, evil@x.y"}, " <", dynamic{"a@x.y"}, ">"), []string{"x, evil@x.y <a@x.y>"}},
		"in quotes":          {interpolated(`"`, dynamic{`O"Hara`}, `" <`, dynamic{"a@x.y"}, ">"), []string{`O"Hara <a@x.y>`}},
		"two names":          {interpolated("Dr. ", dynamic{"Ann"}, " ", dynamic{"B"}, " <a@x.y>"), []string{"Dr. Ann B <a@x.y>"}},
		"an empty name":      {interpolated(dynamic{""}, " <", dynamic{"a@x.y"}, ">"), []string{"a@x.y"}},
		"a number":           {interpolated("order-", dynamic{42}, "@x.y"), []string{"order-42@x.y"}},
		"a domain":           {interpolated("ann@", dynamic{"bücher.example"}), []string{"ann@xn--bcher-kva.example"}},
		"several":            {interpolated(dynamic{"a@x.y"}, ", ", dynamic{"B <b@x.y>"}), []string{"a@x.y", "B <b@x.y>"}},
		"an empty string":    {"", nil},
		"an empty list":      {[]any{}, nil},
		"blanks in a name":   {literal("\"a    b\" <a@x.y>"), []string{"a b <a@x.y>"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got email.Addresses
			if err := got.DecodeSetting(c.value); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(printed(got), c.want) {
				t.Errorf("got %q, want %q", printed(got), c.want)
			}
		})
	}
}

func TestAddressErrorsNameTheAddress(t *testing.T) {
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"no @":                   {literal("a@x.y, bob"), `"bob" is not an address: it has no @`},
		"no domain":              {literal("bob@"), `"bob@" is not an address: "" is not a domain`},
		"no local part":          {literal("@x.y"), `"@x.y" is not an address: nothing stands before the @`},
		"semicolon":              {literal("a@x.y; b@x.y"), "a semicolon does not separate addresses"},
		"unclosed":               {literal("Ann <a@x.y"), `"Ann <a@x.y" is not an address`},
		"a dot":                  {literal("a..b@x.y"), "a dot before the @"},
		"a bad domain":           {literal("a@x y.z"), `"x y.z" is not a domain`},
		"an underscore":          {literal("a@x_y.z"), `"x_y.z" is not a domain`},
		"nil in a list":          {[]any{"a@x.y", nil}, "element 1: nil where an address is wanted"},
		"a number":               {42, "an int where an address is wanted"},
		"a map":                  {map[string]any{}, "a map where an address is wanted"},
		"two in an element":      {[]any{"a@x.y, b@x.y"}, `element 0: "a@x.y, b@x.y" holds 2 addresses`},
		"a list in a list":       {[]any{[]any{"a@x.y"}}, "element 0: a list of 1 where one address is wanted"},
		"empty element":          {[]any{""}, "element 0: the address is empty"},
		"a list beside text":     {interpolated("ann@x.y, ", dynamic{"b@x.y, evil@x.y"}), "it is a list where one address is wanted"},
		"two in brackets":        {interpolated("<", dynamic{"a@x.y, evil@x.y"}, ">"), "not allowed before the @"},
		"a bracket":              {interpolated("Ann <", dynamic{"a@b>, <c@d"}, ">"), "is not an address"},
		"CRLF in an address":     {interpolated("Ann <", dynamic{"a@x.y\r\nRCPT TO:<evil@x.y>"}, ">"), "is not an address"},
		"CRLF in a name":         {interpolated(dynamic{"Ann\r\nBcc: evil@x.y"}, " <a@x.y>"), "U+000D is not allowed in a name"},
		"NUL":                    {interpolated(dynamic{"a\x00b@x.y"}, ","), "is not an address"},
		"an override in a name":  {interpolated(dynamic{"\u202eAnn"}, " <a@x.y>"), "U+202E is not allowed in a name"},
		"a mark in an address":   {interpolated("<", dynamic{"a\u200f@x.y"}, ">"), "U+200F is not allowed"},
		"a quote in an address":  {interpolated("<", dynamic{`"a b"@x.y`}, ">"), "is not an address"},
		"empty beside text":      {interpolated("a@x.y, ", dynamic{""}), "it is empty"},
		"a long local part":      {literal(strings.Repeat("a", 65) + "@x.y"), "65 bytes long"},
		"a private-use literal":  {interpolated("\ue000 <", dynamic{"a@x.y"}, ">"), "private-use"},
		"a group":                {literal("team: a@x.y, b@x.y;"), "is not an address"},
		"two addresses, one @ s": {interpolated(dynamic{"a@b"}, "@x.y"), "is not an address"},
	} {
		t.Run(name, func(t *testing.T) {
			var got email.Addresses
			err := got.DecodeSetting(c.value)
			if err == nil {
				t.Fatalf("read %q, want an error with %q", printed(got), c.want)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q, want it to contain %q", err, c.want)
			}
		})
	}
}

func TestAddressTakesOneMailbox(t *testing.T) {
	var from email.Address
	if err := from.DecodeSetting(interpolated(dynamic{"Ann"}, " <ann@example.com>")); err != nil {
		t.Fatal(err)
	}
	if from.String() != "Ann <ann@example.com>" {
		t.Errorf("got %q", from)
	}
	if err := from.DecodeSetting("a@x.y, b@x.y"); err == nil || !strings.Contains(err.Error(), "holds 2 addresses") {
		t.Errorf("error %v, want two addresses refused", err)
	}
}
