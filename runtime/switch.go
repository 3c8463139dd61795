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
	few     []fewCase // the values, when they are few; nil: they are in the maps
	ofInts  bool
	texts   map[string]caseEntry
	lengths map[int]int // how many of the strings there are of each length
	ints    map[int]caseEntry
	values  int
	other   int // the number of the default
}

// fewCase is one of few values of cases.
type fewCase struct {
	text   string
	number int
	block  int
}

// mostFew is how many values are looked at one by one.
const mostFew = 8

// caseEntry is a case with what looking at those before it, and at it, counts.
type caseEntry struct {
	block    int
	seen     int // values
	compared int // strings as long as this one
}

// newCaseTable is nil when the values are not all strings, or all ints.
func newCaseTable(cases [][]*evaluated) *caseTable {
	t := &caseTable{other: len(cases)}
	texts := 0
	for _, values := range cases {
		t.values += len(values)
		for _, candidate := range values {
			switch v, _ := candidate.Constant(); v.(type) {
			case string:
				texts++
			case int:
			default:
				return nil
			}
		}
	}
	if t.ofInts = texts == 0; !t.ofInts && texts < t.values {
		return nil
	}
	if t.values <= mostFew {
		t.few = make([]fewCase, 0, t.values)
	}
	seen := 0
	for i, values := range cases {
		for _, candidate := range values {
			seen++
			t.add(candidate, i, seen)
		}
	}
	return t
}

func (t *caseTable) add(candidate *evaluated, block, seen int) {
	v, _ := candidate.Constant()
	text, _ := v.(string)
	number, _ := v.(int)
	switch {
	case t.few != nil:
		t.few = append(t.few, fewCase{text, number, block})
	case t.ofInts:
		if t.ints == nil {
			t.ints = make(map[int]caseEntry, t.values)
		}
		if _, twice := t.ints[number]; !twice {
			t.ints[number] = caseEntry{block, seen, 0}
		}
	default:
		if t.texts == nil {
			t.texts, t.lengths = make(map[string]caseEntry, t.values), map[int]int{}
		}
		t.lengths[len(text)]++
		if _, twice := t.texts[text]; !twice {
			t.texts[text] = caseEntry{block, seen, t.lengths[len(text)]}
		}
	}
}

// find gives the case of a subject, and counts what comparing it with each in turn
// counts. It does not where the subject is of another kind, or the run is to be
// looked at on the way.
func (t *caseTable) find(r *run, subject *expression.Cell) (choice int, found bool) {
	var entry caseEntry
	length := 0
	if t.ofInts {
		number, ok := subject.Int()
		if !ok {
			return 0, false
		}
		entry = t.ofInt(number)
	} else {
		text, ok := subject.Text()
		if !ok {
			return 0, false
		}
		entry, length = t.ofText(text), len(text)
	}
	steps := entry.seen / casesPerStep
	if !r.takeLess(steps) {
		return 0, false
	}
	if !r.machine.SpendWithin(entry.compared * length) {
		r.giveBack(steps)
		return 0, false
	}
	return entry.block, true
}

func (t *caseTable) ofInt(number int) caseEntry {
	for i := range t.few {
		if t.few[i].number == number {
			return caseEntry{block: t.few[i].block, seen: i + 1}
		}
	}
	if hit, ok := t.ints[number]; ok {
		return hit
	}
	return caseEntry{block: t.other, seen: t.values}
}

func (t *caseTable) ofText(text string) caseEntry {
	compared := 0
	for i := range t.few {
		if known := &t.few[i]; len(known.text) == len(text) {
			if compared++; known.text == text {
				return caseEntry{known.block, i + 1, compared}
			}
		}
	}
	if t.few == nil {
		if hit, ok := t.texts[text]; ok {
			return hit
		}
		compared = t.lengths[len(text)]
	}
	return caseEntry{t.other, t.values, compared}
}
