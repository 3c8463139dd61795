// Package slab makes small values that are kept together in few allocations.
package slab

// Slab hands out values of one type from chunks. A value that is kept keeps its chunk.
type Slab[T any] struct {
	free  []T
	made  int
	first int // the size of the first chunk; 0: nothing is expected
}

const (
	smallest = 4
	largest  = 32
	// mostExpected keeps a wrong guess from costing much.
	mostExpected = 64
)

// Expect says how many values will be needed, more or less.
func (s *Slab[T]) Expect(count int) { s.first = min(count, mostExpected) }

// Next gives one value, which is zero.
func (s *Slab[T]) Next() *T { return &s.Some(1)[0] }

// Some gives several side by side.
func (s *Slab[T]) Some(count int) []T {
	if len(s.free) < count {
		size := min(largest, s.made/2)
		if s.made == 0 {
			size = s.first
		}
		size = max(smallest, size, count)
		s.free = make([]T, size)
		s.made += size
	}
	values := s.free[:count:count]
	s.free = s.free[count:]
	return values
}
