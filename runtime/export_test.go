package runtime

// OnVM has all expressions evaluated on expr's VM.
func OnVM() Option {
	return func(e *Engine) error {
		e.onVM = true
		return nil
	}
}
