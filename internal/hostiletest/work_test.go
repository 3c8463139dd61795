//go:build linux && !race

package hostiletest

// workRows are expressions that take long, for ever: what a step may cost must
// be bounded, or counted.
func workRows() []hostile {
	const (
		texts = "s = repeat(\"a\", 16000000)\nt = repeat(\"a\", 16000000)\n"
		lists = "xs = map(1..500000, # + 1)\nys = map(1..500000, # + 1)\n"
	)
	forever := func(name, prelude, expression string) hostile {
		return hostile{
			name: name, source: text(prelude + "while true { x = " + expression + " }"),
			exit: failed, kind: "resource", says: steps,
		}
	}
	return []hostile{
		forever("equal texts", texts, "s == t"),
		forever("ordered texts", texts, "s < t"),
		forever("joined texts", "s = repeat(\"a\", 8000000)\n", "s + s"),
		forever("length of a text", texts, "len(s)"),
		forever("upper case", texts, "upper(s)"),
		forever("trim", "s = repeat(\" \", 16000000)\n", "trim(s)"),
		forever("contains", texts, "s contains \"ab\""),
		forever("contains a long text", texts, "s contains repeat(\"a\", 1000000) + \"b\""),
		forever("indexOf", texts, "indexOf(s, \"ab\")"),
		forever("startsWith", texts, "s startsWith t"),
		forever("a slice", texts, "s[1:15999999]"),
		forever("a character", texts, "s[15999999]"),
		forever("split", "s = repeat(\"ab\", 400000)\n", "split(s, \"b\")"),
		forever("replace", texts, "replace(s, \"a\", \"b\")"),
		forever("a template", "s = repeat(\"a\", 15000000)\n", "\"${s} \""),
		forever("toJSON of a text", "s = repeat(\"a\", 15000000)\n", "toJSON(s)"),
		forever("a number of a text", "s = repeat(\"1\", 15000000)\n", "s matches '^1*2'"),
		forever("a text that grows", "s = \"\"\n", "1\n  s = s + \"x\""),
		forever("equal lists", lists, "xs == ys"),
		forever("one list", lists, "xs == xs"),
		forever("in", lists, "0 in xs"),
		forever("a nested list compared", "x = [1]\ny = [1]\nfor i in 1..17 {\n  x = [x, x]\n  y = [y, y]\n}\n", "x\n  z = x == y"),
		forever("sort", "xs = map(1..500000, (# * 7919) % 1000003)\n", "sort(xs)"),
		forever("reverse", lists, "reverse(xs)"),
		forever("uniq", lists, "uniq(xs)"),
		forever("sum", lists, "sum(xs)"),
		forever("concat", lists, "concat(xs, [1])"),
		forever("flatten", lists, "flatten([xs])"),
		forever("a slice of a list", lists, "xs[1:]"),
		forever("toJSON", lists, "toJSON(xs)"),
		forever("keys", "m = groupBy(1..40000, #)\n", "keys(m)"),
		forever("values", "m = groupBy(1..40000, #)\n", "values(m)"),
		forever("an assignment in a list", lists, "1\n  xs[0] = 1"),
		forever("an assignment in a map", "m = groupBy(1..40000, #)\n", "1\n  m.a = 1"),
		forever("base64", "s = repeat(\"a\", 10000000)\n", "toBase64(s)"),
		forever("html", "s = repeat(\"<\", 3000000)\n", "html(\"<p>${s}</p>\")"),
		forever("a loop that is left", "m = groupBy(1..40000, #)\n", "1\n  for k in m { break }"),
		{name: "uniq of maps", source: text("xs = map(1..60000, ({a: #}))\nx = uniq(xs)"), exit: failed, kind: "resource", says: "Limits."},
		{name: "in of maps in a predicate", source: text("xs = map(1..5000, ({a: #}))\nx = count(xs, ({a: 0}) in xs)"), exit: failed, kind: "resource", says: "Limits."},
		{name: "reduce to a text", source: text("x = reduce(1..1000000, #acc + \"x\", \"\")"), exit: failed, kind: "resource", says: "Limits."},
		{name: "a sort of a million", source: text("xs = map(1..1000000, (# * 7919) % 1000003)\nx = sort(xs)\nreturn x[0]"), exit: done},
		{name: "powers", source: text("x = 2\nwhile true { x = 3 ** 39 }"), exit: failed, kind: "resource", says: steps},
	}
}
