package flowslog_test

import (
	"context"
	"log"
	"log/slog"
	"os"

	"flowrun/observe/flowslog"
	"flowrun/runtime"
)

// withoutTimes leaves out what is different in every run of this example.
func withoutTimes(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey || a.Key == "duration" {
		return slog.Attr{}
	}
	return a
}

func Example() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTimes}))
	engine, err := runtime.New(runtime.WithComponents(runtime.NewComponent("ask", ask)))
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("ask.flow", `
flow "Survey"
ask < description: "about the weather" >
ask < fails: true > catch { }
`)
	if program == nil {
		log.Fatal(problems)
	}
	observer := flowslog.Observer(logger)
	if _, err := program.Run(context.Background(), nil, runtime.WithRunID("run-7"), runtime.WithObserver(observer)); err != nil {
		logger.Error("the flow failed", "error", err)
	}
	// Output:
	// level=INFO msg="call ended" flow=Survey run=run-7 component=ask address=0.1 description="about the weather" line=3 column=1
	// level=WARN msg="call failed" flow=Survey run=run-7 component=ask address=1.1 line=4 column=1 error="nobody answers" kind=busy
}
