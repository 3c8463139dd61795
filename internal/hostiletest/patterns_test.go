//go:build linux && !race

package hostiletest

import "strings"

func patternRows() []hostile {
	row := func(name, pattern, rest string, exit int, kind, says string) hostile {
		return hostile{name: name, source: text("s = repeat(\"a\", 1000000)\nx = s matches " + pattern + "\n" + rest), exit: exit, kind: kind, says: says}
	}
	nested := func(n int) string { return strings.Repeat("(", n) + "a" + strings.Repeat(")*", n) }
	return []hostile{
		row("nested repeats", "'((a{100}){100}){100}'", "", invalid, "", "the regular expression has an error"),
		row("nested repeats that are not literal", "repeat(\"(\", 3) + 'a' + repeat('{100})', 3)", "", failed, "value", "the regular expression has an error"),
		row("too long", "'"+strings.Repeat("a", 1025)+"'", "", invalid, "", "the regular expression has 1025 bytes"),
		row("too long and not literal", "repeat(\"a\", 1025)", "", failed, "resource", "Limits.Pattern"),
		row("nested stars", "'"+nested(100)+"b'", "", failed, "resource", "Limits."),
		row("deep groups", "'"+nested(340)+"'", "", done, "", "null"),
		row("a costly pattern", "'(a|aa|aaa|aaaa|aaaaa)*(a{0,900})b'", "", failed, "resource", "Limits."),
		row("alternatives", "'"+strings.Repeat("(x+x+)+|", 120)+"y'", "", failed, "resource", "Limits."),
		row("classes", "'"+strings.Repeat(`\pL`, 340)+"'", "", done, "", ""),
		row("classes in any case", "'(?i)"+strings.Repeat(`\PN`, 330)+"'", "", done, "", ""),
		{
			name: "fresh patterns in a loop", exit: failed, kind: "resource", says: "Limits.",
			source: text("n = 0\nwhile true {\n  n = n + 1\n  x = \"a\" matches \"${n}\" + '((a{30}){30}|b)(\\pL{200})'\n}"),
		},
		{
			name: "a costly pattern in a loop", exit: failed, kind: "resource", says: "Limits.",
			source: text("s = repeat(\"a\", 10000)\nwhile true { x = s matches '(a|aa)*(a{0,900})b' }"),
		},
		{
			name: "many literal patterns", exit: done, says: "null",
			source: times(maxSource/60, "x = \"a\" matches '(\\pL{100}){9}(\\pN{100}){9}|\\pL{900}'\n"),
		},
	}
}
