package runtime

import "iter"

// slotIndex finds the slots of names. Few names are looked at one by one.
type slotIndex struct {
	names  []namedSlot // in order
	byName map[string]int
}

type namedSlot struct {
	name string
	slot int
}

// mostInTurn is how many names are looked at one by one.
const mostInTurn = 16

// find gives the slot of a name.
func (x *slotIndex) find(name string) (slot int, known bool) {
	if len(x.names) > mostInTurn {
		slot, known = x.byName[name]
		return slot, known
	}
	for i := range x.names {
		if x.names[i].name == name {
			return x.names[i].slot, true
		}
	}
	return 0, false
}

// add notes the slot of a name that has none.
func (x *slotIndex) add(name string, slot int) {
	if x.names == nil {
		x.names = make([]namedSlot, 0, mostInTurn)
	}
	x.names = append(x.names, namedSlot{name, slot})
	switch count := len(x.names); {
	case count == mostInTurn+1:
		x.byName = make(map[string]int, 2*count)
		for _, known := range x.names {
			x.byName[known.name] = known.slot
		}
	case count > mostInTurn:
		x.byName[name] = slot
	}
}

// all lists the names with their slots, in order.
func (x *slotIndex) all() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, known := range x.names {
			if !yield(known.name, known.slot) {
				return
			}
		}
	}
}
