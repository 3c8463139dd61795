package email

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A text takes the short way exactly when the encoder would leave it as it is.
func TestPlainTextIsWhatTheEncoderLeavesAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := []string{"a", "~!.", "two words", " ", "\t", "\r\n", "\n", "\r", "=", "ü", "\x00", strings.Repeat("x", 37)}
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "text"), "")
		var encoded bytes.Buffer
		encoder := quotedprintable.NewWriter(&encoded)
		io.WriteString(encoder, canonical(text))
		encoder.Close()
		if got, want := isQuotedPrintable(text), encoded.String() == canonical(text); got != want {
			t.Errorf("%q: %v, encoded it is %q", text, got, encoded.String())
		}
	})
}

func TestAddressIsWrittenAsTheParserOfItsFormWritesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringOfN(rapid.SampledFrom([]rune(`aZ0.-_+!@ "\ü`)), 1, 8, -1).Draw(t, "local")
		want := (&netmail.Address{Address: local + "@b.example"}).String()
		if got := (Address{Local: local, Domain: "b.example"}).Spec(); "<"+got+">" != want {
			t.Errorf("%q: %s, want %s", local, got, want)
		}
	})
}
