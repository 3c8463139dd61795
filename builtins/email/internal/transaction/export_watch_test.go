package transaction

import (
	"net"
	"time"
)

// Nearby is how long a reply is watched for.
const Nearby = nearby

// Habit is how a server gives replies.
type Habit struct{ habit habit }

// Watch tells whether the next reply is watched for.
func (h *Habit) Watch() bool { return h.habit.watch() }

// Note takes in how long it took.
func (h *Habit) Note(watched bool, took time.Duration) { h.habit.note(watched, took) }

// Watching makes a session watch for its next replies, as it does when it has learnt
// that this pays.
func Watching(s *Session) {
	pays := habit{asleep: average(nearby), watched: 1}
	s.habits = habits{pays, pays}
}

// WatchConn watches a connection until a time, and reports whether there is something to
// read.
func WatchConn(conn net.Conn, until time.Time) bool { return newWire(conn).watchSocket(until) }

// LearnsPastDeadline reads from a connection after the deadline of an earlier reply has
// passed, and tells whether the time that it takes to find this out counts as a reply's.
func LearnsPastDeadline(conn net.Conn) (learns bool, err error) {
	w, of := newWire(conn), new(habit)
	w.limitReply(time.Minute, of)
	if err := w.reads.move(time.Now().Add(-time.Second)); err != nil {
		return false, err
	}
	_, err = w.Read(make([]byte, 100))
	return *of != habit{}, err
}
