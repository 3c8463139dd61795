package graph

import (
	"cmp"
	"slices"
)

// line is what the branches of one net have in a gap: it lies along the gap from
// low to high, and other lines join it from the side before the gap (above, or
// left) and behind it.
type line struct {
	low    float64
	high   float64
	before []float64
	behind []float64
	track  int
}

// gap has the lines between two columns, or two rows.
type gap struct {
	lines  []*line
	byNet  map[net]*line
	tracks int
}

// of finds the line of a net, or begins one, and makes it reach a place.
func (g *gap) of(n net, at float64) *line {
	one := g.byNet[n]
	if one == nil {
		if g.byNet == nil {
			g.byNet = map[net]*line{}
		}
		one = &line{low: at, high: at}
		g.byNet[n] = one
		g.lines = append(g.lines, one)
	}
	one.low, one.high = min(one.low, at), max(one.high, at)
	return one
}

// apart is how far lines on one track keep from each other.
const apart = 10

func (l *line) meets(other *line) bool {
	return l.low < other.high+apart && other.low < l.high+apart
}

// crossings counts how often a line crosses another that lies behind it.
func (l *line) crossings(behind *line) int {
	count := 0
	for _, at := range behind.before {
		if l.low < at && at < l.high {
			count++
		}
	}
	for _, at := range l.behind {
		if behind.low < at && at < behind.high {
			count++
		}
	}
	return count
}

// mostOrdered is the number of lines in a gap up to which they are ordered for few
// crossings; with more, nobody follows a single one.
const mostOrdered = 64

// arrange gives each line a track on which it meets no other, with few crossings.
func (g *gap) arrange() {
	if len(g.lines) > mostOrdered {
		g.fill()
		return
	}
	for changed, rounds := true, 0; changed && rounds < len(g.lines); rounds++ {
		changed = false
		for i := 0; i+1 < len(g.lines); i++ {
			one, next := g.lines[i], g.lines[i+1]
			if next.crossings(one) < one.crossings(next) {
				g.lines[i], g.lines[i+1], changed = next, one, true
			}
		}
	}
	for i, one := range g.lines {
		for _, earlier := range g.lines[:i] {
			if one.meets(earlier) {
				one.track = max(one.track, earlier.track+1)
			}
		}
		g.tracks = max(g.tracks, one.track+1)
	}
}

// fill gives each line the first track that is free.
func (g *gap) fill() {
	slices.SortFunc(g.lines, func(a, b *line) int { return cmp.Compare(a.low, b.low) })
	var last []*line // of each track
	for _, one := range g.lines {
		free := slices.IndexFunc(last, func(earlier *line) bool { return !one.meets(earlier) })
		if free < 0 {
			free, last = len(last), append(last, nil)
		}
		one.track, last[free] = free, one
	}
	g.tracks = len(last)
}
