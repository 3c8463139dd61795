package main

import (
	"errors"
	"fmt"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// checkSample looks for what is wrong with a flow, given a sample of its inputs.
// The error is wrong usage: a file that cannot be read, or inputs that do not fit.
func (s *session) checkSample(program *runtime.Program, flow source, file string) (lang.Diagnostics, error) {
	document, _, err := inputsDocument(flow.file, file)
	if err != nil {
		return nil, err
	}
	inputs, err := program.ReadInputs(document, nil)
	var unfit *runtime.InputError
	var syntax *value.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, usagef("%s", syntax.In(file, document))
	case err != nil && !errors.As(err, &unfit):
		return nil, usagef("%s: %w", file, err)
	}
	diagnostics, _ := program.CheckInputs(inputs)
	if unfit != nil {
		return diagnostics, &sampleError{flow: flow.name, file: file, problems: unfit.Problems}
	}
	return diagnostics, nil
}

// sampleError lists what is wrong with a sample of inputs.
type sampleError struct {
	flow, file string
	problems   []string
}

func (e *sampleError) list() []string { return e.problems }

func (e *sampleError) Error() string {
	return fmt.Sprintf("the inputs of %s do not fit %s\n%s", e.file, e.flow, strings.Join(e.problems, "\n"))
}
