package measure

import "time"

// Clock tells how much time there has been since some moment.
type Clock func() time.Duration

var start = time.Now()

// Passed is the time that passes.
func Passed() time.Duration { return time.Since(start) }
