package value

// Record is what a component returns: a map that may print as a text of its
// own. An SMTP reply, for one, prints as `550 5.1.1 no such user`. In every
// other respect it is the map.
type Record struct {
	Fields map[string]any
	Text   string // "" prints as the map does
}

// HTML is a string that is known to be safe HTML: html("…"), trustedHTML(s), or
// what + and join made of them.
type HTML struct {
	markup string
}

// TrustedHTML vouches for markup.
func TrustedHTML(markup string) HTML { return HTML{markup: markup} }

// Markup is the HTML text.
func (h HTML) Markup() string { return h.markup }

// Secret is a reference to a secret of the host: secret("NAME"). It holds the
// name only; what it stands for is resolved inside the component that uses it.
type Secret struct {
	Name string
}

// String is "***", so that no print or log shows which secret it is.
func (*Secret) String() string { return "***" }

// Range is an integer range, both ends included, that was not built as a list.
// It exists only between an expression and the `for` that goes through it; it is
// empty when To is below From.
type Range struct {
	From, To int
}
