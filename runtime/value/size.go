package value

// What a value counts, in bytes, close to what it takes in memory: every value
// PlainSize, with a text its bytes, with a list its elements, with a map its
// keys and values. What is held twice counts twice.
const (
	PlainSize = 16
	textSize  = 32
	listSize  = 48
	mapSize   = 256
	entrySize = 32 // of a map, beside the key's bytes and the value
)

// SizeOfText is what a text of so many bytes counts.
func SizeOfText(bytes int) int { return textSize + bytes }

// Size is the size of a value in bytes. It is an error, a *LimitError, when the
// value is larger than the budget's Bytes or nests deeper than its Depth; it
// goes through no more than that. A struct of the host counts PlainSize.
func (b *Budget) Size(v any) (int, error) {
	if size, ok := simpleSize(v); ok {
		if size > b.bytes() {
			return 0, b.tooLarge("the value")
		}
		return size, nil
	}
	m := measure{budget: b, left: b.bytes()}
	if err := m.add(v, 0); err != nil {
		return 0, err
	}
	return b.bytes() - m.left, nil
}

// simpleSize is the size of what holds no other values.
func simpleSize(v any) (size int, ok bool) {
	switch v := v.(type) {
	case string:
		return textSize + len(v), true
	case []any, map[string]any, *Record, *Template:
		return 0, false
	case HTML:
		return textSize + len(v.markup), true
	case *Secret:
		if v == nil {
			return PlainSize, true
		}
		return textSize + len(v.Name), true
	}
	return PlainSize, true
}

type measure struct {
	budget *Budget
	left   int
}

func (m *measure) take(bytes int) error {
	if m.left -= bytes; m.left < 0 {
		return m.budget.tooLarge("the value")
	}
	return nil
}

func (m *measure) add(v any, depth int) error {
	if size, ok := simpleSize(v); ok {
		return m.take(size)
	}
	if depth >= m.budget.depth() {
		return m.budget.tooDeep("the value")
	}
	switch v := v.(type) {
	case []any:
		if err := m.take(listSize); err != nil {
			return err
		}
		for _, item := range v {
			if err := m.add(item, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		return m.addMap(v, depth)
	case *Record:
		if err := m.take(textSize + len(v.Text)); err != nil {
			return err
		}
		return m.addMap(v.Fields, depth)
	case *Template:
		for _, part := range v.Parts {
			if err := m.take(textSize + len(part.Text)); err != nil {
				return err
			}
			if err := m.add(part.Value, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *measure) addMap(fields map[string]any, depth int) error {
	if err := m.take(mapSize); err != nil {
		return err
	}
	for key, item := range fields {
		if err := m.take(entrySize + len(key)); err != nil {
			return err
		}
		if err := m.add(item, depth+1); err != nil {
			return err
		}
	}
	return nil
}
