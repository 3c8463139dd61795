package flowtest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"flowrun/flowtest"
)

// heard is a *testing.T that only listens.
type heard struct {
	name string
	all  *[]string
}

type fatal struct{}

func (h *heard) Helper()                  {}
func (h *heard) Context() context.Context { return context.Background() }
func (h *heard) Log(arguments ...any)     { h.Error(arguments...) }
func (h *heard) Error(arguments ...any) {
	*h.all = append(*h.all, h.name+": "+fmt.Sprint(arguments...))
}

func (h *heard) Fatal(arguments ...any) {
	h.Error(arguments...)
	panic(fatal{})
}

func (h *heard) Run(name string, f func(*heard)) bool {
	defer func() {
		if reason := recover(); reason != nil && reason != any(fatal{}) {
			panic(reason)
		}
	}()
	f(&heard{h.name + "/" + name, h.all})
	return true
}

func TestGoTestsHearOfWhatFails(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a_test.flow", "test \"holds\" { expect true }\ntest \"fails\" { expect 1 == 2 }")
	write(t, "b_test.flow", "x = 1")
	write(t, "c_test.flow", "x = y")
	write(t, "d.flow", "")
	var all []string
	h := &heard{all: &all}
	h.Run("x", func(h *heard) { flowtest.RunT(h, "*.flow", flowtest.Config{}) })
	h.Run("y", func(h *heard) { flowtest.RunT(h, "d*.flow", flowtest.Config{}) })
	want := []string{
		"/x/a_test.flow/fails: \na_test.flow:2:23: 1, want 2\n    2 | test \"fails\" { expect 1 == 2 }\n      |                       ^^^^^^",
		"/x/b_test.flow: b_test.flow: the file holds no tests",
		"/x/c_test.flow: \nc_test.flow:1:5: error: y is not declared\n    1 | x = y\n      |     ^\n",
		"/y: d*.flow has no test files (*_test.flow)",
	}
	if !slices.Equal(all, want) {
		t.Errorf("heard\n%q\nwant\n%q", all, want)
	}
}
