package email

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// longestParameter is how long one parameter of a header may be, so that it fits
// a line with a blank before it and a semicolon behind it.
const longestParameter = preferredLine - 2

// quotedParameter is a parameter whose value is plain ASCII.
func quotedParameter(name, value string) string {
	return name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// textParameter is a parameter with any text: quoted when it is plain ASCII and
// short, else with its character set as RFC 2231 section 4 has it, in several
// pieces (section 3) when one line does not hold it. A piece never ends within a
// character.
func textParameter(name, value string) []string {
	if quoted := quotedParameter(name, value); isPlainHeaderText(value) && len(quoted) <= longestParameter {
		return []string{quoted}
	}
	const charset = "utf-8''"
	if whole := name + "*=" + charset + percentEncoded(value); len(whole) <= longestParameter {
		return []string{whole}
	}
	var pieces []string
	piece := name + "*0*=" + charset
	for _, r := range value {
		encoded := percentEncoded(string(r))
		if len(piece)+len(encoded) > longestParameter {
			pieces = append(pieces, piece)
			piece = fmt.Sprintf("%s*%d*=", name, len(pieces))
		}
		piece += encoded
	}
	return append(pieces, piece)
}

// percentEncoded leaves only what an attribute-char of RFC 2231 section 7 may be.
func percentEncoded(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c > ' ' && c < utf8.RuneSelf && c != 0x7f && !strings.ContainsRune(`*'%()<>@,;:\"/[]?=`, rune(c)) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
