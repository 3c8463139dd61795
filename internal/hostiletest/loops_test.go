//go:build linux && !race

package hostiletest

const steps = "the run took more than 10000000 steps"

func loopRows() []hostile {
	row := func(name, source string) hostile {
		return hostile{name: name, source: text(source), exit: failed, kind: "resource", says: steps}
	}
	return []hostile{
		row("while", "while true {}"),
		row("while with a body", "n = 0\nwhile true { n = n + 1 }"),
		row("while that goes on", "while true { continue }"),
		row("for over a billion", "for i in 1..1000000000 { }"),
		row("for over all numbers", "for i in -9223372036854775807..9223372036854775807 { }"),
		row("nested for", "for a in 1..1000000 { for b in 1..1000000 { for c in 1..1000000 { } } }"),
		row("goto", "again:\ngoto again"),
		row("goto there and back", "a:\ngoto b\nb:\ngoto a"),
		row("goto into a block", "if false {\n  inner:\n  x = 1\n}\ngoto inner"),
		row("goto out of a loop", "again:\nwhile true { goto again }"),
		row("goto out of a catch block", "again:\nfail < message: \"no\" > catch { goto again }"),
		row("goto into a catch block", "again:\nfail < message: \"no\" > catch {\n  inner:\n  x = 1\n}\ngoto inner"),
		row("goto out of a failover block", "again:\nlog < message: \"\", level: \"debug\", limit: 1 > failover { goto again }\ngoto again"),
		row("three nested predicates", "xs = 1..1200\nx = all(xs, all(xs, all(xs, # > 0)))"),
		row("three nested counts", "xs = 1..1200\nx = count(xs, count(xs, count(xs, # > 0) > 0) > 0)"),
		row("predicates on the list they are in", "xs = 1..100000\nx = filter(xs, # in filter(xs, # > 5))"),
		row("a predicate in a loop", "xs = 1..1000\nwhile true { x = sum(xs, #) }"),
		row("reduce in reduce", "xs = 1..5000\nx = reduce(xs, #acc + reduce(1..5000, #acc + #, 0), 0)"),
		row("groupBy in groupBy", "xs = 1..5000\nx = groupBy(xs, len(groupBy(1..5000, # % 2)))"),
		row("sortBy in sortBy", "xs = 1..5000\nx = sortBy(xs, len(sortBy(1..5000, #)))"),
		row("a condition that is a predicate", "while all(1..1000, # > 0) { }"),
		row("a switch", "while true { switch 1 { case 2 { } default { } } }"),
	}
}
