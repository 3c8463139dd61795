//go:build linux && !race

package hostiletest

import "strings"

// eight is a flow's text of 8 MiB.
const eight = "s = repeat(\"a\", 8388608)\n"

func textRows() []hostile {
	row := func(name, source string) hostile {
		return hostile{name: name, source: text(source), exit: failed, kind: "resource", says: "Limits.Value"}
	}
	work := func(name, source string) hostile {
		return hostile{name: name, source: text(source), exit: failed, kind: "resource", says: "Limits."}
	}
	variables := func(name, source string) hostile {
		h := row(name, source)
		h.says = "Limits."
		return h
	}
	return []hostile{
		row("doubled", "s = \"a\"\nwhile true { s = s + s }"),
		row("doubled by a template", "s = \"a\"\nwhile true { s = \"${s}${s}\" }"),
		row("doubled by repeat", "s = \"a\"\nwhile true { s = repeat(s, 2) }"),
		row("doubled by join", "s = \"a\"\nwhile true { s = join([s, s], s) }"),
		row("doubled by a quoted JSON", "s = \"\\\"\"\nwhile true { s = toJSON(s) }"),
		row("squared by replace", "s = repeat(\"a\", 1000000)\nx = replace(s, \"a\", s)"),
		row("replaced between characters", "s = repeat(\"a\", 1000000)\nx = replace(s, \"\", s)"),
		row("repeat of a billion", "n = 1000000000\nx = repeat(\"a\", n)"),
		row("repeat of as many as there are numbers", "n = 9223372036854775807\nx = repeat(\"ab\", n)"),
		row("a sum of thousands", eight+"x = s"+strings.Repeat(" + s", 4000)),
		row("a sum in parentheses", eight+"x = "+strings.Repeat("(s + ", 190)+"s"+strings.Repeat(")", 190)),
		work("a template of thousands", eight+"x = \""+strings.Repeat("${s}", 2000)+"\""),
		work("a text block of thousands", eight+"x = \"\"\"\n"+strings.Repeat("${s}\n", 2000)+"\"\"\""),
		variables("a list of thousands of sums", "s = repeat(\"a\", 8000000)\nx = ["+strings.Repeat("s + s, ", 2000)+"s]"),
		variables("thousands of sums that are compared", "s = repeat(\"a\", 8000000)\nx = "+strings.Repeat("len([s + s, s + s, s + s]) + ", 200)+"1"),
		variables("a map of hundreds of sums", "s = repeat(\"a\", 8000000)\nx = {"+strings.Repeat("(string(now())): s + s, ", 300)+"b: s}"),
		row("joined lists", "x = join(map(1..1000000, \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"), \",\")"),
		row("joined big texts", eight+"x = join([s, s, s, s], s)"),
		row("split into characters", "s = repeat(\"a\", 16000000)\nx = split(s, \"\")"),
		row("split at characters", "s = repeat(\"a\", 16000000)\nx = split(s, \"a\")"),
		variables("html of texts", eight+"x = html(\"<p>"+strings.Repeat("${s}", 1000)+"</p>\")"),
		variables("html that escapes", "s = repeat(\"<\", 8000000)\nx = html(\"<p>${s}${s}${s}${s}</p>\")"),
		variables("html doubled", "s = html(\"<p>a</p>\")\nwhile true { s = s + s }"),
		row("upper that grows", "s = repeat(\"ŉ\", 8000000)\nx = upper(s)\nwhile true { x = x + upper(x) }"),
		variables("many variables of big texts", numberedLines(400, "v%d = repeat(\"a\", 8000000)")),
		variables("a map of big texts", "m = {}\nn = 0\nwhile true {\n  m[string(n)] = repeat(string(n % 10), 1000000)\n  n = n + 1\n}"),
		variables("mapped to big texts", "x = map(1..1000000, repeat(string(# % 10), 1000000))"),
		variables("predicates that hold big texts", "x = filter(map(1..1000, repeat(\"a\", 1000000 + #)), true)"),
		variables("sorted by big texts", "x = sortBy(1..1000, repeat(\"a\", 1000000 + #))"),
		variables("grouped by big texts", "x = groupBy(1..1000, repeat(\"a\", 1000000 + #))"),
		row("a padded number", "x = 1\nwhile true { x = \"${x}${x}\" }"),
	}
}

// assignments are as many assignments, each to a variable of its own.
func assignments(n int) string { return numberedLines(n, "  w%d = 1") }

func numberedLines(n int, format string) string { return numbered(n, format+"\n")() }
