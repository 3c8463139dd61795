// Package flowtest runs the tests of flows: files *_test.flow in the flow language,
// whose tests run flows in a sandbox and say what they expect. docs/testing.md
// describes them.
//
// `flowrun test` runs them with the standard components. A host with components of
// its own lets its customers test their flows with these:
//
//	report := flowtest.Run(ctx, files, flowtest.Config{Components: components})
//
// and tests its own flows in its Go tests with RunT.
package flowtest

import (
	"context"
	"errors"
	"io/fs"
	"regexp"
	"runtime"
	"sync"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/log"
	"flowrun/lang"
	flow "flowrun/runtime"
)

// Config is what a host decides about the tests. The zero Config has the standard
// components and runs every test.
type Config struct {
	// Components join the standard ones; one that bears the name of a standard one
	// takes its place. They do what they do elsewhere, unless a test mocks them.
	Components []*flow.Component
	// Files, when set, is all that is read, such as os.DirFS(folder), an *os.Root's
	// FS, or a map in memory: the test files and the flows that they run are named by
	// slash-separated paths in it, and what leads out of it is refused. The stores of
	// tests are then not filled from NAME.store.json. With nil any file is read that
	// the process can read.
	Files fs.FS
	// Globals are those of the flows, and of the tests.
	Globals map[string]any
	// Secrets resolves secret("NAME"); with nil every secret is the text "sandbox".
	Secrets func(name string) (string, error)
	// Limits bound the sources and every run.
	Limits flow.Limits
	// Email is what the host decides about sendEmail. The server, the store, the
	// connections and the time limits are those of the sandbox.
	Email email.Config
	// Match chooses tests by their names; nil chooses all.
	Match *regexp.Regexp
	// Parallel is how many files are tested at the same time; 0 means as many as
	// there are processors. The tests of one file run one after another.
	Parallel int
	// Tested, when set, is told of each file when its tests and those of the files
	// before it have ended.
	Tested func(*File)
}

func (c Config) tell(file *File) {
	if c.Tested != nil {
		c.Tested(file)
	}
}

// Report is what came of some test files, in their order.
type Report struct {
	Files []*File
}

// Passed reports that there were files, all could be tested, and no test failed.
func (r *Report) Passed() bool {
	for _, file := range r.Files {
		if !file.Passed() {
			return false
		}
	}
	return len(r.Files) > 0
}

// File is what came of a test file.
type File struct {
	Name string
	// Diagnostics are what is wrong with the file. With an error among them none of
	// its tests ran.
	Diagnostics lang.Diagnostics
	// Err is why the file was not tested beside that: it could not be read, or it
	// holds no tests (ErrNoTests).
	Err error
	// Tests are those that were chosen, in order; after an interruption those that
	// ended before.
	Tests    []*Test
	Started  time.Time
	Duration time.Duration
}

// ErrNoTests is the error of a file without tests.
var ErrNoTests = errors.New("the file holds no tests")

// Passed reports that the file could be tested and no test failed.
func (f *File) Passed() bool {
	if f.Err != nil || f.Diagnostics.HasErrors() {
		return false
	}
	for _, test := range f.Tests {
		if test.Failed() {
			return false
		}
	}
	return true
}

// Test is what came of one test.
type Test struct {
	Name string
	// Range is where its name stands.
	Range lang.Range
	// Failures are why it failed, in order.
	Failures []*Failure
	// Warnings are what does not fail it, and is worth a look: mocks and faults that
	// it orders itself and that were never used. A test that an error has ended has
	// none.
	Warnings []*Failure
	// Expectations is how many it looked at; a run that was expected to fail is one.
	Expectations int
	// Log is what the flows and the test have logged.
	Log      []log.Entry
	Duration time.Duration
}

// Failed reports that the test failed.
func (t *Test) Failed() bool { return len(t.Failures) > 0 }

// Run tests files, which may be given in any order and are reported in it. A test
// file may name any flow that the process can read, and a failure shows lines of it:
// for the tests of strangers set Config.Files. When
// ctx ends, the tests that have not ended are left out of the report, and so are
// the files that have not begun.
func Run(ctx context.Context, files []string, config Config) *Report {
	parallel := config.Parallel
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	tested := make([]*File, len(files))
	var workers sync.WaitGroup
	var telling sync.Mutex
	told := 0
	indexes := make(chan int)
	for range min(parallel, len(files)) {
		workers.Go(func() {
			for i := range indexes {
				file := runFile(ctx, files[i], config)
				telling.Lock()
				tested[i] = file
				for ; told < len(tested) && tested[told] != nil; told++ {
					config.tell(tested[told])
				}
				telling.Unlock()
			}
		})
	}
	for i := range files {
		if ctx.Err() != nil {
			break
		}
		select {
		case indexes <- i:
		case <-ctx.Done():
		}
	}
	close(indexes)
	workers.Wait()
	report := &Report{}
	for _, file := range tested {
		if file != nil {
			report.Files = append(report.Files, file)
		}
	}
	return report
}
