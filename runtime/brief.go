package runtime

import "flowrun/runtime/internal/expression"

// brief is a statement of a block that may be over at once: the assignment of a
// number or a truth, computed from variables that hold them, too, or of a text that is
// written in the source; and an `if` with one such condition whose blocks have only brief
// statements. Those that stand together in a block are run one after another where the
// run is not to be looked at on the way, and their steps are counted in one go. The
// statements of an `if` stand behind it in the same list: of
//
//	a = 1
//	if a > b { c = 2 } else { c = 3 }
//	d = 4
//
// it is a = 1, a > b, c = 2, c = 3, d = 4, where c = 2 has d = 4 as next, and a > b has
// c = 2 as next and c = 3 as otherwise.
type brief struct {
	compute   expression.Scalars // of an `if`, of its condition
	text      any                // that is written in the source; nil: none
	slot      int                // that is assigned to
	steps     int                // without those of the blocks of an `if`
	behind    int                // the same of it and of what follows it, whatever the conditions are
	choice    bool               // it is an `if`
	next      int                // where the run goes on in the list
	otherwise int                // where it goes on when the condition is false
	thenSteps int                // of what follows there, in the `if`
	elseSteps int                // the same when the condition is false

	block  *block // where the statement stands
	index  int    // there
	within int    // the `if` in the list that it stands in; -1: none
}

// stretch is the brief statements that stand together from a statement of a block on.
type stretch struct {
	from, to   int // in the list
	statements int // of the block; 0: none
	steps      int // that they take, whatever the conditions in them are
	most       int // steps that they take at most
}

// mostTogether leaves room for many such between two looks at the run.
const mostTogether = checkEvery / 16

// put is for a variable that does not hold a number or a truth yet, and for texts; it
// tells whether the statement is over.
func (s *brief) put(r *run, v *expression.Variable, computed expression.Scalar) bool {
	if s.text != nil {
		return r.putQuickly(v, expression.CellOf(s.text))
	}
	return computed.IsScalar() && r.putQuickly(v, expression.Cell{Scalar: computed})
}

// noScalar is the compute of a text.
func noScalar([]expression.Variable) (none expression.Scalar) { return none }

// room is how often so many steps may be taken without a look at the run.
func (r *run) room(steps int) int { return (r.counter.CheckAt - 1 - r.counter.Taken) / steps }

// reserve counts steps where so many may be taken without a look at the run.
func (r *run) reserve(steps, most int) bool {
	if r.counter.Taken+most >= r.counter.CheckAt {
		return false
	}
	r.counter.Taken += steps
	return true
}

// swiftly runs brief statements from an index of the list on, whose steps are counted; those
// that their conditions bring are reserved. Where a statement is not over at once, what
// follows from the statement reached on is not counted any more, and is to be run as any
// other, unless sig is how the block has ended.
func (b *block) swiftly(f *frame, at, end int) (reached int, sig signal, swift bool) {
	m, own, list := f.run.machine, f.Own, b.briefs
	for at < end {
		s := &list[at]
		computed := s.compute(own)
		if !s.choice {
			if v := &own[s.slot]; m.PutScalar(v, computed) || s.put(f.run, v, computed) {
				at = s.next
				continue
			}
		} else if holds, decided := computed.Bool(); decided {
			if holds {
				at = s.next
				f.run.counter.Taken += s.thenSteps
			} else {
				at = s.otherwise
				if s.elseSteps > 0 {
					f.run.counter.Taken += s.elseSteps
				}
			}
			continue
		}
		f.run.counter.Taken -= s.behind
		f.run.giveRoundsBack()
		reached, sig = b.slowly(f, s)
		return reached, sig, false
	}
	return 0, next, true
}

// slowly runs a brief statement as any other where it stands in an `if`, and what follows it
// there; in this block it is left to be run.
func (b *block) slowly(f *frame, s *brief) (reached int, sig signal) {
	if s.within < 0 {
		return s.index, next
	}
	sig = s.block.from(f, s.index)
	for sig == next {
		s = &b.briefs[s.within]
		if s.within < 0 {
			return s.index + 1, next
		}
		sig = s.block.from(f, s.index+1)
	}
	return 0, sig
}
