package runtime

import (
	"slices"

	"flowrun/runtime/internal/expression"
)

// brief is a statement of a block that may be over at once: the assignment of a
// number or a truth, computed from variables that hold them, too, or of a text that is
// written in the source. What it counts is known before. So the steps of those that stand
// together, and of the statement behind them, are counted in one go, when the run is
// not to be looked at on the way.
type brief struct {
	compute  expression.Scalars // nil: the statement is never brief
	text     *expression.Cell   // that is written in the source; nil: none
	slot     int
	together int // how many statements from this one on are counted in one go
	counted  int // the steps of all of them
}

// first is for a variable that does not hold a number or a truth yet, and for texts; it
// tells whether the statement is over.
func (s *brief) first(r *run, v *expression.Variable, computed expression.Scalar) bool {
	if s.text != nil {
		return r.putQuickly(v, *s.text)
	}
	return computed.IsScalar() && r.putQuickly(v, expression.Cell{Scalar: computed})
}

// noScalar is the compute of a text.
func noScalar([]expression.Variable) (none expression.Scalar) { return none }

// mostTogether leaves room for many such between two looks at the run.
const mostTogether = checkEvery / 16

// briefly runs the brief statements from index i on, whose steps are counted. It gives
// the index of the first one that is not over, which is to be run as any other and
// is counted; over tells that there is none left of those counted.
func (b *block) briefly(f *frame, i int) (reached int, over bool) {
	m, own := f.run.machine, f.Own
	end := i + b.brief[i].together
	for ; i < end; i++ {
		s := &b.brief[i]
		if s.compute == nil {
			return i, false // it is the last one
		}
		v, computed := &own[s.slot], s.compute(own)
		if !m.PutScalar(v, computed) && !s.first(f.run, v, computed) {
			f.run.giveBack(s.counted - 1)
			return i, false
		}
	}
	return i, true
}

// shortly runs a block of brief statements, whose steps are counted.
func (b *block) shortly(f *frame) signal {
	m, own := f.run.machine, f.Own
	for i := range b.brief {
		s := &b.brief[i]
		v, computed := &own[s.slot], s.compute(own)
		if !m.PutScalar(v, computed) && !s.first(f.run, v, computed) {
			f.run.giveBack(s.counted)
			return b.from(f, i, false)
		}
	}
	return next
}

// together gives the steps of the first statements that are counted in one go, which
// may then be counted together with the round of a loop.
func (b *block) together(r *run) int {
	if r.statements != nil {
		return 0
	}
	return b.first
}

// noneBrief are statements of which none is brief.
var noneBrief = func() (none [64]brief) {
	for i := range none {
		none[i] = brief{together: 1, counted: 1}
	}
	return none
}()

// findBrief finds the brief statements.
func (b *block) findBrief(rooms *rooms) {
	if n := len(b.statements); n <= len(noneBrief) && !slices.ContainsFunc(b.statements, mayBeBrief) {
		b.brief = noneBrief[:n]
	} else {
		b.brief = briefs(b.statements, rooms)
	}
	if n := len(b.brief); n > 0 {
		b.first = b.brief[0].counted
		b.short = b.brief[0].together == n && b.brief[n-1].compute != nil
	}
}

func mayBeBrief(s statement) bool {
	a, ok := s.(*assign)
	if !ok || len(a.target.path) > 0 || a.target.variable.flow {
		return false
	}
	_, text := writtenText(a.value)
	return text || a.value.HasScalars()
}

// writtenText is what an expression is where that is a text that is written in the
// source.
func writtenText(e *evaluated) (text any, ok bool) {
	text, _ = e.Constant()
	_, ok = text.(string)
	return text, ok
}

func briefs(statements []statement, rooms *rooms) []brief {
	all := rooms.briefs.Some(len(statements))
	for i := len(all) - 1; i >= 0; i-- {
		b := &all[i]
		b.together, b.counted = 1, 1 // what is in the statement counts by itself
		if !mayBeBrief(statements[i]) {
			continue
		}
		s := statements[i].(*assign)
		compute, steps := s.value.Scalars()
		b.compute, b.slot, b.counted = compute, s.target.variable.slot, 1+steps
		if text, ok := writtenText(s.value); ok {
			b.text, b.compute = rooms.texts.Next(), noScalar
			*b.text = expression.CellOf(text)
		}
		if i+1 < len(all) && all[i+1].together < mostTogether {
			b.together += all[i+1].together
			b.counted += all[i+1].counted
		}
	}
	return all
}
