package slab_test

import (
	"testing"

	"flowrun/internal/slab"
)

func TestValuesAreZeroAndApart(t *testing.T) {
	for _, expected := range []int{0, 1, 10, 1000} {
		var s slab.Slab[int]
		s.Expect(expected)
		var all []*int
		for count := range 60 {
			one := s.Next()
			if *one != 0 {
				t.Fatalf("value %d is %d", count, *one)
			}
			*one = count + 1
			all = append(all, one)
			some := s.Some(count % 7)
			for i := range some {
				if some[i] != 0 {
					t.Fatalf("value %d of %d is %d", i, count%7, some[i])
				}
				some[i] = -1
				all = append(all, &some[i])
			}
			if len(some) != count%7 || cap(some) != len(some) {
				t.Fatalf("got %d values with room for %d, want %d", len(some), cap(some), count%7)
			}
		}
		ones := 0
		for _, v := range all {
			if *v > 0 {
				if ones++; *v != ones {
					t.Fatalf("value %d is %d", ones, *v)
				}
			}
		}
		if ones != 60 {
			t.Fatalf("%d values are still there, want 60", ones)
		}
	}
}

func TestFewChunksAreMade(t *testing.T) {
	allocations := testing.AllocsPerRun(10, func() {
		var s slab.Slab[[4]int]
		s.Expect(40)
		for range 40 {
			s.Next()[0] = 1
		}
	})
	if allocations != 1 {
		t.Errorf("40 values that were expected take %v allocations, want 1", allocations)
	}
}
