package flowtest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"flowrun/flowtest"
)

func TestASilentServerIsGivenUpAtEveryStage(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "order.flow", order)
	var files []string
	for _, stage := range []string{"connect", "ehlo", "starttls", "mail", "rcpt", "data", "upload", "dot"} {
		write(t, stage+"_test.flow", `test "x" {
  smtp < stage: "`+stage+`", stall: true >
  run "order.flow" < order: { id: 7, email: "ann@example.com" } > catch e { fail < message: e.message > }
}`)
		files = append(files, stage+"_test.flow")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second) // less than where nothing is ordered
	defer cancel()
	report := flowtest.Run(ctx, files, flowtest.Config{Parallel: len(files)})
	if len(report.Files) != len(files) {
		t.Fatalf("%d of %d files have ended", len(report.Files), len(files))
	}
	for _, file := range report.Files {
		if got := failures(t, file); len(got) != 1 || !strings.Contains(got[0], "time") {
			t.Errorf("%s: got %q", file.Name, got)
		}
	}
}
