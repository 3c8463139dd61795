package value

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

var durationUnits = []struct {
	name string
	size time.Duration
}{
	{"w", 7 * 24 * time.Hour},
	{"d", 24 * time.Hour},
	{"h", time.Hour},
	{"m", time.Minute},
	{"s", time.Second},
	{"ms", time.Millisecond},
}

// ParseDuration reads a duration as flows write it: "1d2h30m", "1.5h", "-90s",
// with the units ms s m h d w; a day is 24 hours. "0" alone is allowed. What does
// not fit into 64 bits of nanoseconds is an error.
func ParseDuration(text string) (time.Duration, error) {
	fault := fmt.Errorf("%q is not a duration, write it like \"1d2h30m\" with the units ms, s, m, h, d, w", shorten(text))
	rest, negative := strings.CutPrefix(text, "-")
	if rest == "0" {
		return 0, nil
	}
	if rest == "" {
		return 0, fault
	}
	var total time.Duration
	for rest != "" {
		digits := span(rest, "0123456789.")
		letters := span(rest[digits:], "abcdefghijklmnopqrstuvwxyz")
		number, unit := rest[:digits], rest[digits:digits+letters]
		rest = rest[digits+letters:]
		size := unitSize(unit)
		if size == 0 || number == "" {
			return 0, fault
		}
		part, ok := times(number, size)
		if !ok {
			return 0, fault
		}
		if part < 0 || total > math.MaxInt64-part {
			return 0, fmt.Errorf("the duration %q is too long", shorten(text))
		}
		total += part
	}
	if negative {
		total = -total
	}
	return total, nil
}

func span(text, of string) int {
	return len(text) - len(strings.TrimLeft(text, of))
}

func unitSize(name string) time.Duration {
	for _, unit := range durationUnits {
		if unit.name == name {
			return unit.size
		}
	}
	return 0
}

// times multiplies a decimal number by a unit; a negative result means that it
// does not fit.
func times(number string, unit time.Duration) (part time.Duration, ok bool) {
	if !strings.Contains(number, ".") {
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n > int64(math.MaxInt64/unit) {
			return -1, true
		}
		return time.Duration(n) * unit, true
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || strings.HasPrefix(number, ".") || strings.HasSuffix(number, ".") {
		return 0, false
	}
	product := math.Round(n * float64(unit))
	if product >= math.MaxInt64 {
		return -1, true
	}
	return time.Duration(product), true
}

// FormatDuration writes a duration as ParseDuration reads it, without units that
// are zero: `1h30m`, `2d`, `1.5s`, `0s`. Weeks are written as days, and what is
// finer than a millisecond as a fraction of one.
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	rest := uint64(d)
	if d < 0 {
		b.WriteByte('-')
		rest = -rest
	}
	for _, unit := range durationUnits[1:4] {
		if n := rest / uint64(unit.size); n > 0 {
			fmt.Fprintf(&b, "%d%s", n, unit.name)
			rest %= uint64(unit.size)
		}
	}
	switch {
	case rest == 0:
	case rest >= uint64(time.Second):
		b.WriteString(fraction(rest, uint64(time.Second)) + "s")
	default:
		b.WriteString(fraction(rest, uint64(time.Millisecond)) + "ms")
	}
	return b.String()
}

// fraction writes n/unit in decimal, exactly; unit is a power of ten.
func fraction(n, unit uint64) string {
	text := strconv.FormatUint(n/unit, 10)
	if part := n % unit; part > 0 {
		places := strconv.FormatUint(unit+part, 10)[1:]
		text += "." + strings.TrimRight(places, "0")
	}
	return text
}
