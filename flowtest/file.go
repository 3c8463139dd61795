package flowtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"time"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// testFile is a test file that is being tested.
type testFile struct {
	name   string
	text   string
	config Config
	// open are the components that the file mocks and nobody has.
	open map[string]bool
	// runs are the flows that the file runs, as it names them.
	runs map[string]bool
	// functions tells of which of these flows a mocked name is a function.
	functions map[string]string
	// test is the one that runs; nil while the file is compiled.
	test *testRun
}

// disk are the files of the process, by any names that it knows them by.
type disk struct{}

func (disk) Open(name string) (fs.File, error)     { return os.Open(name) }
func (disk) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// readSource reads a source, of Files or of the disk; what is larger than one may be is
// cut, and found too large by the compiler.
func (c Config) readSource(name string) (string, error) {
	files := c.Files
	switch {
	case files == nil:
		files = disk{}
	case !fs.ValidPath(name):
		return "", fmt.Errorf("cannot read %s: it lies outside the folder of the tests", name)
	}
	if found, err := fs.Stat(files, name); err == nil && !found.Mode().IsRegular() {
		return "", fmt.Errorf("cannot read %s: it is no file", name)
	}
	file, err := files.Open(name)
	if err == nil {
		defer file.Close()
		var text []byte
		if text, err = io.ReadAll(io.LimitReader(file, c.sourceRead())); err == nil {
			return string(text), nil
		}
	}
	var named *fs.PathError
	if errors.As(err, &named) {
		err = named.Err
	}
	return "", fmt.Errorf("cannot read %s: %w", name, err)
}

func newTestFile(name, text string, config Config) *testFile {
	return &testFile{name: name, text: text, config: config, open: map[string]bool{}, runs: map[string]bool{}}
}

// sourceRead is how much of a source is read, in bytes: enough for the compiler to
// find it too large.
func (c Config) sourceRead() int64 {
	limit := int64(c.Limits.Source)
	if limit == 0 {
		limit = int64(lang.DefaultLimits.Source)
	}
	return max(limit, limit+1) // the largest limit has none above it
}

// compile compiles the file, for a test or, when that is nil, to see what it holds.
// checks tells that the flows which it runs are checked, too.
func (f *testFile) compile(t *testRun, checks bool) (*runtime.TestProgram, lang.Diagnostics, error) {
	engine, err := f.testEngine(t)
	if err != nil {
		return nil, nil, err
	}
	program, diagnostics := engine.CompileTests(f.name, f.text, f.statements(checks))
	if f.functions == nil {
		if f.functions = f.mockedFunctions(); len(f.functions) > 0 {
			program, diagnostics = engine.CompileTests(f.name, f.text, f.statements(checks))
		}
	}
	return program, diagnostics, nil
}

// statements are what the statements of the file do.
func (f *testFile) statements(checks bool) runtime.TestStatements {
	return runtime.TestStatements{
		Run: func(file string) *runtime.Component {
			f.runs[file] = true
			return f.runComponent(file, checks)
		},
		Mock:     f.mockComponent,
		ReadOnly: recordNames,
	}
}

// The names under which a test reads what its flows have done.
const (
	nameMails  = "mails"
	nameCalls  = "calls"
	nameLogs   = "logs"
	nameWaited = "waited"
)

var recordNames = []string{nameMails, nameCalls, nameLogs, nameWaited}

// globals are those of the test file.
func (c Config) globals() map[string]any {
	globals := map[string]any{}
	maps.Copy(globals, c.Globals)
	for _, name := range []string{nameMails, nameCalls, nameLogs} {
		globals[name] = []any{}
	}
	globals[nameWaited] = time.Duration(0)
	return globals
}

// runFile runs the chosen tests of a file.
func runFile(ctx context.Context, name string, config Config) *File {
	result := &File{Name: name, Started: time.Now()}
	defer func() { result.Duration = time.Since(result.Started) }()
	text, err := config.readSource(name)
	if err != nil {
		result.Err = err
		return result
	}
	file := newTestFile(name, text, config)
	program, diagnostics, err := file.compile(nil, false)
	result.Diagnostics, result.Err = diagnostics, err
	if program == nil {
		return result
	}
	tests := program.Tests()
	if len(tests) == 0 {
		result.Err = fmt.Errorf("%s: %w", name, ErrNoTests)
		return result
	}
	for i, test := range tests {
		if config.Match != nil && !config.Match.MatchString(test.Name) {
			continue
		}
		tested, ended := file.run(ctx, i, test)
		if !ended {
			return result
		}
		result.Tests = append(result.Tests, tested)
	}
	return result
}

// run runs one test; ended is false when ctx has ended it.
func (f *testFile) run(ctx context.Context, number int, test *runtime.Test) (result *Test, ended bool) {
	began := time.Now()
	result = &Test{Name: test.Name, Range: test.Range}
	defer func() { result.Duration = time.Since(began) }()
	state, err := f.openTest(test)
	if err != nil {
		result.Failures = []*Failure{f.failedTest(test, err)}
		return result, true
	}
	f.test = state
	outcome, err := state.perform(ctx, number)
	f.test = nil
	state.collectFaults()
	if closing := state.close(); closing != nil {
		result.Failures = append(result.Failures, f.failedTest(test, closing))
	}
	if ctx.Err() != nil {
		return result, false
	}
	result.Log = state.log
	if outcome == nil {
		result.Failures = append(result.Failures, f.failedTest(test, err))
		return result, true
	}
	result.Expectations = outcome.Expectations
	result.Failures = append(failuresOf(outcome), result.Failures...)
	if outcome.Expectations == 0 && len(outcome.Failures) == 0 {
		result.Failures = append(result.Failures, f.nothingExpected(test))
	}
	if len(outcome.Failures) == 0 {
		result.Warnings = state.unused()
	}
	return result, true
}

// perform runs the test; the outcome is nil when it could not begin.
func (t *testRun) perform(ctx context.Context, number int) (*runtime.TestOutcome, error) {
	program, diagnostics, err := t.file.compile(t, false)
	if err != nil {
		return nil, err
	}
	if program == nil {
		return nil, errors.New(diagnostics[0].Summary)
	}
	outcome, _ := program.Run(ctx, program.Tests()[number], runtime.WithEffects(&effects{testRun: t}))
	return outcome, nil // which holds the error
}

// beside gives a file that is named relative to the test file.
func (f *testFile) beside(file string) string {
	if f.config.Files != nil {
		if path.IsAbs(file) {
			return file // which is none of Files
		}
		return path.Join(path.Dir(f.name), file)
	}
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(filepath.Dir(f.name), filepath.FromSlash(file))
}

// Check looks for mistakes in a test file, also in the flows that it runs and the
// inputs that it gives them, as far as they can be seen before a run. The test file
// is the text; the flows are read as Run reads them, from Config.Files or the disk.
func Check(name, text string, config Config) lang.Diagnostics {
	file := newTestFile(name, text, config)
	_, diagnostics, err := file.compile(nil, true)
	if err != nil {
		return lang.Diagnostics{{Source: lang.NewSource(name, text), Summary: err.Error()}}
	}
	return diagnostics
}

// record makes a record of a test.
func record(fields map[string]any) *value.Record { return &value.Record{Fields: fields} }
