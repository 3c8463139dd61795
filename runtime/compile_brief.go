package runtime

import "slices"

// noStretches are those of a block without a brief statement.
var noStretches [64]stretch

// deepest is how deep an `if` may stand in others to be brief: each has those in it in its
// list.
const deepest = 3

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
		long := func(b *block) bool { return !b.empty() && !b.short || b.deep == deepest }
		return s.first != nil && len(s.conditions) == 1 && !slices.ContainsFunc(s.blocks, long)
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
	b.briefs = append(b.briefs, brief{next: at + 1, block: b, index: index, within: -1})
	switch s := s.(type) {
	case *assign:
		b.briefs[at].assignment(s)
		most = 1 // when the step of the work with values is full
	case *ifElse:
		most = b.addChoice(at, s)
	}
	return most + b.briefs[at].steps
}

func (s *brief) assignment(a *assign) {
	compute, steps := a.value.Scalars()
	s.compute, s.slot, s.steps = compute, a.target.variable.slot, 1+steps
	if text, ok := writtenText(a.value); ok {
		s.text, s.compute = text, noScalar
	}
}

// addChoice adds the blocks of the `if` at an index of the list behind it, and gives the
// steps that they take at most.
func (b *block) addChoice(at int, s *ifElse) (most int) {
	then, otherwise := s.then, &block{}
	if len(s.blocks) > 1 {
		otherwise = s.blocks[1]
	}
	b.deep = max(b.deep, 1+then.deep, 1+otherwise.deep)
	b.addBranch(then, at)
	second := len(b.briefs)
	b.addBranch(otherwise, at)
	end := len(b.briefs)
	for i := at + 1; i < second; i++ { // behind the first block comes what is behind both
		for _, place := range []*int{&b.briefs[i].next, &b.briefs[i].otherwise} {
			if *place == second {
				*place = end
			}
		}
	}
	choice := &b.briefs[at]
	choice.compute, choice.steps, choice.choice, choice.otherwise = s.first, 1, true, second
	if then.empty() {
		choice.next = end
	}
	choice.thenSteps, most = then.whole()
	elseSteps, mostElse := otherwise.whole()
	choice.elseSteps = elseSteps
	return max(most, mostElse)
}

// whole is the steps of a block that is short or empty, and how many it takes at most.
func (b *block) whole() (steps, most int) {
	if b.empty() {
		return 0, 0
	}
	return b.stretches[0].steps, b.stretches[0].most
}

// addBranch adds the statements of a block of the `if` at an index of the list.
func (b *block) addBranch(branch *block, within int) {
	base := len(b.briefs)
	for _, s := range branch.briefs {
		s.next += base
		s.otherwise += base
		if s.within < 0 {
			s.within = within
		} else {
			s.within += base
		}
		b.briefs = append(b.briefs, s)
	}
}
