// Package slab makes small values that are kept together in few allocations.
package slab

// Slab hands out values of one type from growing chunks. A value that is kept keeps its
// chunk.
type Slab[T any] struct {
	free []T
	size int // of the chunk last made
}

// Next gives one value, which is zero.
func (s *Slab[T]) Next() *T { return &s.Some(1)[0] }

// Some gives several side by side.
func (s *Slab[T]) Some(count int) []T {
	if len(s.free) < count {
		s.size = min(32, max(4, s.size+s.size/2))
		s.free = make([]T, max(s.size, count))
	}
	values := s.free[:count:count]
	s.free = s.free[count:]
	return values
}
