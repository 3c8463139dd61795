//go:build linux && !race

package hostiletest

import "strings"

func listRows() []hostile {
	row := func(name, source string) hostile {
		return hostile{name: name, source: text(source), exit: failed, kind: "resource", says: "Limits."}
	}
	return []hostile{
		row("doubled by reference", "x = [1]\nwhile true { x = [x, x] }"),
		row("doubled by reference, then JSON", "x = [1]\nfor i in 1..60 { x = [x, x] }\ny = toJSON(x)"),
		row("doubled by reference, then a template", "x = [1]\nfor i in 1..60 { x = [x, x] }\ny = \"${x}\""),
		row("doubled by reference, then compared", "x = [1]\ny = [1]\nfor i in 1..60 {\n  x = [x, x]\n  y = [y, y]\n}\nz = x == y"),
		row("doubled by reference, then flattened", "x = [1]\nfor i in 1..60 { x = [x, x] }\ny = flatten(x)"),
		row("doubled by reference, then returned", "x = [1]\nfor i in 1..60 { x = [x, x] }\nreturn x"),
		row("doubled by reference in one expression", "x = [1]\ny = "+doubling(190)),
		row("map doubled by reference", "m = {}\nwhile true { m = {a: m, b: m} }"),
		row("map doubled in place", "m = {a: 1}\nwhile true {\n  m.b = m\n  m.a = m\n}"),
		row("list doubled in place", "x = [1, 2]\nwhile true {\n  x[0] = x\n  x[1] = x\n}"),
		row("nested for ever", "x = [1]\nwhile true { x = [x] }"),
		row("nested for ever, then JSON", "x = [1]\nfor i in 1..100000 { x = [x] }\ny = toJSON(x)"),
		row("nested for ever, then compared", "x = [1]\nfor i in 1..3000000 { x = [x] }\ny = x == x"),
		row("nested for ever, then returned", "x = [1]\nfor i in 1..3000000 { x = [x] }\nreturn x"),
		row("nested by reduce, then returned", "x = reduce(1..1000000, [#acc], [])\nreturn x"),
		row("map nested for ever", "m = {}\nwhile true { m = {a: m} }"),
		row("nested in place for ever", "m = {a: 1}\nwhile true { m.a = m }"),
		row("concat", "xs = [1]\nwhile true { xs = concat(xs, xs) }"),
		row("concat of many", "xs = 1..500000\nx = concat("+strings.Repeat("xs, ", 2000)+"xs)"),
		row("flatten", "xs = [1]\nwhile true { xs = flatten([xs, xs]) }"),
		row("map that makes lists", "xs = map(1..1000, 1..1000)\nys = map(xs, xs)"),
		row("map to one big text", "s = repeat(\"a\", 8000000)\nx = map(1..1000000, s)"),
		row("map to fresh lists", "x = map(1..1000, map(1..100000, # + 1))"),
		row("map to fresh maps", "x = map(1..1000000, ({a: #, b: {c: #}}))"),
		row("map of maps, again and again", "while true { x = map(1..1000000, ({a: #, b: {c: #}})) }"),
		row("a range of a billion", "x = map(1..1000000000, #)"),
		row("a range of a billion held", "x = 1..1000000000\ny = concat(x, x)"),
		row("a range of all numbers", "a = -9223372036854775807\nb = 9223372036854775807\nx = map(a..b, #)"),
		row("a range sorted", "a = 1\nb = 1000000000\nx = sort(a..b)"),
		row("sort of a million, again and again", "xs = map(1..1000000, (# * 7919) % 1000003)\nwhile true { x = sort(xs) }"),
		row("many variables of lists", numberedLines(300, "v%d = map(1..500000, # + 1)")),
		row("many variables of one list", "xs = map(1..500000, # + 1)\n"+numberedLines(300, "v%d = xs")),
		row("a list that is appended to", "xs = []\nwhile true { xs = concat(xs, [1]) }"),
		row("a map that keys are added to", "m = {}\nn = 0\nwhile true {\n  m[string(n)] = n\n  n = n + 1\n}"),
		row("groupBy that copies", "x = groupBy(1..1000000, #)"),
		row("toPairs that copies", "m = {a: 1}\nwhile true { m = {a: toPairs(m), b: toPairs(m)} }"),
		row("reduce that nests", "x = reduce(1..1000000, [#acc], [])"),
		row("reduce that doubles", "x = reduce(1..1000000, [#acc, #acc], [])"),
		row("reduce that appends", "x = reduce(1..1000000, concat(#acc, [#]), [])"),
	}
}

// doubling is a list nested so deep, each level of which holds the next twice.
func doubling(depth int) string {
	return strings.Repeat("map([1, 2], ", depth) + "x" + strings.Repeat(")", depth)
}
