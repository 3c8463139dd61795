package expression

import "flowrun/runtime/value"

// What operations that go through a text or a list count for it, as package value
// has them.
const (
	textEffort    = value.TextEffort
	elementEffort = value.ElementEffort
)

// membership compiles `x in list`. A list of strings that is written in the source
// is a set.
func (o *operatorForm) membership(f function, left, right code) code {
	set := setOf(right)
	if set == nil {
		return callCode(f, []code{left, right})
	}
	operand, list, place := left.cell(), right.value, o.place
	return truthCode(func(m *Machine) (bool, error) {
		a, err := operand(m)
		if err != nil {
			return false, err
		}
		if text, ok := a.Text(); ok {
			found, err := set.find(m, text)
			if err != nil {
				return false, place.locate(err)
			}
			return found, nil
		}
		v, err := m.call(f, a, list)
		return v.number != 0, err
	}, left)
}

// textSet is a list of strings in which one is looked for. It counts the work that
// it is to go through the list.
type textSet struct {
	texts    []string
	compared map[string]int // how many of a string's length stand up to it; of long sets
	lengths  map[int]int    // how many there are of each length; of long sets
}

// longSet is how long a set must be for a map to find a string sooner.
const longSet = 8

func setOf(list code) *textSet {
	elements, ok := list.value.other.([]any)
	if !list.constant || !ok {
		return nil
	}
	set := &textSet{texts: make([]string, len(elements))}
	for i, element := range elements {
		if set.texts[i], ok = element.(string); !ok {
			return nil
		}
	}
	if len(set.texts) >= longSet {
		set.arrange()
	}
	return set
}

func (s *textSet) arrange() {
	s.compared, s.lengths = map[string]int{}, map[int]int{}
	for _, text := range s.texts {
		s.lengths[len(text)]++
		if _, twice := s.compared[text]; !twice {
			s.compared[text] = s.lengths[len(text)]
		}
	}
}

func (s *textSet) find(m *Machine, text string) (found bool, err error) {
	found, compared := s.look(text)
	if m.SpendWithin(len(text)*(textEffort+compared) + len(s.texts)*elementEffort) {
		return found, nil
	}
	if err := m.spend(len(text) * textEffort); err != nil {
		return false, err
	}
	if err := m.spend(len(s.texts) * elementEffort); err != nil {
		return false, err
	}
	for range compared {
		if err := m.spend(len(text)); err != nil {
			return false, err
		}
	}
	return found, nil
}

// look tells whether a text is in the set, and with how many it was compared.
func (s *textSet) look(text string) (found bool, compared int) {
	if s.compared == nil {
		for _, other := range s.texts {
			if len(other) != len(text) {
				continue
			}
			compared++
			if other == text {
				return true, compared
			}
		}
		return false, compared
	}
	if compared, found = s.compared[text]; !found {
		compared = s.lengths[len(text)]
	}
	return found, compared
}
