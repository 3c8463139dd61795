package runtime

import (
	"errors"
	"maps"
	"sync"
)

// tallies are the counts that components keep over a run. Components may count
// from several goroutines.
type tallies struct {
	mutex  sync.Mutex
	counts map[string]int
}

// Tally counts the call under a name and gives how often the run has counted
// under it, this time included: a component bounds with it what one run may do.
// The counts of a suspended run are in its snapshot. Components of one engine
// share the names, so a name begins with the component's.
func (c *Call) Tally(name string) int {
	t := &c.pass.frame.run.tallies
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	t.counts[name]++
	return t.counts[name]
}

func (t *tallies) save() map[string]int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return maps.Clone(t.counts)
}

func (t *tallies) restore(counts map[string]int) error {
	for _, count := range counts {
		if count < 0 {
			return errors.New("damaged: the counts of its components are not as they can be")
		}
	}
	t.counts = maps.Clone(counts)
	return nil
}
