package runtime

import (
	"slices"

	"flowrun/runtime/internal/expression"
)

// brief is a statement of a block that may be over at once: the assignment of a
// number or a truth, computed from variables that hold them, too, or of a text that is
// written in the source; and an `if` with one such condition whose blocks have only brief
// statements. Those that stand together in a block are run one after another where the
// run is not to be looked at on the way, and their steps are counted in one go. The
// statements of an `if` stand behind it in the same list.
type brief struct {
	compute   expression.Scalars // of an `if`, of its condition
	text      any                // that is written in the source; nil: none
	slot      int                // that is assigned to
	steps     int                // without those of the blocks of an `if`
	behind    int                // the same of it and of what follows it, whatever the conditions are
	choice    bool               // it is an `if`
	next      int                // where the run goes on in the list
	otherwise int                // where it goes on when the condition is false
	then, not int                // the steps of the statements there

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

// first is for a variable that does not hold a number or a truth yet, and for texts; it
// tells whether the statement is over.
func (s *brief) first(r *run, v *expression.Variable, computed expression.Scalar) bool {
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
			if v := &own[s.slot]; m.PutScalar(v, computed) || s.first(f.run, v, computed) {
				at = s.next
				continue
			}
		} else if holds, decided := computed.Bool(); decided {
			if holds {
				at = s.next
				f.run.counter.Taken += s.then
			} else {
				at = s.otherwise
				if s.not > 0 {
					f.run.counter.Taken += s.not
				}
			}
			continue
		}
		f.run.counter.Taken -= s.behind
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

// noStretches are those of a block without a brief statement.
var noStretches [64]stretch

// findBrief finds the brief statements.
func (b *block) findBrief(rooms *rooms) {
	n, count := len(b.statements), 0
	for _, s := range b.statements {
		if mayBeBrief(s) {
			count++
		}
	}
	if count == 0 && n <= len(noStretches) {
		b.stretches = noStretches[:n]
		return
	}
	b.stretches = rooms.stretches.Some(n)
	b.briefs = rooms.briefs.Some(count)[:0]
	for i, s := range b.statements {
		if mayBeBrief(s) {
			b.stretches[i].most = b.addBrief(i, s)
		}
		b.stretches[i].to = len(b.briefs)
	}
	for i := n - 1; i >= 0; i-- {
		s := &b.stretches[i]
		if i > 0 {
			s.from = b.stretches[i-1].to
		}
		if s.from == s.to {
			continue
		}
		own, behind := b.briefs[s.from:s.to], 0
		s.statements, s.steps = 1, own[0].steps
		if i+1 < n && 0 < b.stretches[i+1].statements && b.stretches[i+1].statements < mostTogether {
			after := &b.stretches[i+1]
			behind = after.steps
			s.to, s.statements, s.steps, s.most = after.to, 1+after.statements, s.steps+after.steps, s.most+after.most
		}
		own[0].behind = own[0].steps
		for i := range own { // what is in an `if` has this behind it, too
			own[i].behind += behind
		}
	}
	b.short = b.stretches[0].statements == n
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

// addBrief adds the brief statement with this index to the list, and gives the steps that
// it takes at most.
func (b *block) addBrief(index int, s statement) (most int) {
	at := len(b.briefs)
	made := brief{next: at + 1, block: b, index: index, within: -1}
	switch s := s.(type) {
	case *assign:
		compute, steps := s.value.Scalars()
		made.compute, made.slot, made.steps = compute, s.target.variable.slot, 1+steps
		if text, ok := writtenText(s.value); ok {
			made.text, made.compute = text, noScalar
		}
		b.briefs = append(b.briefs, made)
		return made.steps + 1 // the step of the work with values may be full
	case *ifElse:
		made.compute, made.steps, made.choice = s.first, 1, true
		b.briefs = append(b.briefs, made)
		most = b.addBranch(s.then, at)
		end := len(b.briefs)
		if len(s.blocks) > 1 {
			most = max(most, b.addBranch(s.blocks[1], at))
		}
		for i := at + 1; i < end; i++ {
			if list := b.briefs; list[i].next == end {
				list[i].next = len(list)
			}
			if list := b.briefs; list[i].otherwise == end {
				list[i].otherwise = len(list)
			}
		}
		b.briefs[at].otherwise = end
		if s.then.empty() {
			b.briefs[at].next = len(b.briefs)
		} else {
			b.briefs[at].then = s.then.stretches[0].steps
		}
		if len(s.blocks) > 1 && !s.blocks[1].empty() {
			b.briefs[at].not = s.blocks[1].stretches[0].steps
		}
		return most + made.steps
	}
	return 0
}

// addBranch adds the statements of a block of the `if` at an index of the list.
func (b *block) addBranch(branch *block, within int) (most int) {
	if branch.empty() {
		return 0
	}
	base := len(b.briefs)
	for _, s := range branch.briefs {
		s.next += base
		s.otherwise += base
		if s.within += base; s.within < base {
			s.within = within
		}
		b.briefs = append(b.briefs, s)
	}
	return branch.stretches[0].most
}
