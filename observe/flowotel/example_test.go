package flowotel_test

import (
	"context"
	"fmt"
	"log"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"flowrun/observe/flowotel"
	"flowrun/runtime"
)

func Example() {
	spans := tracetest.NewInMemoryExporter() // a real host has otlptracegrpc, say
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	tracing := flowotel.New(flowotel.Config{TracerProvider: provider})

	say := runtime.NewComponent("say", func(ctx context.Context, _ *runtime.Call, s *struct {
		Text string `flow:"text,required"`
	}) (any, error) {
		// A span that the component begins with ctx is below that of its call.
		_, span := provider.Tracer("host").Start(ctx, "speak")
		defer span.End()
		return nil, nil
	})
	engine, err := runtime.New(runtime.WithComponents(say))
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("greet.flow", `
input names: list
for name in names {
  say < text: "Hello, ${name}!" >
}
`)
	if program == nil {
		log.Fatal(problems)
	}
	inputs := runtime.Inputs{"names": []string{"Ann", "Bob"}}
	if _, err := tracing.Run(context.Background(), program, inputs); err != nil {
		log.Fatal(err)
	}
	for _, span := range spans.GetSpans() { // in the order in which they ended
		fmt.Println(span.Name)
	}
	// Output:
	// speak
	// call say
	// speak
	// call say
	// for
	// flow greet.flow
}
