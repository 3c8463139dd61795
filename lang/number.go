package lang

import (
	"strconv"
	"strings"
)

// numberEnd gives the end of the number at an offset: `1_000`, `0x1f`, `0o17`,
// `0b1`, `1.5e3`, `.5`. In `1..3` the number ends before the dots.
func numberEnd(text string, at int) int {
	digits := "0123456789_"
	if byteAt(text, at) == '0' {
		at++
		switch byteAt(text, at) {
		case 'x', 'X':
			at, digits = at+1, "0123456789abcdefABCDEF_"
		case 'o', 'O':
			at, digits = at+1, "01234567_"
		case 'b', 'B':
			at, digits = at+1, "01_"
		}
	}
	run := func() {
		for at < len(text) && strings.IndexByte(digits, text[at]) >= 0 {
			at++
		}
	}
	run()
	if byteAt(text, at) == '.' {
		if byteAt(text, at+1) == '.' {
			return at
		}
		at++
		run()
	}
	if c := byteAt(text, at); c == 'e' || c == 'E' {
		at++
		if c := byteAt(text, at); c == '+' || c == '-' {
			at++
		}
		run()
	}
	return at
}

// number reads a number and reports one that is none.
func (c *capture) number() {
	text := c.parser.text
	at := c.pos
	end := numberEnd(text, at)
	for end < len(text) { // letters and digits glued to it
		next := nameEnd(text, end)
		for isDigit(byteAt(text, next)) {
			next++
		}
		if next == end {
			break
		}
		end = next
	}
	switch summary, hint := numberProblem(text[at:end]); {
	case summary == "":
	case c.last == afterPrefix && text[c.lastAt] == '-' && isLeastInt(text[at:end]):
		c.leasts = append(c.leasts, Span{at, end})
	default:
		c.fail(Span{at, end}, summary, hint)
	}
	c.take(afterLiteral, end-at)
}

// isLeastInt reports whether a number is that of the least int without its minus.
func isLeastInt(number string) bool {
	plain := strings.ReplaceAll(number, "_", "")
	base := 10
	if len(plain) > 1 && plain[0] == '0' {
		base = 0
	}
	magnitude, err := strconv.ParseUint(plain, base, 64)
	return err == nil && magnitude == 1<<63
}

// numberProblem says what is wrong with a number, "" for nothing.
func numberProblem(number string) (summary, hint string) {
	if len(number) < 19 && strings.Trim(number, "0123456789") == "" {
		return "", ""
	}
	plain := strings.ReplaceAll(number, "_", "")
	lower := strings.ToLower(plain)
	var err error
	based := len(lower) > 1 && lower[0] == '0' && strings.IndexByte("xob", lower[1]) >= 0
	switch {
	case based:
		_, err = strconv.ParseInt(lower, 0, 64)
	case strings.ContainsAny(lower, ".e"):
		if strings.IndexFunc(lower, func(r rune) bool { return !strings.ContainsRune("0123456789.e+-", r) }) >= 0 {
			err = strconv.ErrSyntax
			break
		}
		_, err = strconv.ParseFloat(lower, 64)
	default:
		_, err = strconv.ParseInt(lower, 10, 64)
	}
	switch {
	case err == nil:
		return "", ""
	case strings.Contains(err.Error(), strconv.ErrRange.Error()):
		if !based && strings.ContainsAny(lower, ".e") {
			return "the number " + shown(number) + " is too large", ""
		}
		return "the number " + shown(number) + " is beyond 64 bits", ""
	}
	if !based && !strings.ContainsAny(lower, ".e") {
		hint = "a name cannot begin with a digit"
	}
	return shown(number) + " is not a number", hint
}
