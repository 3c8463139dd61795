package runtime

import (
	"slices"

	"flowrun/runtime/internal/expression"
)

// brief is a statement of a block that may be over at once: the assignment of a
// number or a truth, computed from variables that hold them, too, or of a text that is
// written in the source; and an `if` with one such condition whose blocks have only brief
// statements. How many steps it takes at most is known before. So those that stand
// together are run in one go where the run is not to be looked at on the way, and their
// steps are counted behind them.
type brief struct {
	compute  expression.Scalars // nil: the statement is never brief
	text     *expression.Cell   // that is written in the source; nil: none
	branches *[2]*block         // of an `if`: the block for false, which may be nil, and that for true
	slot     int
	steps    int // that it takes, without those of its blocks
	together int // how many brief statements there are from this one on
	most     int // steps that these take at most
}

// first is for a variable that does not hold a number or a truth yet, and for texts; it
// tells whether the statement is over.
func (s *brief) first(r *run, v *expression.Variable, computed expression.Scalar) bool {
	if s.text != nil {
		return r.putQuickly(v, *s.text)
	}
	return computed.IsScalar() && r.putQuickly(v, expression.Cell{Scalar: computed})
}

// branch is the block that an `if` goes on with, which may be nil; decided tells whether
// the condition is true or false.
func (s *brief) branch(computed expression.Scalar) (branch *block, decided bool) {
	holds, decided := computed.Bool()
	if holds {
		return s.branches[1], decided
	}
	return s.branches[0], decided
}

// noScalar is the compute of a text.
func noScalar([]expression.Variable) (none expression.Scalar) { return none }

// mostTogether leaves room for many such between two looks at the run.
const mostTogether = checkEvery / 16

// reserve tells whether steps may be taken without a look at the run.
func (r *run) reserve(steps int) bool { return r.counter.Taken+steps < r.counter.CheckAt }

// swiftly runs the brief statements from index i up to end; steps are those that the run
// has taken and not counted, with which all that are to come are reserved. Where a
// statement is not over at once, all that were taken are counted; what follows from the
// index reached on is to be run as any other, unless sig is how the block has ended.
func (b *block) swiftly(f *frame, i, end, steps int) (taken, reached int, sig signal, swift bool) {
	m, own := f.run.machine, f.Own
	for ; i < end; i++ {
		s := &b.brief[i]
		computed := s.compute(own)
		if s.branches == nil {
			v := &own[s.slot]
			if full, done := m.PutScalar(v, computed); done {
				steps += s.steps + full
				continue
			}
			if s.first(f.run, v, computed) {
				steps += s.steps
				continue
			}
		} else if branch, decided := s.branch(computed); decided {
			steps += s.steps
			if branch == nil {
				continue
			}
			n := len(branch.brief)
			if steps, reached, sig, swift = branch.swiftly(f, 0, n, steps); swift {
				continue
			}
			if sig == next {
				sig = branch.from(f, reached)
			}
			return 0, i + 1, sig, false
		}
		f.run.counter.Taken += steps
		return 0, i, next, false
	}
	return steps, end, next, true
}

// noneBrief are statements of which none is brief.
var noneBrief [64]brief

// findBrief finds the brief statements.
func (b *block) findBrief(rooms *rooms) {
	n := len(b.statements)
	if n <= len(noneBrief) && !slices.ContainsFunc(b.statements, mayBeBrief) {
		b.brief = noneBrief[:n]
	} else {
		b.brief = briefs(b.statements, rooms)
	}
	if n == 0 {
		return
	}
	b.short = b.brief[0].together == n
}

func (b *block) empty() bool { return len(b.statements) == 0 }

func mayBeBrief(s statement) bool {
	switch s := s.(type) {
	case *assign:
		if len(s.target.path) > 0 || s.target.variable.flow {
			return false
		}
		_, text := writtenText(s.value)
		return text || s.value.HasScalars()
	case *ifElse:
		return s.first != nil && len(s.conditions) == 1 && !slices.ContainsFunc(s.blocks, func(b *block) bool { return !b.short && !b.empty() })
	}
	return false
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
		if !mayBeBrief(statements[i]) {
			continue
		}
		switch s := statements[i].(type) {
		case *assign:
			b.assignment(s, rooms)
		case *ifElse:
			b.choice(s)
		}
		b.together = 1
		if i+1 < len(all) && all[i+1].together < mostTogether {
			b.together += all[i+1].together
			b.most += all[i+1].most
		}
	}
	return all
}

func (b *brief) assignment(s *assign, rooms *rooms) {
	compute, steps := s.value.Scalars()
	b.compute, b.slot, b.steps = compute, s.target.variable.slot, 1+steps
	if text, ok := writtenText(s.value); ok {
		b.text, b.compute = rooms.texts.Next(), noScalar
		*b.text = expression.CellOf(text)
	}
	b.most = b.steps + 1 // the step of the work with values may be full
}

func (b *brief) choice(s *ifElse) {
	b.compute, b.steps, b.branches = s.first, 1, new([2]*block)
	for choice, branch := range s.blocks {
		if !branch.empty() {
			b.branches[1-choice] = branch
			b.most = max(b.most, branch.brief[0].most)
		}
	}
	b.most += b.steps
}
