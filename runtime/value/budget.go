package value

import (
	"fmt"
	"strconv"

	"flowrun/lang"
)

// Budget bounds what values may grow to and what it may cost to go through
// them. Whatever makes a text, a list or a map that can be larger than what it
// is made of asks the budget before it begins. The zero Budget has the default
// bounds; a Budget is not for concurrent use when it has a Spend.
type Budget struct {
	// Bytes is the most that one value may hold, as Size counts it; 0 means
	// DefaultBytes.
	Bytes int
	// Depth is how deep lists and maps may nest; 0 means DefaultDepth.
	Depth int
	// Spend is told of work that goes through so many bytes, and may end it with
	// an error; nil when nobody counts.
	Spend func(bytes int) error
}

// The default bounds of one value.
const (
	DefaultBytes = 16 << 20
	DefaultDepth = 200
)

// The fields of the runtime's Limits that set the bounds.
const (
	sizeOption  = "Value"
	depthOption = "Depth"
)

// standard is the budget of the functions that are not given one.
var standard = &Budget{}

func (b *Budget) bytes() int {
	if b.Bytes > 0 {
		return b.Bytes
	}
	return DefaultBytes
}

func (b *Budget) depth() int {
	if b.Depth > 0 {
		return b.Depth
	}
	return DefaultDepth
}

// What it costs to go through a list or a map, for each element, or a text, in
// bytes.
const (
	ElementEffort = 192
	entryEffort   = 512
	// TextEffort is what it costs to look at a byte of a text.
	TextEffort = 8
)

// SpendOn tells the budget that an operation goes through a value, though not
// into what it holds.
func (b *Budget) SpendOn(v any) error {
	if b.Spend == nil {
		return nil
	}
	switch v := v.(type) {
	case string:
		return b.Spend(len(v) * TextEffort)
	case HTML:
		return b.Spend(len(v.markup) * TextEffort)
	case []any:
		return b.Spend(len(v) * ElementEffort)
	case map[string]any:
		return b.Spend(len(v) * entryEffort)
	case *Record:
		return b.Spend(len(v.Fields) * entryEffort)
	}
	return nil
}

// Inside is the budget of what a list or a map holds: it nests one less deep.
func (b *Budget) Inside() *Budget {
	inside := *b
	inside.Depth = max(1, b.depth()-1)
	return &inside
}

func (b *Budget) spend(bytes int) error {
	if b.Spend == nil {
		return nil
	}
	return b.Spend(bytes)
}

// CheckText reports whether a text of so many bytes may be made.
func (b *Budget) CheckText(bytes int) error {
	if bytes < 0 || bytes > b.bytes()-textSize {
		return b.tooLarge("the text")
	}
	return nil
}

// CheckList reports whether a list of so many elements may be made.
func (b *Budget) CheckList(elements int) error {
	if elements < 0 || elements > (b.bytes()-listSize)/PlainSize {
		return b.tooLarge("the list")
	}
	return nil
}

// CheckSize reports whether a value may have a size.
func (b *Budget) CheckSize(bytes int) error {
	if bytes > b.bytes() {
		return b.tooLarge("the value")
	}
	return nil
}

func (b *Budget) tooLarge(what string) error {
	return &LimitError{Message: fmt.Sprintf("%s would be larger than %s", what, FormatBytes(b.bytes())), Option: sizeOption}
}

func (b *Budget) tooDeep(what string) error {
	return &LimitError{Message: fmt.Sprintf("%s is nested more than %d deep", what, b.depth()), Option: depthOption}
}

// LimitError is a limit of the host that something would exceed.
type LimitError struct {
	// Message says what would exceed which limit, with its value.
	Message string
	// Option is the field of the runtime's Limits that sets it.
	Option string
}

func (e *LimitError) Error() string { return e.Message }

// Hint says how the host changes the limit.
func (e *LimitError) Hint() string { return lang.LimitHint(e.Option) }

// FormatBytes writes a size: whole binary units as such, else bytes.
func FormatBytes(bytes int) string {
	for _, unit := range []struct {
		name  string
		bytes int
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if bytes >= unit.bytes && bytes%unit.bytes == 0 {
			return strconv.Itoa(bytes/unit.bytes) + " " + unit.name
		}
	}
	return strconv.Itoa(bytes) + " bytes"
}
