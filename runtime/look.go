package runtime

// look has the run see at its next step that its context has ended. It stands
// around calls, which take long where other statements do not.
func (r *run) look() {
	if r.done != nil {
		r.lookAtContext()
	}
}

func (r *run) lookAtContext() {
	select {
	case <-r.done:
		r.counter.CheckAt = 0
	default:
	}
}

// lookNow is look for the moment before a component starts.
func (r *run) lookNow() *Error {
	r.look()
	return r.count(0)
}
