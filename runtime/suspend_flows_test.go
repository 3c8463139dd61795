package runtime_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// suspendable writes a flow of nested blocks, loops, functions, failing calls
// and gotos whose variables hold values of every kind. Every flow ends.
type suspendable struct {
	random *rand.Rand
	source strings.Builder
	depth  int
	next   int
	within int // the number of the function being written; 0: the flow
	budget int // statements left in the function
}

// functionsOf a flow call those with higher numbers.
const functionsOf = 3

func suspendableFlow(seed uint64) string {
	g := &suspendable{random: rand.New(rand.NewPCG(seed, 29))}
	if g.one(3) {
		g.write(`flow "generated" < onError: "continue", timezone: "Europe/Kyiv" >`)
	}
	g.write("input host")
	for n := functionsOf; n > 0; n-- {
		g.within, g.budget = n, 6
		g.write("function f%d < a, b = random(100) > {", n)
		g.depth++
		g.values()
		g.block(3)
		g.write(`return [a, v3, n]`)
		g.depth--
		g.write("}")
	}
	g.within, g.budget = 0, 14
	g.values()
	g.block(8)
	g.write("return [n, v0, v1, v3]")
	return g.source.String()
}

func (g *suspendable) one(of int) bool { return g.random.IntN(of) == 0 }

func (g *suspendable) id() int {
	g.next++
	return g.next
}

func (g *suspendable) write(format string, args ...any) {
	fmt.Fprintf(&g.source, strings.Repeat("  ", g.depth)+format+"\n", args...)
}

// exotic are values that a snapshot could get wrong.
var exotic = []string{
	"nil", "true", "-0.0", "2.0", "1e300", "9223372036854775807", "-9223372036854775807", `"ünï \u{1F600}\n<&>"`, `""`,
	"now()", `date("2026-03-29T02:30:00+05:45")`, `now().In("America/New_York")`, `duration("36h")`, `duration("-1ms")`,
	`html("<b>${1 < 2 ? "<&>" : ""}</b>")`, `secret("PIN")`, `[]`, `{}`, `[1, [2.5, {a: [nil]}]]`,
	`{map: 1, time: [1, 2], secret: "x", "": nil}`, "random()", "random(1000)", "uuid()", "host", "host.Inner", "host.When",
	`given`, `given.deep.er`, `fromJSON("[1, 1.0, {\"a\": null}]")`,
}

func (g *suspendable) value() string { return exotic[g.random.IntN(len(exotic))] }

// values gives the variables of a flow or function their first values.
func (g *suspendable) values() {
	g.write("n = 0")
	for i := range 4 {
		g.write("v%d = %s", i, g.value())
	}
	g.write("e = nil")
}

func (g *suspendable) condition() string {
	return fmt.Sprintf("(n * 7 + %d) %% 3 == 0", g.random.IntN(3))
}

func (g *suspendable) block(size int) {
	for range 1 + g.random.IntN(size) {
		g.statement()
	}
}

func (g *suspendable) inner() {
	g.depth++
	g.write("n = n + 1")
	if g.depth < 6 {
		g.block(3)
	}
	g.call()
	g.depth--
}

func (g *suspendable) statement() {
	if g.budget--; g.budget < 0 {
		g.call()
		return
	}
	switch g.random.IntN(15) {
	case 0:
		g.write("v%d = %s", g.random.IntN(4), g.value())
	case 1:
		g.write("if %s {", g.condition())
		g.inner()
		g.write("} else if %s {", g.condition())
		g.inner()
		g.write("} else {")
		g.inner()
		g.write("}")
	case 2:
		g.write("switch n %% 3 {\ncase 0 {")
		g.inner()
		g.write("}\ncase 1 {")
		g.inner()
		g.write("}\ndefault {")
		g.inner()
		g.write("} }")
	case 3:
		id := g.id()
		g.write("w%d = 0", id)
		g.write("while w%d < 2 {", id)
		g.write("w%d = w%d + 1", id, id)
		g.loop()
		g.write("}")
	case 4, 5:
		g.forEach()
	case 6, 7:
		g.failing()
	case 8:
		g.limited()
	case 9, 10:
		g.function()
	case 11:
		g.leap()
	case 12:
		g.leapInto()
	case 13:
		g.timed()
	case 14:
		g.write("if n > %d {", 8+g.random.IntN(30))
		g.write([]string{"stop", "return v0", `fail = v1.nothing.there`}[g.random.IntN(3)])
		g.write("}")
	}
}

func (g *suspendable) loop() {
	g.inner()
	if g.one(3) {
		g.write("if %s { %s }", g.condition(), []string{"break", "continue"}[g.random.IntN(2)])
		g.call()
	}
}

func (g *suspendable) forEach() {
	collection := []string{
		"1..3", "[v0, v1, v2]", `({b: v1, a: v2})`, "[]", "-1..0", `try_`, "host.List",
		"9223372036854775806..9223372036854775807",
	}[g.random.IntN(8)]
	if collection == "try_" {
		collection = "given.list"
	}
	keyed := g.one(2)
	if keyed {
		g.write("for k, x in %s {", collection)
		g.depth++
		g.write("show < value: [k, x == nil] >")
		g.write("k = %s", g.value())
		g.depth--
	} else {
		g.write("for x in %s {", collection)
	}
	g.depth++
	g.write("v3 = x")
	g.write("x = %s", g.value())
	g.depth--
	g.loop()
	g.depth++
	if keyed {
		g.write("show < value: k >")
	}
	g.write("show < value: x >")
	g.depth--
	g.write("}")
}

// call writes a call that succeeds.
func (g *suspendable) call() {
	g.write([]string{
		"show < value: v%d >",
		"v1 = show < value: v%d, description: \"a call\" >",
		"v2 = try < returns: v%d >",
		"global shared = try < returns: v%d, wait: \"1m\" >",
		"show < value: [n, v%d, random(9)], break: (n > 40) >",
		"draw < > catch { show < value: v%d > }",
	}[g.random.IntN(6)], g.random.IntN(4))
}

func (g *suspendable) failing() {
	head := fmt.Sprintf(`v%d = try < fail: (%s) ? "down" : "", returns: v0, kind: "odd"`, g.random.IntN(4), g.condition())
	if g.one(3) {
		head += ", code: c"
	}
	if g.one(4) {
		head += ", break: n > 25"
		head = strings.Replace(head, "break: n > 25", "break: (n > 25)", 1)
	}
	if g.one(4) {
		g.write("%s >", head)
		return
	}
	g.write("%s > catch e {", head)
	g.inner()
	g.write("}")
}

func (g *suspendable) limited() {
	g.write("show < value: n, limit: %d, break: (n > 30) > failover {", 1+g.random.IntN(2))
	g.inner()
	g.write("} catch e {")
	g.inner()
	g.write("}")
}

// timed writes calls with timeouts, of which no two end at the same time.
func (g *suspendable) timed() {
	timeout := fmt.Sprintf("%dms", 90_000*(1+g.random.IntN(3))+1+g.random.IntN(29_999))
	if g.within < functionsOf && g.one(2) {
		g.write(`v1 = f%d < a: n, timeout: "%s" > catch e {`, g.within+1, timeout)
	} else {
		g.write(`try < wait: "%dm", timeout: "%s" > catch e {`, 1+g.random.IntN(4), timeout)
	}
	g.inner()
	g.write("}")
}

func (g *suspendable) function() {
	if g.within >= functionsOf {
		g.call()
		return
	}
	callee := g.within + 1 + g.random.IntN(functionsOf-g.within)
	settings := fmt.Sprintf("a: v%d", g.random.IntN(4))
	if g.one(2) {
		settings += ", b: " + g.value()
	}
	if g.one(4) {
		settings += ", break: (n > 20)"
	}
	if g.one(3) {
		g.write("v0 = f%d < %s, limit: 2 > failover {", callee, settings)
		g.inner()
		g.write("} catch e {")
		g.inner()
		g.write("}")
		return
	}
	g.write("v0 = f%d < %s >", callee, settings)
	if g.one(2) {
		g.source.WriteString(strings.Repeat("  ", g.depth) + "catch e {\n")
		g.inner()
		g.write("}")
	}
}

// leap writes a goto back, twice at most.
func (g *suspendable) leap() {
	id := g.id()
	g.write("j%d = 0", id)
	g.write("again%d:", id)
	g.call()
	g.statement()
	g.write("if j%d < 2 { j%d = j%d + 1; goto again%d }", id, id, id, id)
}

// leapInto writes a goto into a block.
func (g *suspendable) leapInto() {
	id := g.id()
	g.write("j%d = 0", id)
	head := []string{"if n < 0 {", "while n < 0 {", `try < fail: (n < 0) ? "no" : "" > catch e {`, "show < value: n, limit: 50 > failover {"}
	g.write("%s", head[g.random.IntN(len(head))])
	g.inner()
	g.write("into%d:", id)
	g.inner()
	g.write("}")
	g.write("if j%d < 1 { j%d = j%d + 1; goto into%d }", id, id, id, id)
}
