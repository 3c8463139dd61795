package graph

// line is what the branches of one net have in a gap: it lies along the gap from
// low to high, and other lines join it from the side before the gap (above, or
// left) and behind it.
type line struct {
	net    net
	low    float64
	high   float64
	before []float64
	behind []float64
	track  int
}

// lines are those of one gap.
type lines []*line

// of finds the line of a net, or begins one at a place.
func (l *lines) of(n net, at float64) *line {
	for _, one := range *l {
		if one.net == n {
			one.low, one.high = min(one.low, at), max(one.high, at)
			return one
		}
	}
	one := &line{net: n, low: at, high: at}
	*l = append(*l, one)
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

// arrange gives each line a track on which it meets no other, with few crossings,
// and tells how many tracks there are.
func (l lines) arrange() int {
	for changed, rounds := true, 0; changed && rounds < len(l); rounds++ {
		changed = false
		for i := 0; i+1 < len(l); i++ {
			if l[i+1].crossings(l[i]) < l[i].crossings(l[i+1]) {
				l[i], l[i+1], changed = l[i+1], l[i], true
			}
		}
	}
	tracks := 0
	for i, one := range l {
		for _, earlier := range l[:i] {
			if one.meets(earlier) {
				one.track = max(one.track, earlier.track+1)
			}
		}
		tracks = max(tracks, one.track+1)
	}
	return tracks
}
