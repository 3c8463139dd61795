package runtime

import "flowrun/runtime/internal/expression"

// while is `while e { }`. A path leads straight into its body.
type while struct {
	condition *evaluated
	body      *block
}

func (s *while) run(f *frame) signal { return s.rounds(f) }

func (s *while) enter(f *frame, path []turn) signal {
	if sig, over := roundEnded(s.body.enter(f, path)); over {
		return sig
	}
	return s.rounds(f)
}

func (s *while) rounds(f *frame) signal {
	quick := s.condition.scalars != nil && s.body.short && f.run.statements == nil
	for {
		if quick {
			if sig, over := s.swiftly(f); over {
				return sig
			}
		}
		if err := f.run.step(); err != nil {
			return f.abort(f.place(err, s.condition.span))
		}
		holds, err := f.condition(s.condition)
		if err != nil {
			return f.fail(f.conditionError(s.condition, err))
		}
		if !holds {
			return next
		}
		if sig, over := roundEnded(s.body.run(f)); over {
			return sig
		}
	}
}

// swiftly runs rounds of a body of brief statements, as many as the run need not be looked at
// for, and looks at it; over tells that the loop is over.
func (s *while) swiftly(f *frame) (sig signal, over bool) {
	r, body, steps := f.run, &s.body.stretches[0], 1+s.condition.steps
	left := r.room(steps + body.most)
	for {
		if left--; left < 0 {
			if err := r.checkpoint(); err != nil {
				return f.abort(f.place(err, s.condition.span)), true
			}
			if left = r.room(steps+body.most) - 1; left < 0 {
				return next, false
			}
		}
		holds, decided := s.condition.scalars(f.Own).Bool()
		if !decided {
			return next, false
		}
		r.counter.Taken += steps
		if !holds {
			return next, true
		}
		r.counter.Taken += body.steps
		reached, sig, swift := s.body.swiftly(f, 0, body.to)
		if swift {
			continue
		}
		if sig == next {
			sig = s.body.from(f, reached)
		}
		return roundEnded(sig)
	}
}

// roundEnded judges how a loop's round ended: whether the loop is over, and
// with which signal.
func roundEnded(sig signal) (signal, bool) {
	switch sig {
	case next, continueLoop:
		return next, false
	case breakLoop:
		return next, true
	}
	return sig, true
}

// stepsPerKey is what it costs to bring the keys of a map into order.
const stepsPerKey = 2

// forEach is `for x in e { }` and `for k, x in e { }`. The loop variables end
// with the loop.
type forEach struct {
	key        int // slot, or -1
	item       int // slot
	collection *evaluated
	body       *block
}

func (s *forEach) run(f *frame) signal {
	collection, err := f.eval(s.collection)
	if err != nil {
		return f.fail(err)
	}
	remaining, hint, problem := roundsOf(collection)
	if problem != nil {
		return f.fail(f.errorAt(s.collection.span, problem.Error(), hint))
	}
	if err := f.run.count(len(remaining.keys) * stepsPerKey); err != nil {
		return f.abort(f.place(err, s.collection.span))
	}
	size, problem := f.run.holdValue(collection)
	if problem != nil {
		return f.fail(f.problem(problem, s.collection.span, ""))
	}
	return s.over(f, size, s.rounds(f, &remaining))
}

// enter goes on in a round of a suspended run; no goto leads into a `for`.
func (s *forEach) enter(f *frame, path []turn) signal {
	state := path[0].loop
	remaining := state.rounds
	size, problem := f.run.holdRestoredValue(remaining.collection())
	if problem != nil {
		return f.fail(f.problem(problem, s.collection.span, ""))
	}
	if problem := s.resume(f, state); problem != nil {
		return f.fail(f.problem(problem, s.collection.span, ""))
	}
	if sig, over := roundEnded(s.round(f, &remaining, s.body.enter(f, path[1:]))); over {
		return s.over(f, size, sig)
	}
	return s.over(f, size, s.rounds(f, &remaining))
}

// resume gives the loop variables what they had: elements of the collection, or
// what the body assigned.
func (s *forEach) resume(f *frame, state *loopState) error {
	for _, variable := range []struct {
		slot     int
		v        any
		assigned bool
	}{{s.key, state.key, state.keyAssigned}, {s.item, state.item, state.itemAssigned}} {
		switch {
		case variable.slot < 0:
		case !variable.assigned:
			f.lend(variable.slot, expression.CellOf(variable.v))
		default:
			size, err := f.run.machine.Budget().Size(variable.v)
			if err != nil {
				return err
			}
			if err := f.put(reference{slot: variable.slot}, expression.CellOf(variable.v), size); err != nil {
				return err
			}
		}
	}
	return nil
}

// over ends the loop variables with the loop, and lets go of its collection, of
// a size.
func (s *forEach) over(f *frame, size int, sig signal) signal {
	f.run.held -= size
	f.lend(s.item, expression.Cell{})
	if s.key >= 0 {
		f.lend(s.key, expression.Cell{})
	}
	return sig
}

// round passes on how a round ended, and keeps it when the run is suspended.
func (s *forEach) round(f *frame, remaining *rounds, sig signal) signal {
	if sig == suspended {
		item := &f.Own[s.item]
		state := &loopState{rounds: *remaining, item: item.Value(), itemAssigned: item.Held > 0}
		if s.key >= 0 {
			key := &f.Own[s.key]
			state.key, state.keyAssigned = key.Value(), key.Held > 0
		}
		f.run.hang(turn{loop: state})
	}
	return sig
}

// rounds is small enough to take no stack of its own.
func (s *forEach) rounds(f *frame, remaining *rounds) signal {
	if remaining.ranged && s.key < 0 {
		return s.integers(f, remaining)
	}
	return s.elements(f, remaining)
}

// elements is rounds for everything but a range of which only the numbers are
// wanted.
func (s *forEach) elements(f *frame, remaining *rounds) signal {
	for {
		key, item, more := remaining.advance()
		if !more {
			return next
		}
		if err := f.run.step(); err != nil {
			return f.abort(f.place(err, s.collection.span))
		}
		if s.key >= 0 {
			f.lend(s.key, key)
		} else {
			item = remaining.single(key, item)
		}
		f.lend(s.item, item)
		if sig, over := roundEnded(s.round(f, remaining, s.body.run(f))); over {
			return sig
		}
	}
}

// integers is rounds for a range, of which only the numbers are wanted.
func (s *forEach) integers(f *frame, remaining *rounds) signal {
	r, item := f.run, &f.Own[s.item]
	for {
		if s.body.short && r.statements == nil {
			if sig, over := s.swiftly(f, remaining); over {
				return sig
			}
		}
		i, more := remaining.number()
		if !more {
			return next
		}
		if err := r.step(); err != nil {
			return f.abort(f.place(err, s.collection.span))
		}
		r.held -= item.Held
		item.Put(expression.IntCell(i), 0)
		if sig := s.body.from(f, 0); sig != next {
			if sig, over := roundEnded(s.round(f, remaining, sig)); over {
				return sig
			}
		}
	}
}

// swiftly runs rounds of a body of brief statements, as many as the run need not be looked at
// for, and looks at it; over tells that the loop is over.
func (s *forEach) swiftly(f *frame, remaining *rounds) (sig signal, over bool) {
	r, item, body := f.run, &f.Own[s.item], &s.body.stretches[0]
	steps := 1 + body.steps
	r.countRounds(steps, 1+body.most)
	for {
		if r.ahead.rounds == 0 {
			if err := r.checkpoint(); err != nil {
				return f.abort(f.place(err, s.collection.span)), true
			}
			if r.countRounds(steps, 1+body.most); r.ahead.rounds == 0 {
				return next, false
			}
		}
		i, more := remaining.number()
		if !more {
			r.giveRoundsBack()
			return next, true
		}
		r.ahead.rounds--
		r.held -= item.Held
		item.Put(expression.IntCell(i), 0)
		reached, sig, swift := s.body.swiftly(f, 0, body.to)
		if swift {
			continue
		}
		if sig == next {
			sig = s.body.from(f, reached)
		}
		return roundEnded(s.round(f, remaining, sig))
	}
}

// ahead is the rounds of a loop that are to come and are counted.
type ahead struct{ rounds, steps int }

// countRounds counts as many rounds as the run need not be looked at for, of so many steps,
// and at most so many with those that their conditions bring.
func (r *run) countRounds(steps, most int) {
	r.ahead = ahead{rounds: max(0, (r.counter.CheckAt-1-r.counter.Taken)/most), steps: steps}
	r.counter.Taken += r.ahead.rounds * steps
}

// giveRoundsBack takes from the count those that have not begun.
func (r *run) giveRoundsBack() {
	r.counter.Taken -= r.ahead.rounds * r.ahead.steps
	r.ahead.rounds = 0
}
