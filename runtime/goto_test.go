package runtime_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// visits is how many statements a generated program visits before it stops.
const visits = 80

// TestGotoVisitsWhatAFlatProgramVisits runs generated programs of labels, gotos,
// blocks and loops, and compares the statements they visit with those that a
// reference interpreter visits, which knows no blocks: it runs a flat list of
// instructions with jumps.
func TestGotoVisitsWhatAFlatProgramVisits(t *testing.T) {
	jumpsTaken := 0
	for seed := range uint64(2000) {
		g := newGraph(seed)
		r := &recorder{}
		program := compile(t, newEngine(t, r), g.source.String())
		if _, err := program.Run(t.Context(), nil); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, g.source.String())
		}
		wanted, jumps := g.flat.run()
		jumpsTaken += jumps
		if !slices.Equal(r.shown, wanted) {
			t.Fatalf("seed %d: visited %v, want %v\n%s", seed, r.shown, wanted, g.source.String())
		}
	}
	if jumpsTaken < 5_000 {
		t.Errorf("the programs took only %d gotos", jumpsTaken)
	}
}

// flatProgram is a program without blocks. Every condition depends on the number
// of visits so far, so that both interpreters decide alike.
type flatProgram struct {
	code []instruction
}

type instruction struct {
	op     operation
	id     int // of visit; slot of a loop or a counter; the label of a goto
	target int // index to jump to
	salt   int // of a condition; rounds of a loop; a limit; a case
}

type operation uint8

const (
	opVisit    operation = iota
	opJump               // always
	opGoto               // to the label with id, by a goto of the source
	opUnless             // to target when the condition does not hold
	opNotCase            // to target unless visits % 3 is salt
	opLoop               // begins the loop id with salt rounds
	opRound              // takes the next round of loop id, or jumps to target
	opUnpassed           // counts pass id, jumps to target up to salt passes
	opLabel
)

func holds(visited, salt int) bool { return (visited*7+salt)%3 == 0 }

func (p *flatProgram) run() (visited []string, jumps int) {
	labels := map[int]int{}
	for at, in := range p.code {
		if in.op == opLabel {
			labels[in.id] = at
		}
	}
	rounds, passes := map[int]int{}, map[int]int{}
	for at := 0; at < len(p.code); at++ {
		in := p.code[at]
		switch in.op {
		case opVisit:
			visited = append(visited, fmt.Sprint(in.id))
			if len(visited) >= visits {
				return visited, jumps
			}
		case opJump:
			at = in.target - 1
		case opGoto:
			at = labels[in.id] - 1
			jumps++
		case opUnless:
			if !holds(len(visited), in.salt) {
				at = in.target - 1
			}
		case opNotCase:
			if len(visited)%3 != in.salt {
				at = in.target - 1
			}
		case opLoop:
			rounds[in.id] = in.salt
		case opRound:
			if rounds[in.id] == 0 {
				at = in.target - 1
				break
			}
			rounds[in.id]--
		case opUnpassed:
			passes[in.id]++
			if passes[in.id] <= in.salt {
				at = in.target - 1
			}
		}
	}
	return visited, jumps
}

// graph writes one program twice: as source and flat. A label lies in a scope:
// the innermost `for` around it, since a goto may lead out of one, not into one.
type graph struct {
	random *rand.Rand
	source strings.Builder
	flat   flatProgram
	depth  int

	scopes []int // of the place being written, outermost first
	labels []placedLabel
	gotos  []placedGoto
	loops  []flatLoop
	next   int
}

type placedLabel struct {
	id    int
	scope int
}

type placedGoto struct {
	at     int // index of its instruction
	scopes []int
	mark   string // stands in the source until the label is chosen
}

type flatLoop struct {
	start  int   // continue jumps here
	breaks []int // instructions to patch with the end
}

func newGraph(seed uint64) *graph {
	g := &graph{random: rand.New(rand.NewPCG(seed, 17)), scopes: []int{0}}
	g.write("n = 0")
	g.block(4 + g.random.IntN(6))
	g.label()
	g.visit()
	g.chooseLabels()
	return g
}

func (g *graph) write(format string, args ...any) {
	fmt.Fprintf(&g.source, strings.Repeat("  ", g.depth)+format+"\n", args...)
}

func (g *graph) emit(in instruction) int {
	g.flat.code = append(g.flat.code, in)
	return len(g.flat.code) - 1
}

func (g *graph) here() int { return len(g.flat.code) }

func (g *graph) id() int {
	g.next++
	return g.next
}

// visit shows a number and stops the program after enough of them.
func (g *graph) visit() {
	id := g.id()
	g.write("n = n + 1")
	g.write("show < value: %d, break: (n >= %d) >", id, visits)
	g.emit(instruction{op: opVisit, id: id})
}

// label writes a label; a visit follows, so that no loop of gotos is endless.
func (g *graph) label() {
	id := g.id()
	scope := g.scopes[len(g.scopes)-1]
	g.labels = append(g.labels, placedLabel{id, scope})
	g.write("l%d:", id)
	g.emit(instruction{op: opLabel, id: id})
	g.visit()
}

func (g *graph) leap() {
	mark := fmt.Sprintf("@%d@", g.id())
	g.write("goto %s", mark)
	at := g.emit(instruction{op: opGoto})
	g.gotos = append(g.gotos, placedGoto{at: at, scopes: slices.Clone(g.scopes), mark: mark})
}

// chooseLabels gives every goto a label that it may lead to.
func (g *graph) chooseLabels() {
	source := g.source.String()
	for _, leap := range g.gotos {
		var reachable []placedLabel
		for _, l := range g.labels {
			if slices.Contains(leap.scopes, l.scope) {
				reachable = append(reachable, l)
			}
		}
		chosen := reachable[g.random.IntN(len(reachable))]
		g.flat.code[leap.at].id = chosen.id
		source = strings.ReplaceAll(source, leap.mark, fmt.Sprintf("l%d", chosen.id))
	}
	g.source.Reset()
	g.source.WriteString(source)
}

func (g *graph) block(size int) {
	for range size {
		g.statement()
	}
}

// inner writes the statements of a block, deeper.
func (g *graph) inner() {
	g.depth++
	g.visit()
	if g.depth < 5 {
		g.block(g.random.IntN(4))
	}
	g.depth--
}

func (g *graph) statement() {
	switch g.random.IntN(16) {
	case 0:
		g.visit()
	case 2, 3:
		g.label()
	case 1, 4, 12, 13, 14, 15:
		g.conditionalLeap()
	case 5:
		g.ifElse()
	case 6:
		g.while()
	case 7:
		g.forEach()
	case 8:
		g.switchCase()
	case 9:
		g.catch()
	case 10:
		g.failover()
	case 11:
		g.leaveLoop()
	}
}

// condition gives the source of a condition that holds alike in the flat program.
func (g *graph) condition() (string, int) {
	salt := g.random.IntN(3)
	return fmt.Sprintf("(n * 7 + %d) %% 3 == 0", salt), salt
}

func (g *graph) conditionalLeap() {
	condition, salt := g.condition()
	unless := g.emit(instruction{op: opUnless, salt: salt})
	g.write("if %s {", condition)
	g.depth++
	g.leap()
	g.depth--
	g.write("}")
	g.flat.code[unless].target = g.here()
}

func (g *graph) ifElse() {
	condition, salt := g.condition()
	unless := g.emit(instruction{op: opUnless, salt: salt})
	g.write("if %s {", condition)
	g.inner()
	over := g.emit(instruction{op: opJump})
	g.write("} else {")
	g.flat.code[unless].target = g.here()
	g.inner()
	g.write("}")
	g.flat.code[over].target = g.here()
}

func (g *graph) while() {
	condition, salt := g.condition()
	start := g.here()
	unless := g.emit(instruction{op: opUnless, salt: salt})
	g.write("while %s {", condition)
	g.loops = append(g.loops, flatLoop{start: start})
	g.inner()
	g.endLoop(start)
	g.flat.code[unless].target = g.here()
}

func (g *graph) forEach() {
	id, count := g.id(), 1+g.random.IntN(3)
	g.emit(instruction{op: opLoop, id: id, salt: count})
	start := g.emit(instruction{op: opRound, id: id})
	g.write("for i in 1..%d {", count)
	g.loops = append(g.loops, flatLoop{start: start})
	g.scopes = append(g.scopes, id)
	g.inner()
	g.depth++
	g.label()
	g.depth--
	g.scopes = g.scopes[:len(g.scopes)-1]
	g.endLoop(start)
	g.flat.code[start].target = g.here()
}

func (g *graph) endLoop(start int) {
	g.write("}")
	g.emit(instruction{op: opJump, target: start})
	loop := g.loops[len(g.loops)-1]
	g.loops = g.loops[:len(g.loops)-1]
	for _, at := range loop.breaks {
		g.flat.code[at].target = g.here()
	}
}

func (g *graph) leaveLoop() {
	if len(g.loops) == 0 {
		g.visit()
		return
	}
	loop := &g.loops[len(g.loops)-1]
	condition, salt := g.condition()
	unless := g.emit(instruction{op: opUnless, salt: salt})
	if g.random.IntN(2) == 0 {
		g.write("if %s { break }", condition)
		loop.breaks = append(loop.breaks, g.emit(instruction{op: opJump}))
	} else {
		g.write("if %s { continue }", condition)
		g.emit(instruction{op: opJump, target: loop.start})
	}
	g.flat.code[unless].target = g.here()
}

func (g *graph) switchCase() {
	g.write("switch n %% 3 {")
	var ends []int
	for _, value := range []int{0, 2} {
		not := g.emit(instruction{op: opNotCase, salt: value})
		g.write("case %d {", value)
		g.inner()
		g.write("}")
		ends = append(ends, g.emit(instruction{op: opJump}))
		g.flat.code[not].target = g.here()
	}
	g.write("default {")
	g.inner()
	g.write("} }")
	for _, at := range ends {
		g.flat.code[at].target = g.here()
	}
}

// catch writes a call that fails when a condition holds.
func (g *graph) catch() {
	condition, salt := g.condition()
	unless := g.emit(instruction{op: opUnless, salt: salt})
	g.write(`try < fail: %s ? "failed" : "" > catch {`, condition)
	g.inner()
	g.write("}")
	g.flat.code[unless].target = g.here()
}

// failover writes a call with a limit of passes.
func (g *graph) failover() {
	id, limit := g.id(), 1+g.random.IntN(2)
	unpassed := g.emit(instruction{op: opUnpassed, id: id, salt: limit})
	g.write("try < limit: %d > failover {", limit)
	g.inner()
	g.write("}")
	g.flat.code[unpassed].target = g.here()
}
