package expression

import (
	"encoding/base64"
	"math"
	"strings"
	"unicode/utf8"

	"flowrun/runtime/value"
)

var stringBuiltins = map[string]builtin{
	"trim":        {"trim(text, characters)", 1, 2, "string", trim, false},
	"trimPrefix":  {"trimPrefix(text, prefix)", 1, 2, "string", cutAffix("trimPrefix", strings.TrimPrefix), false},
	"trimSuffix":  {"trimSuffix(text, suffix)", 1, 2, "string", cutAffix("trimSuffix", strings.TrimSuffix), false},
	"upper":       {"upper(text)", 1, 1, "string", ofText("upper", func(m *Machine, s string) (any, error) { return grown(m, strings.ToUpper(s)) }), false},
	"lower":       {"lower(text)", 1, 1, "string", ofText("lower", func(m *Machine, s string) (any, error) { return grown(m, strings.ToLower(s)) }), false},
	"split":       {"split(text, separator, most)", 2, 3, "list", split("split", strings.SplitN), false},
	"splitAfter":  {"splitAfter(text, separator, most)", 2, 3, "list", split("splitAfter", strings.SplitAfterN), false},
	"replace":     {"replace(text, old, new, most)", 3, 4, "string", replace, false},
	"repeat":      {"repeat(text, times)", 2, 2, "string", repeat, false},
	"join":        {"join(list, separator)", 1, 2, "", join, false},
	"indexOf":     {"indexOf(text, part)", 2, 2, "int", findText("indexOf", strings.Index), false},
	"lastIndexOf": {"lastIndexOf(text, part)", 2, 2, "int", findText("lastIndexOf", strings.LastIndex), false},
	"hasPrefix":   {"hasPrefix(text, prefix)", 2, 2, "bool", testText("hasPrefix", strings.HasPrefix), false},
	"hasSuffix":   {"hasSuffix(text, suffix)", 2, 2, "bool", testText("hasSuffix", strings.HasSuffix), false},
	"toBase64":    {"toBase64(text)", 1, 1, "string", ofText("toBase64", toBase64), false},
	"fromBase64":  {"fromBase64(text)", 1, 1, "string", ofText("fromBase64", fromBase64), false},
	"trustedHTML": {"trustedHTML(text)", 1, 1, "html", ofText("trustedHTML", func(_ *Machine, s string) (any, error) { return value.TrustedHTML(s), nil }), false},
}

// grown counts a text that hardly differs in size from what it was made of.
func grown(m *Machine, s string) (any, error) { return s, m.text(len(s)) }

func trim(m *Machine, arguments []any) (any, error) {
	all, err := texts("trim", arguments)
	if err != nil {
		return nil, err
	}
	if len(all) == 1 {
		return strings.TrimSpace(all[0]), nil
	}
	return strings.Trim(all[0], all[1]), nil
}

func cutAffix(name string, cut func(s, affix string) string) operation {
	return func(m *Machine, arguments []any) (any, error) {
		s, err := text(name, arguments, 0)
		if err != nil {
			return nil, err
		}
		affix, err := textOr(name, arguments, 1, " ")
		if err != nil {
			return nil, err
		}
		return cut(s, affix), nil
	}
}

func split(name string, cut func(s, separator string, n int) []string) operation {
	return func(m *Machine, arguments []any) (any, error) {
		both, err := texts(name, arguments[:2])
		if err != nil {
			return nil, err
		}
		most := -1
		if len(arguments) == 3 {
			if most, err = integer(name, arguments, 2); err != nil {
				return nil, err
			}
		}
		pieces := strings.Count(both[0], both[1]) + 1
		if most >= 0 {
			pieces = min(pieces, most)
		}
		if err := m.list(2 * pieces); err != nil { // a text counts as much as two plain values
			return nil, err
		}
		cuts := cut(both[0], both[1], most)
		list := make([]any, len(cuts))
		for i, piece := range cuts {
			list[i] = piece
		}
		return m.whole(list)
	}
}

func replace(m *Machine, arguments []any) (any, error) {
	all, err := texts("replace", arguments[:3])
	if err != nil {
		return nil, err
	}
	most := -1
	if len(arguments) == 4 {
		if most, err = integer("replace", arguments, 3); err != nil {
			return nil, err
		}
	}
	times := strings.Count(all[0], all[1])
	if most >= 0 {
		times = min(times, most)
	}
	if err := m.spend(grownBy(0, times, replacementEffort)); err != nil {
		return nil, err
	}
	if err := m.text(grownBy(len(all[0]), times, len(all[2])-len(all[1]))); err != nil {
		return nil, err
	}
	return strings.Replace(all[0], all[1], all[2], most), nil
}

// replacementEffort is what it costs to replace one part of a text, in bytes.
const replacementEffort = 32

// grownBy is a size with a difference added so many times, or what is too large
// in any case.
func grownBy(size, times, difference int) int {
	if difference > 0 && times > (math.MaxInt-size)/difference {
		return math.MaxInt
	}
	return size + times*difference
}

func repeat(m *Machine, arguments []any) (any, error) {
	s, err := text("repeat", arguments, 0)
	if err != nil {
		return nil, err
	}
	n, err := integer("repeat", arguments, 1)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, faultf("repeat cannot repeat %d times", n).of(2)
	}
	if err := m.text(grownBy(0, n, len(s))); err != nil {
		return nil, err
	}
	return strings.Repeat(s, n), nil
}

// join joins strings; when one of them or the separator is html, the result is
// html and the strings are escaped.
func join(m *Machine, arguments []any) (any, error) {
	list, err := elements("join", arguments, 0)
	if err != nil {
		return nil, err
	}
	var separator any = ""
	if len(arguments) == 2 {
		separator = arguments[1]
	}
	if _, ok := markup(separator, false); !ok {
		return nil, refuse(2, "join", "a string", separator)
	}
	_, isHTML := separator.(value.HTML)
	for i, item := range list {
		switch item.(type) {
		case string:
		case value.HTML:
			isHTML = true
		default:
			return nil, faultf("join needs strings, and element %d is %s", i, value.Phrase(item)).of(1).
				advise("map(list, string(#)) makes strings of numbers")
		}
	}
	glue, _ := markup(separator, isHTML)
	size := len(glue) * max(0, len(list)-1)
	pieces := make([]string, len(list))
	for i, item := range list {
		pieces[i], _ = markup(item, isHTML)
		size += len(pieces[i])
		if err := m.budget.CheckText(size); err != nil {
			return nil, err
		}
	}
	if err := m.text(size); err != nil {
		return nil, err
	}
	joined := strings.Join(pieces, glue)
	if isHTML {
		return value.TrustedHTML(joined), nil
	}
	return joined, nil
}

// markup gives the text of a string or of html, a string escaped if it is to
// become html.
func markup(v any, escaped bool) (string, bool) {
	switch v := v.(type) {
	case string:
		if escaped {
			return value.EscapeHTML(v).Markup(), true
		}
		return v, true
	case value.HTML:
		return v.Markup(), true
	}
	return "", false
}

// findText gives positions in characters.
func findText(name string, find func(s, part string) int) operation {
	return func(m *Machine, arguments []any) (any, error) {
		both, err := texts(name, arguments)
		if err != nil {
			return nil, err
		}
		at := find(both[0], both[1])
		if at < 0 {
			return -1, nil
		}
		return utf8.RuneCountInString(both[0][:at]), nil
	}
}

func testText(name string, test func(s, part string) bool) operation {
	return func(m *Machine, arguments []any) (any, error) {
		both, err := texts(name, arguments)
		if err != nil {
			return nil, err
		}
		return test(both[0], both[1]), nil
	}
}

func toBase64(m *Machine, s string) (any, error) {
	if err := m.text(base64.StdEncoding.EncodedLen(len(s))); err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString([]byte(s)), nil
}

func fromBase64(m *Machine, s string) (any, error) {
	decoded, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, faultf("the text is not Base64").of(1)
	}
	return string(decoded), m.text(len(decoded))
}
