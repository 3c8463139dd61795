package expression

// longList is how long a list must be for its size to be worth remembering.
const longList = 32

// knownSizes remembers the sizes of the long lists that were measured last, so
// that a list which grows by one element at a time is not measured anew each
// time. Lists do not change once they are made.
type knownSizes struct {
	sizes [4]knownSize
	next  int
	some  bool // there is one
}

type knownSize struct {
	first        *any // of the list's elements
	length, size int
}

func (k *knownSizes) find(list []any) (size int, ok bool) {
	for _, known := range k.sizes {
		if known.first == &list[0] && known.length == len(list) {
			return known.size, true
		}
	}
	return 0, false
}

func (k *knownSizes) remember(list []any, size int) {
	k.some = true
	k.sizes[k.next] = knownSize{&list[0], len(list), size}
	k.next = (k.next + 1) % len(k.sizes)
}
