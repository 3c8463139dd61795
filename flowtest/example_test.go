package flowtest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"flowrun/flowtest"
	"flowrun/runtime"
)

// components are those of a host.
var components = []*runtime.Component{greet}

func TestFlowsOfAHost(t *testing.T) {
	flowtest.RunT(t, "testdata/*_test.flow", flowtest.Config{Components: components})
}

func ExampleRun() {
	folder, err := os.MkdirTemp("", "flows-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	tests := filepath.Join(folder, "welcome_test.flow")
	os.WriteFile(filepath.Join(folder, "welcome.flow"), []byte(`input name: string
sendEmail < to: "office@example.com", subject: "New: ${name}", message: "Say hello." >
`), 0o600)
	os.WriteFile(tests, []byte(`test "tells the office" {
  run "welcome.flow" < name: "Ann" >
  expect mails[0].subject == "New: Bob"
}
`), 0o600)

	report := flowtest.Run(context.Background(), []string{tests}, flowtest.Config{})
	for _, test := range report.Files[0].Tests {
		for _, failure := range test.Failures {
			fmt.Printf("%s, line %d: %s\n", test.Name, failure.Range.Start.Line, failure.Message)
		}
	}
	// Output: tells the office, line 3: mails[0].subject is "New: Ann", want "New: Bob"
}
