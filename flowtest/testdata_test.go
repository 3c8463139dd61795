package flowtest_test

import (
	"testing"

	"flowrun/flowtest"
)

func TestTheTestsOfTheseFlowsHold(t *testing.T) {
	flowtest.RunT(t, "testdata/*_test.flow", flowtest.Config{})
}
