package runtime_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"flowrun/runtime"
)

// drawnFlow writes a flow of brief statements, and of others that stand between them.
type drawnFlow struct {
	*rand.Rand
	source       strings.Builder
	left         int // statements that may still come
	loops, names int // open loops; loop variables and counters so far
	function     bool
	brief        bool // only what may be brief
}

func newDrawnFlow(seed uint64) string {
	d := &drawnFlow{Rand: rand.New(rand.NewPCG(seed, 77))}
	d.write(d.pick("flow \"f\" < onError: \"continue\" >", ""))
	d.write("function f < n > {")
	d.function, d.left = true, 20
	d.body()
	d.write("return a + n\n}")
	d.function, d.left = false, 40
	d.body()
	d.write("problem = nil\nreturn [a, b, c, d, s, t, on]")
	return d.source.String()
}

func (d *drawnFlow) body() {
	d.write("a = 1\nb = 2\nc = 3\nd = 1.5\non = true\ns = \"x\"\nt = \"\"")
	for range 8 {
		d.statement()
	}
}

func (d *drawnFlow) write(format string, arguments ...any) {
	fmt.Fprintf(&d.source, format+"\n", arguments...)
}

func (d *drawnFlow) pick(of ...string) string { return of[d.IntN(len(of))] }

func (d *drawnFlow) variable() string { return d.pick("a", "b", "c", "d") }

func (d *drawnFlow) number(depth int) string {
	if depth == 0 {
		return d.pick("a", "b", "c", "d", "1", "2", "7", "2.5", "-1")
	}
	left, right := d.number(depth-1), d.number(depth-1)
	switch d.IntN(6) {
	case 0:
		return "(" + left + ") % " + d.pick("2", "7", "c", "-3")
	case 1:
		return "(" + d.condition() + " ? " + left + " : " + right + ")"
	case 2:
		return "-" + left
	}
	return "(" + left + d.pick(" + ", " - ", " * ", " / ") + right + ")"
}

func (d *drawnFlow) condition() string {
	compared := d.number(0) + d.pick(" < ", " > ", " == ", " != ", " <= ") + d.number(0)
	return d.pick(compared, compared, "on", `s == "x"`, "on or "+compared, "not ("+compared+")", compared+" and "+d.number(0)+" >= 2")
}

func (d *drawnFlow) block(most int) {
	for range d.IntN(most + 1) {
		d.statement()
	}
}

func (d *drawnFlow) statement() {
	if d.left--; d.left < 0 {
		return
	}
	kinds := 16
	if d.brief {
		kinds = 10
	}
	switch d.IntN(kinds) {
	case 0, 1, 2, 3:
		d.write("%s = %s", d.variable(), d.number(d.IntN(3)))
	case 4:
		d.write("on = %s", d.condition())
	case 5:
		d.write("%s = %q", d.pick("s", "t", "d"), d.pick("x", "", "a longer text that takes room"))
	case 6, 7, 8, 9:
		d.choice()
	case 10:
		d.write("%s = %s", d.pick("s", "t"), d.pick(`"${a}-${s}"`, "s", "[a, s]", "a", "nil"))
	case 11, 12:
		d.loop()
	case 13:
		if d.loops > 0 {
			d.write("if %s { %s }", d.condition(), d.pick("break", "continue"))
		}
	case 14:
		d.write("%s = tell < n: %s, text: %s, on: %s >%s", d.pick("a", "b", "s"), d.pick("a", "1", "a + b", "(a + b + a + b + a + b + 1) % 5"),
			d.pick("s", `"text"`, `"${s}"`), d.pick("on", "true", "(a == b)"), d.pick("", " catch problem { s = problem.message }"))
	case 15:
		if !d.function {
			d.write("%s = f < n: %s >", d.pick("a", "b"), d.number(0))
		}
	}
}

func (d *drawnFlow) choice() {
	outer := d.brief
	d.brief = outer || d.IntN(3) > 0
	defer func() { d.brief = outer }()
	d.write("if %s {", d.condition())
	d.block(4)
	if !d.brief && d.IntN(3) == 0 {
		d.write("} else if %s {", d.condition())
		d.block(3)
	}
	if d.IntN(2) == 0 {
		d.write("} else {")
		d.block(3)
	}
	d.write("}")
}

func (d *drawnFlow) loop() {
	d.names++
	d.loops++
	defer func() { d.loops-- }()
	switch name := d.names; d.IntN(3) {
	case 0:
		d.write("w%d = 0\nwhile w%[1]d < %d {\nw%[1]d = w%[1]d + 1", name, d.IntN(5))
	case 1:
		d.write("for i%d in [1, 2.5, \"x\"] {\nc = i%[1]d", name)
	default:
		d.write("for i%d in 1..%d {\nb = i%[1]d", name, 1+d.IntN(9))
	}
	d.block(5)
	d.write("}")
}

// addresses are what Go prints of a caught error.
var addresses = regexp.MustCompile("0x[0-9a-f]+")

// TestDrawnFlowsRunTheSameInOneGoAsOneByOne runs each program as often as there are ways,
// within limits that most of them reach; the last one leaves its room to the first again.
func TestDrawnFlowsRunTheSameInOneGoAsOneByOne(t *testing.T) {
	short := runtime.NewComponentFunc("tell", func(_ context.Context, s tellSettings) (int, error) { return tellOf(s) })
	whole := runtime.NewComponent("tell", func(_ context.Context, _ *runtime.Call, s *tellSettings) (any, error) { return tellOf(*s) })
	ways := [][]runtime.RunOption{
		nil, {runtime.WithStatementObserver(oneByOne{})}, {runtime.WithObserver(func(runtime.Event) {})}, {runtime.WithEffects(ownEffects{})}, nil,
	}
	for seed := range uint64(150) {
		source, random := newDrawnFlow(seed), rand.New(rand.NewPCG(seed, 5))
		for range 5 {
			limits := []runtime.Limits{{Steps: 1 + random.IntN(600)}, {Variables: 100 + random.IntN(2000), Steps: 5000}, {Value: 15 + random.IntN(80), Steps: 5000}}[random.IntN(3)]
			how := func(program *runtime.Program, options ...runtime.RunOption) string {
				text, _ := ended(program, t.Context(), options...)
				return addresses.ReplaceAllString(text, "")
			}
			want := how(compile(t, newLimited(t, &recorder{}, limits, runtime.WithComponents(whole), runtime.OnVM()), source), ways[1]...)
			program := compile(t, newLimited(t, &recorder{}, limits, runtime.WithComponents(short)), source)
			for way, options := range ways {
				if got := how(program, options...); got != want {
					t.Fatalf("seed %d, way %d, %+v:\n got %s\nwant %s\n%s", seed, way, limits, got, want, source)
				}
			}
		}
	}
}

// tellOf is tell where nothing suspends.
func tellOf(s tellSettings) (int, error) {
	if s.N == 2 {
		s.N = 7
	}
	return tell(s)
}
