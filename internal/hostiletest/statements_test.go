//go:build linux && !race

package hostiletest

import (
	"strings"
	"testing"
)

func TestHostileStatements(t *testing.T) { runAll(t, statementRows()) }

// statementRows are statements whose work is not that of an expression: what they
// assign, compare, go through and set up.
func statementRows() []hostile {
	const keys = "m = groupBy(1..40000, #)\n"
	row := func(name, source string) hostile {
		return hostile{name: name, source: text(source), exit: failed, kind: "resource", says: steps}
	}
	return []hostile{
		row("a map assigned", keys+"while true { y = m }"),
		row("a map passed on", keys+"function f < a > { return a }\nwhile true { y = f < a: m > }"),
		row("a map in a failover block", keys+"while true { log < message: \"\", limit: 1 > failover { y = m } }"),
		row("lists assigned in turn", "xs = map(1..20, map(1..20000, #))\nwhile true { for x in xs { y = x } }"),
		row("a loop over a map that is left", keys+"while true { for k in m { break } }"),
		row("a constant map", "while true { x = {"+numbered(2_400, "a%d: 1, ")()+"} }"),
		row("many values of a case", "n = 0\nwhile true {\n  switch n { case "+numbered(60_000, "%d, ")()[3:]+"-1 { } }\n}"),
		row("many cases", "n = 0.5\nwhile true {\n  switch n {\n"+numbered(40_000, "case %d { }\n")()+"  }\n}"),
		row("many branches", "n = 0.5\nwhile true {\n  if n == -1 { }"+numbered(40_000, " else if n == %d { }")()+"\n}"),
		row("many defaults", "function f < "+strings.TrimSuffix(numbered(20_000, "p%d = 0, ")(), ", ")+" > { return p0 }\nwhile true { x = f < > }"),
		row("many variables of a function", "function f < > { if false {\n"+numbered(80_000, "w%d=1\n")()+"} }\nwhile true { f < > }"),
		row("jumps into deep blocks", "again:\n"+strings.Repeat("if true {\n", 190)+"deep:\nn = 1\n"+strings.Repeat("}\n", 190)+"goto deep"),
		row("time zones", "while true { y = now().In(\"Europe/Kyiv\") }"),
		row("long keys", "s = repeat(\"a\", 100000)\nxs = map(1..100, s)\nwhile true { y = uniq(xs) }"),
		row("templates in recursion", "function f < n > {\n  x = \""+strings.Repeat("${n}", 3_000)+"\"\n  if n < 150 { f < n: n + 1 > }\n}\nwhile true { f < n: 0 > }"),
		{
			name:   "frames of many variables",
			source: text("function f < > {\n  if false {\n" + numbered(80_000, "w%d=1\n")() + "  }\n  f < >\n}\nf < >"),
			exit:   failed, kind: "resource", says: "Limits.Variables",
		},
		{
			name:   "mails that are only tried",
			source: text("s = repeat(\"<p>hello</p>\", 1000)\nwhile true { sendEmail < to: \"a@example.com\", subject: \"x\", message: trustedHTML(s), format: \"html\", dryRun: true > }"),
			exit:   failed, kind: "quota", says: "the most that the host allows",
		},
		{
			name:   "nested predicates side by side",
			source: times(400, "x="+strings.Repeat("all(x,", 190)+"#"+strings.Repeat(")", 190)+"\n"),
			exit:   failed, kind: "value", says: "x has no value yet",
		},
	}
}
