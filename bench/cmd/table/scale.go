package main

import (
	"time"

	"flowrun/bench/measure"
)

// scale is how much is measured.
type scale struct {
	rounds        int // of something short
	longRounds    int
	time          time.Duration // of a measurement of something short
	clock         measure.Clock // of everything but mail
	loopRounds    int
	statements    int
	mails         int
	farMails      int // over the long round trip
	films         int
	filmBytes     int
	allocatedRuns int
}

// full is what the published tables are measured with.
var full = scale{
	rounds:        41,
	longRounds:    7,
	time:          15 * time.Millisecond,
	clock:         measure.Passed,
	loopRounds:    1_000_000,
	statements:    10_000,
	mails:         2000,
	farMails:      10,
	films:         10,
	filmBytes:     25 << 20,
	allocatedRuns: 2000,
}

// small shows that everything works, and nothing else.
var small = scale{
	rounds:        1,
	longRounds:    1,
	time:          time.Microsecond,
	clock:         measure.Passed,
	loopRounds:    1000,
	statements:    100,
	mails:         20,
	farMails:      1,
	films:         2,
	filmBytes:     100 << 10,
	allocatedRuns: 1,
}
