package runtime

// while is `while e { }`. A path leads straight into its body.
type while struct {
	condition *evaluated
	body      *block
}

func (s *while) run(f *frame) signal { return s.rounds(f) }

func (s *while) enter(f *frame, path []int) signal {
	if sig, over := roundEnded(s.body.enter(f, path)); over {
		return sig
	}
	return s.rounds(f)
}

func (s *while) rounds(f *frame) signal {
	for {
		if err := f.run.step(); err != nil {
			return f.abort(f.place(err, s.condition.span))
		}
		holds, err := f.condition(s.condition)
		if err != nil {
			return f.fail(err)
		}
		if !holds {
			return next
		}
		if sig, over := roundEnded(s.body.run(f)); over {
			return sig
		}
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
	size, problem := f.run.holdValue(collection)
	if problem != nil {
		return f.fail(f.problem(problem, s.collection.span, ""))
	}
	sig := s.rounds(f, &remaining)
	f.run.held -= size
	f.lend(s.item, unset{})
	if s.key >= 0 {
		f.lend(s.key, unset{})
	}
	return sig
}

func (s *forEach) rounds(f *frame, remaining *rounds) signal {
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
		if sig, over := roundEnded(s.body.run(f)); over {
			return sig
		}
	}
}
