package transaction

import (
	"runtime"
	"sync/atomic"
	"time"
)

const (
	// nearby is how long a reply is watched for. What takes twice as long, with the time
	// to sleep and be woken in it, is not much faster without that.
	nearby = 100 * time.Microsecond
	// leastDoubt and mostDoubt are after how many replies the other way to wait is tried
	// again: the more seldom, the more often it was not the better one.
	leastDoubt, mostDoubt = 32, 1024
)

// underWay counts the transactions of the process. Only one that is alone watches:
// others have a better use for the processor.
var underWay atomic.Int32

// habit is how a server gives one kind of replies, and so how they are best waited
// for: asleep, or where the reply comes at once, watching the socket for a moment,
// since to sleep and be woken may take longer than the reply. Which is faster
// depends on the server and on the machine, and is learnt from both.
type habit struct {
	asleep  average
	watched average
	doubt   int // after how many replies the other way is tried
	untried int // replies since that
}

// habits are those of one server.
type habits struct {
	commands habit // with replies to commands of a transaction
	contents habit // and to content
}

// watch tells how to wait for the next reply.
func (h *habit) watch() bool {
	switch {
	case h.asleep == 0 || h.asleep >= average(2*nearby):
		return false
	case h.watched == 0:
		return true
	}
	h.untried++
	if h.untried < max(h.doubt, leastDoubt) {
		return h.pays()
	}
	h.untried = 0
	return !h.pays()
}

// pays reports that watching is so much faster that it is worth the processor's work.
func (h *habit) pays() bool { return h.watched < h.asleep*3/4 }

// note takes in how long a reply took. The way to wait that is only tried has few
// tries, and so each of them counts for more.
func (h *habit) note(watched bool, took time.Duration) {
	paid, share := h.pays(), average(8)
	if watched != paid {
		share = 2
	}
	if watched {
		h.watched.add(took, share)
	} else {
		h.asleep.add(took, share)
	}
	switch {
	case h.pays() != paid:
		h.doubt = leastDoubt
	case watched != paid:
		h.doubt = min(2*max(h.doubt, leastDoubt), mostDoubt)
	}
}

// average is of times, the last ones above all; 0 is none.
type average time.Duration

// add takes in a time, of which a share counts. One that is much too long says no more
// than that.
func (a *average) add(took time.Duration, share average) {
	took = min(max(took, 1), 4*nearby)
	if *a == 0 {
		*a = average(took)
	}
	*a += (average(took) - *a) / share
}

// readReply is Conn.Read from a time to an end, for a reply that somebody waits for.
func (w *wire) readReply(p []byte, from, end time.Time) (int, error) {
	if w.habit == nil || underWay.Load() > 1 || runtime.GOMAXPROCS(0) == 1 {
		return w.Conn.Read(p)
	}
	if w.watchSocket(from) {
		return w.Conn.Read(p) // what is there already tells nothing of how to wait
	}
	watched := w.habit.watch()
	if watched {
		until := from.Add(nearby)
		if end.Before(until) {
			until = end
		}
		w.watchSocket(until)
	}
	n, err := w.Conn.Read(p)
	if n > 0 { // else a deadline of an earlier reply may have passed
		w.habit.note(watched, time.Since(from))
	}
	return n, err
}
