// Package runtime runs flows.
//
//	engine, err := runtime.New(runtime.WithComponents(log.New(log.Config{})))
//	program, diagnostics := engine.Compile("hello.flow", source)
//	outcome, err := program.Run(ctx, runtime.Inputs{"name": "Ann"})
//
// An [Engine] holds what a host grants: components ([WithComponents]), globals,
// secrets and [Limits]. It grants nothing by itself. It compiles sources to a
// [Program], which is immutable and runs any number of times, also at once;
// everything that changes belongs to one run.
//
// A [Component] is a function over a struct of settings, see [NewComponent]. It
// gets a [Call], returns a value or fails with a [*Failure], and may suspend the
// run by [Suspend]; [Program.Resume] goes on with it. What ends a run is an
// [*Error] with its [Kind] and its place in the source.
//
// What a run does, observers see: [WithObserver] calls and failures,
// [WithStatementObserver] every statement. Time, chance and the results of
// components reach a run through [Effects] and in no other way.
//
// docs/embedding.md is the guide for hosts, docs/language.md says what flows mean.
package runtime
