//go:build linux && !race

package hostiletest

// failureRows are errors that never end.
func failureRows() []hostile {
	row := func(name, source string) hostile {
		return hostile{name: name, source: text(source), exit: failed, kind: "resource", says: "Limits."}
	}
	logged := func(name, source string) hostile {
		return hostile{name: name, source: text(source), exit: failed, kind: "resource", says: "the flow logs more than the 16 MiB"}
	}
	const goOn = "flow < onError: \"continue\" >\n"
	return []hostile{
		row("failing calls passed over", goOn+"while true { fail < message: \"no\" > }"),
		row("failing expressions passed over", goOn+"x = 0\nwhile true { y = 1 / x }"),
		row("failing settings passed over", goOn+"x = 0\nwhile true { log < message: \"${1 / x}\" > }"),
		row("failing calls deep in functions passed over", goOn+"function f < n > {\n  if n < 100 { f < n: n + 1 > }\n  fail < message: \"no\" >\n}\nwhile true { f < n: 0 > }"),
		row("big messages passed over", goOn+"n = 0\nwhile true {\n  n = n + 1\n  fail < message: repeat(\"a\", 8000000) + string(n) >\n}"),
		row("big messages caught", "n = 0\nwhile true {\n  n = n + 1\n  fail < message: repeat(\"a\", 8000000) + string(n) > catch failure { }\n}"),
		row("errors that hold those before", "again:\nfail < message: \"no\" > catch failure { }\nwhile true {\n  fail < message: \"no\", cause: failure > catch failure { }\n}"),
		row("errors kept in a list", "xs = []\nwhile true {\n  fail < message: \"no\" > catch failure { xs = concat(xs, [failure]) }\n}"),
		row("a catch that jumps back", "again:\nfail < message: \"no\" > catch failure { goto again }"),
		row("calls above their limit", goOn+"while true { log < message: \"\", limit: 1 > }"),
		logged("logs of programs", "while true { log < message: \"x\" > }"),
		logged("logs of big texts", "s = repeat(\"a\", 8000000)\nn = 0\nwhile true {\n  n = n + 1\n  log < message: \"${n}${s}\" >\n}"),
		{
			name: "a message of 16 MB", exit: failed, kind: "failed", says: "aaaa",
			source: text("fail < message: repeat(\"a\", 16000000) >"),
		},
		{
			name: "a result of 16 MB", exit: done, says: "aaaa",
			source: text("return repeat(\"a\", 16000000)"),
		},
	}
}
