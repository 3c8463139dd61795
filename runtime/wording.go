package runtime

import "slices"

// Wording is what one call does, in plain words.
type Wording struct {
	// Does says it as a sentence without its subject and full stop, such as
	// `sends a mail to order.email`.
	Does string
	// Sends says what may leave for where, such as `a mail to order.email, over the
	// profile "shop"`; "" when nothing does.
	Sends string
	// Repeats are the keys of the settings that Sends repeats. Explanations tell where
	// the variables in them get their values.
	Repeats []string
	// Further are whole sentences on what else matters: retries, waits, what is kept.
	Further []string
}

// Explained puts calls of a component into words, for explanations of flows. The
// function gets the settings that a call gives, by key, and by alias where it has one, each as
// the flow writes it, on one line and fit to be printed: those of the keys in whole
// as long as they are, others cut. Without it a call is explained by the component's
// name, its Doc and its settings.
func Explained(words func(settings map[string]string) Wording, whole ...string) ComponentOption {
	return func(c *Component) { c.words, c.toldWhole = words, whole }
}

// ToldWhole reports whether explanations cut no value of the setting.
func (c *Component) ToldWhole(key string) bool { return slices.Contains(c.toldWhole, key) }

// Explain puts a call into words; ok is false when the component does not say how,
// or panics.
func (c *Component) Explain(settings map[string]string) (wording Wording, ok bool) {
	if c.words == nil {
		return Wording{}, false
	}
	defer func() {
		if recover() != nil {
			wording, ok = Wording{}, false
		}
	}()
	return c.words(settings), true
}
