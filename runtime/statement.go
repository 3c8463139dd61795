package runtime

import "flowrun/lang"

// signal is how a statement ended.
type signal uint8

const (
	next         signal = iota // go on with the statement that follows
	breakLoop                  // leave the innermost loop
	continueLoop               // its next round
	returned                   // leave the function; frame.result holds the value
	stopped                    // end the flow, successfully
	jumped                     // go to frame.jump
	failed                     // frame.err holds the error
	suspended                  // the run is being suspended; run.trail grows on the way out
)

// statement is a compiled statement. It is immutable; what changes is in the
// frame.
type statement interface {
	// run executes the statement from its beginning.
	run(f *frame) signal
	// kind is what it is, with the name that Statement.Name has.
	kind() (StatementKind, string)
}

// compound is a statement that a goto or a resumed run may enter.
type compound interface {
	statement
	// enter goes on inside: at the statement that path leads to, and from there
	// as if the run had come to it by itself. The first turn chooses the block,
	// the others are a path from that block.
	enter(f *frame, path []turn) signal
}

// label is a place that a goto leads to.
type label struct {
	name string
}

// block runs statements in order. Jumps to labels below it end here.
type block struct {
	statements []statement
	places     []lang.Span // of the statements
	briefs     []brief     // those of the statements that may be over at once
	stretches  []stretch   // by statement: those that stand together from it on
	short      bool        // all may be brief, and there are some
	deep       int         // how deep brief ifs stand in others here
	// labels are the labels that a goto may reach through this block, with the
	// path to each: the index of a statement, then, when the label lies deeper,
	// a path into it. Labels inside a `for` are not among them.
	labels map[*label][]turn
}

func (b *block) run(f *frame) signal {
	r := f.run
	if !b.short || r.statements != nil || !r.reserve(b.stretches[0].steps, b.stretches[0].most) {
		return b.from(f, 0)
	}
	reached, sig, swift := b.swiftly(f, 0, len(b.briefs))
	if swift || sig != next {
		return sig
	}
	return b.from(f, reached)
}

// enter goes on at the statement that path leads to.
func (b *block) enter(f *frame, path []turn) signal {
	i := path[0].choice
	if len(path) == 1 {
		return b.from(f, i)
	}
	if sig := b.settle(f, b.into(f, i, path[1:]), &i); sig != next {
		return sig
	}
	return b.from(f, i)
}

// from runs the statements from index i on.
func (b *block) from(f *frame, i int) signal {
	r := f.run
	if r.statements != nil {
		return b.toldFrom(f, i)
	}
	for i < len(b.statements) {
		if s := &b.stretches[i]; s.statements > 0 && r.reserve(s.steps, s.most) {
			reached, sig, swift := b.swiftly(f, s.from, s.to)
			if sig != next {
				return sig
			}
			if swift {
				i += s.statements
				continue
			}
			if i = reached; i == len(b.statements) {
				break
			}
		}
		if err := r.step(); err != nil {
			return f.abort(f.place(err, b.places[i]))
		}
		sig := b.statements[i].run(f)
		if sig != next {
			at := i
			if sig = b.settle(f, sig, &at); sig != next {
				return sig
			}
			i = at
			continue
		}
		i++
	}
	return next
}

// toldFrom is from for a run of whose statements observers are told.
func (b *block) toldFrom(f *frame, i int) signal {
	for i < len(b.statements) {
		if err := f.run.step(); err != nil {
			return f.abort(f.place(err, b.places[i]))
		}
		if sig := b.settle(f, b.told(f, i), &i); sig != next {
			return sig
		}
	}
	return next
}

// told runs the statement at index i, of which observers are told.
func (b *block) told(f *frame, i int) signal {
	return b.observed(f, i, false, func() signal { return b.statements[i].run(f) })
}

// into goes on inside the statement at index i.
func (b *block) into(f *frame, i int, path []turn) signal {
	s := b.statements[i].(compound)
	if f.run.statements != nil {
		return b.observed(f, i, true, func() signal { return s.enter(f, path) })
	}
	return s.enter(f, path)
}

// settle follows jumps to labels of this block until one ends otherwise. With
// next, i is the index to go on at.
func (b *block) settle(f *frame, sig signal, i *int) signal {
	for sig == jumped {
		path, here := b.labels[f.jump]
		if !here {
			return jumped
		}
		f.jump = nil
		*i = path[0].choice
		if len(path) == 1 {
			return next
		}
		if err := f.run.count(1 + len(path)/4); err != nil {
			return f.abort(f.place(err, b.places[*i]))
		}
		sig = b.into(f, *i, path[1:])
	}
	if sig == next {
		*i++
	}
	return f.chosen(*i, sig)
}
