package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// inputsReader reads inputs as the flow declares them.
type inputsReader interface {
	ReadInputs(document []byte, texts map[string]string) (runtime.Inputs, error)
}

// readInputs gathers the inputs of a run: the file that --inputs names, else the
// one beside the flow, and over it the single values. Its errors are wrong usage.
func readInputs(program inputsReader, flow source, file string, texts map[string]string) (runtime.Inputs, error) {
	document, from, err := inputsDocument(flow.file, file)
	if err != nil {
		return nil, err
	}
	inputs, err := program.ReadInputs(document, texts)
	var unfit *runtime.InputError
	var syntax *value.SyntaxError
	switch {
	case errors.As(err, &unfit):
		return nil, &inputsError{flow: flow.name, file: from, problems: unfit.Problems}
	case errors.As(err, &syntax):
		return nil, usagef("%s", syntax.In(from, document))
	case err != nil:
		return nil, usagef("%s: %w", from, err)
	}
	return inputs, nil
}

// inputsDocument reads the inputs' file; without one the document is nil. from
// is its name, also where there could be one.
func inputsDocument(flow, file string) (document []byte, from string, err error) {
	beside := file == ""
	if beside {
		if flow == standardInput {
			return nil, "", nil
		}
		file = inputsBeside(flow)
	}
	document, err = readFile(file, maxInputs+1)
	switch {
	case err != nil && beside && errors.Is(err, fs.ErrNotExist):
		return nil, file, nil
	case err != nil:
		return nil, file, err
	case len(document) > maxInputs:
		return nil, file, usagef("%s is larger than %d MiB", file, maxInputs>>20)
	}
	return bytes.TrimPrefix(document, byteOrderMark), file, nil
}

// byteOrderMark is what some editors begin a UTF-8 file with.
var byteOrderMark = []byte("\ufeff")

// inputsError lists everything that is wrong with the inputs of a run.
type inputsError struct {
	flow, file string // file may be "", or not exist
	problems   []string
}

func (e *inputsError) list() []string { return e.problems }

func (e *inputsError) Error() string {
	lines := slices.Concat([]string{"the inputs do not fit " + e.flow}, e.problems)
	ways := "--input name=value or --inputs FILE"
	if e.file != "" {
		if _, err := os.Stat(e.file); err == nil {
			lines[0] += ", those of " + e.file + " included"
		} else {
			ways = "--input name=value, --inputs FILE or a file " + e.file
		}
	}
	return strings.Join(append(lines, "give them by "+ways), "\n")
}
