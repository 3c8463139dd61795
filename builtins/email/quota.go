package email

import (
	"container/list"
	"fmt"
	"sync"

	"flowrun/runtime"
)

// rememberedRuns is how many runs' counts a quota keeps. A run is forgotten when
// that many other runs have sent since its last mail.
const rememberedRuns = 10_000

// quota counts the mails of each run.
type quota struct {
	limit  int
	mutex  sync.Mutex
	counts map[string]*list.Element
	recent list.List // of *mailCount, the run that sent last in front
}

type mailCount struct {
	run  string
	sent int
}

func newQuota(limit int) *quota {
	return &quota{limit: limit, counts: map[string]*list.Element{}}
}

// take counts one mail of a run, or fails when the run has had all of its mails.
func (q *quota) take(run string) error {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	element := q.counts[run]
	if element == nil {
		element = q.recent.PushFront(&mailCount{run: run})
		q.counts[run] = element
		if q.recent.Len() > rememberedRuns {
			oldest := q.recent.Remove(q.recent.Back()).(*mailCount)
			delete(q.counts, oldest.run)
		}
	}
	q.recent.MoveToFront(element)
	count := element.Value.(*mailCount)
	if count.sent >= q.limit {
		return &runtime.Failure{
			Kind:    KindQuota,
			Message: fmt.Sprintf("this run has sent %d mails, the most that the host allows", q.limit),
		}
	}
	count.sent++
	return nil
}
