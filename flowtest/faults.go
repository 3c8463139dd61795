package flowtest

import (
	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/lang"
)

// ordered is a fault that a test has ordered.
type ordered struct {
	place lang.Range
	fault mailtest.Fault
	acted bool
}

// misbehave puts a fault behind those of the sandbox's server.
func (t *testRun) misbehave(place lang.Range, fault mailtest.Fault) error {
	if len(t.faults) >= mostOrders {
		return tooMany("faults")
	}
	t.faults = append(t.faults, &ordered{place: place, fault: fault})
	t.expectSilence(fault)
	t.box.Mailbox.AddFaults(fault)
	return nil
}

// behave lets the sandbox's server behave again.
func (t *testRun) behave() {
	t.collectFaults()
	t.silent = email.Timeouts{}
	t.box.Mailbox.Script()
}

// collectFaults notes which of the server's faults have acted. Those of places that
// are known are kept once.
func (t *testRun) collectFaults() {
	for i, count := range t.box.Mailbox.Acted() {
		t.faults[i].acted = count > 0
	}
	t.past = onceAPlace(append(t.past, t.faults...), func(o *ordered) (lang.Range, bool) { return o.place, o.acted })
	t.faults = nil
}
