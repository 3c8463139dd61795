//go:build linux && !race

package hostiletest

func recursionRows() []hostile {
	row := func(name, source, says string) hostile {
		return hostile{name: name, source: text(source), exit: failed, kind: "resource", says: says}
	}
	const deep = "200"
	return []hostile{
		row("recursion", "function f < > { f < > }\nf < >", deep),
		row("recursion that returns", "function f < n > {\n  x = f < n: n + 1 >\n  return x + 1\n}\nx = f < n: 0 >", deep),
		row("two functions", "function f < > { g < > }\nfunction g < > { f < > }\nf < >", deep),
		row("recursion in blocks", "function f < > { while true { for i in 1..2 { if true { f < > } } } }\nf < >", deep),
		row("recursion in catch", "function f < > {\n  fail < message: \"no\" > catch { f < > }\n}\nf < >", deep),
		row("recursion that catches", "function f < > { f < > catch { f < > } }\nf < >", deep),
		row("recursion that grows like a tree", "function f < n > {\n  if n < 100 {\n    f < n: n + 1 >\n    f < n: n + 1 >\n  }\n}\nf < n: 0 >", steps),
		row("recursion with timeouts", "function f < > { f < timeout: \"1h\" > }\nf < >", deep),
		row("recursion that holds texts", "function f < n > {\n  s = repeat(string(n % 10), 8000000)\n  if n < 150 { f < n: n + 1 > }\n  return len(s)\n}\nf < n: 0 >", "Limits.Variables"),
		row("recursion that holds lists", "function f < n > {\n  xs = map(1..500000, # + n)\n  if n < 150 { f < n: n + 1 > }\n  return len(xs)\n}\nf < n: 0 >", "Limits.Variables"),
		row("recursion that passes texts on", "function f < s, n > {\n  if n < 150 { f < s: s + \"a\", n: n + 1 > }\n}\nf < s: repeat(\"a\", 8000000), n: 0 >", "Limits.Variables"),
		row("recursion in loops over lists", "function f < n > {\n  for x in map(1..500000, # + n) {\n    if n < 150 { f < n: n + 1 > }\n  }\n}\nf < n: 0 >", "Limits."),
		row("recursion with many variables", "function f < n > {\n"+assignments(2000)+"  if n < 190 { f < n: n + 1 > }\n}\nwhile true { f < n: 0 > }", steps),
	}
}
