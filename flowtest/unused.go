package flowtest

import (
	"fmt"

	"flowrun/builtins/email/mailtest"
	"flowrun/lang"
)

// unused warns of the mocks and the faults that the test orders itself and that were
// never used: mostly a slip of the pen in what names their occasion. What stands
// outside of the test is there for all tests of the file.
func (t *testRun) unused() []*Failure {
	var warnings []*Failure
	warn := func(place lang.Range, message, hint string) {
		if inside(t.test.Body, place) {
			warnings = append(warnings, &Failure{File: t.file.name, Range: place, Message: message, Detail: "  hint: " + hint})
		}
	}
	for _, mock := range onceAPlace(t.mocks, func(m *mocked) (lang.Range, bool) { return m.place, m.calls > 0 }) {
		if mock.calls > 0 {
			continue
		}
		hint := "no flow that the test ran called " + mock.component
		if t.calledByMock(mock.component) {
			hint = fmt.Sprintf("the mocks of %s before it took all calls", mock.component)
		}
		warn(mock.place, fmt.Sprintf("the mock of %s was never used", lang.VisibleLine(mock.component)), hint)
	}
	for _, order := range t.past {
		// Whether a session's end is met shows too late, when the test has ended.
		if !order.acted && order.fault.Stage != mailtest.StageQUIT {
			warn(order.place, "the fault never struck", unstruck(order.fault))
		}
	}
	return warnings
}

// unstruck says what a fault waited for.
func unstruck(fault mailtest.Fault) string {
	text := fmt.Sprintf("the server did not come to the stage %q", fault.Stage)
	switch {
	case fault.Recipient != "":
		text += " with the recipient " + lang.VisibleLine(fault.Recipient)
	case fault.Stage == mailtest.StageAUTH:
		text += ": the flow does not authenticate"
	}
	if fault.Skip > 0 {
		text += fmt.Sprintf(" after %d that pass", fault.Skip)
	}
	return text + ", or a fault before it took the occasion"
}

// calledByMock reports whether another mock of a component was used.
func (t *testRun) calledByMock(component string) bool {
	for _, mock := range t.mocks {
		if mock.component == component && mock.calls > 0 {
			return true
		}
	}
	return false
}

// onceAPlace keeps one order of each place, one that was used where there is one.
func onceAPlace[O any](orders []O, of func(O) (place lang.Range, used bool)) []O {
	var kept []O
	at := map[lang.Range]int{}
	for _, order := range orders {
		place, used := of(order)
		i, known := at[place]
		switch {
		case !known:
			at[place] = len(kept)
			kept = append(kept, order)
		case used:
			kept[i] = order
		}
	}
	return kept
}

// inside reports whether a place lies in another.
func inside(outer, place lang.Range) bool {
	return outer.Start.Offset <= place.Start.Offset && place.Start.Offset < outer.End.Offset
}
