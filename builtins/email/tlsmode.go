package email

import (
	"fmt"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// TLSMode is how a session with a server is encrypted.
type TLSMode string

// The modes. Except for TLSNone and a server without STARTTLS under
// TLSOpportunistic the certificate is verified and TLS is 1.2 or newer.
const (
	// TLSDefault is TLSImplicit on port 465 and TLSStartTLS elsewhere.
	TLSDefault TLSMode = ""
	// TLSStartTLS upgrades by STARTTLS (RFC 3207), or sends nothing.
	TLSStartTLS TLSMode = "starttls"
	// TLSImplicit is TLS from the first byte (RFC 8314 section 3.3).
	TLSImplicit TLSMode = "implicit"
	// TLSOpportunistic upgrades when the server offers STARTTLS.
	TLSOpportunistic TLSMode = "opportunistic"
	// TLSNone is plain text.
	TLSNone TLSMode = "none"
)

// SettingType says what the setting takes.
func (*TLSMode) SettingType() string { return `bool, "starttls", "implicit" or "opportunistic"` }

// DecodeSetting reads true, false, or the name of a mode.
func (m *TLSMode) DecodeSetting(v any) error {
	if t, ok := v.(*value.Template); ok {
		text, err := t.String()
		if err != nil {
			return err
		}
		v = text
	}
	switch v {
	case true:
		*m = TLSDefault
		return nil
	case false:
		*m = TLSNone
		return nil
	case string(TLSStartTLS), string(TLSImplicit), string(TLSOpportunistic):
		*m = TLSMode(v.(string))
		return nil
	}
	return &runtime.Failure{
		Message: fmt.Sprintf("%s is no way to encrypt", quotedOrKind(v)),
		Hint:    `write true, false, "starttls", "implicit" or "opportunistic"`,
	}
}

// quotedOrKind shows a string, and of anything else its kind.
func quotedOrKind(v any) string {
	if text, ok := v.(string); ok {
		return fmt.Sprintf("%q", shortened(text))
	}
	return value.Phrase(v)
}

// defaultPort is the port of a mode when none is given.
func (m TLSMode) defaultPort() int {
	switch m {
	case TLSImplicit:
		return 465
	case TLSNone:
		return 25
	}
	return 587
}

// on resolves TLSDefault for a port.
func (m TLSMode) on(port int) transaction.TLSMode {
	switch {
	case m == TLSNone:
		return transaction.Off
	case m != TLSDefault:
		return transaction.TLSMode(m)
	case port == 465:
		return transaction.Implicit
	}
	return transaction.STARTTLS
}
