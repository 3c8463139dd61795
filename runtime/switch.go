package runtime

import "flowrun/runtime/internal/expression"

// switchCase is `switch`. A path's first turn is the case; the default
// counts as the last.
type switchCase struct {
	subject *evaluated
	cases   [][]*evaluated
	blocks  []*block
	table   *caseTable // nil when the cases are not all strings, or all ints
}

// casesPerStep is how many values of cases are compared for one step.
const casesPerStep = 4

func (s *switchCase) run(f *frame) signal {
	c, err := f.cell(s.subject)
	if err != nil {
		return f.fail(err)
	}
	if s.table != nil {
		if i, found := s.table.find(f.run, &c); found {
			return s.choose(f, i)
		}
	}
	subject, seen := c.Value(), 0
	for i, values := range s.cases {
		for _, candidate := range values {
			if seen++; seen%casesPerStep == 0 {
				if err := f.run.step(); err != nil {
					return f.abort(f.place(err, candidate.span))
				}
			}
			v, err := f.eval(candidate)
			if err != nil {
				return f.fail(err)
			}
			equal, problem := f.run.machine.Budget().Equal(subject, v)
			if problem != nil {
				return f.fail(f.problem(problem, candidate.span, ""))
			}
			if equal {
				return s.choose(f, i)
			}
		}
	}
	return s.choose(f, len(s.cases))
}

// choose runs the block of a case; behind the cases comes the default.
func (s *switchCase) choose(f *frame, i int) signal {
	if i == len(s.blocks) {
		return next
	}
	return f.chosen(i, s.blocks[i].run(f))
}

func (s *switchCase) enter(f *frame, path []turn) signal {
	choice := path[0].choice
	return f.chosen(choice, s.blocks[choice].enter(f, path[1:]))
}

// caseTable finds the case of a subject at once where all of them are strings that
// are written in the source, or ints.
type caseTable struct {
	texts   map[string]caseEntry
	lengths map[int]int // how many of the strings there are of each length
	ints    map[int]caseEntry
	values  int
	other   int // the number of the default
}

// caseEntry is a case with what looking at those before it, and at it, counts.
type caseEntry struct {
	block    int
	seen     int // values
	compared int // strings as long as this one
}

func newCaseTable(cases [][]*evaluated) *caseTable {
	t := &caseTable{texts: map[string]caseEntry{}, lengths: map[int]int{}, other: len(cases)}
	for i, values := range cases {
		for _, candidate := range values {
			v, constant := candidate.Constant()
			t.values++
			switch v := v.(type) {
			case string:
				t.lengths[len(v)]++
				if _, twice := t.texts[v]; !twice {
					t.texts[v] = caseEntry{i, t.values, t.lengths[len(v)]}
				}
			case int:
				if t.ints == nil {
					t.ints = map[int]caseEntry{}
				}
				if _, twice := t.ints[v]; !twice {
					t.ints[v] = caseEntry{i, t.values, 0}
				}
			default:
				constant = false
			}
			if !constant {
				return nil
			}
		}
	}
	if len(t.texts) > 0 && len(t.ints) > 0 {
		return nil
	}
	return t
}

// find gives the case of a subject, and counts what comparing it with each in turn
// counts. It does not where the subject is of another kind, or the run is to be
// looked at on the way.
func (t *caseTable) find(r *run, subject *expression.Cell) (choice int, found bool) {
	entry := caseEntry{block: t.other, seen: t.values}
	length := 0
	if text, ok := subject.Text(); ok && len(t.texts) > 0 {
		length = len(text)
		if hit, ok := t.texts[text]; ok {
			entry = hit
		} else {
			entry.compared = t.lengths[length]
		}
	} else if n, ok := subject.Int(); ok && len(t.ints) > 0 {
		if hit, ok := t.ints[n]; ok {
			entry = hit
		}
	} else {
		return 0, false
	}
	steps := entry.seen / casesPerStep
	if r.counter.Taken+steps >= r.counter.CheckAt || !r.machine.SpendLess(entry.compared*length) {
		return 0, false
	}
	r.counter.Taken += steps
	return entry.block, true
}
