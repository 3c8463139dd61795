package flowtest_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"flowrun/flowtest"
)

func TestArgumentsNameTestFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"a.flow", "a_test.flow", "b/b_test.flow", "b/c/c_test.flow", "b/testdata/x_test.flow", ".git/x_test.flow",
		"_old/x_test.flow", "none/d.flow",
	} {
		write(t, name, "")
	}
	for _, test := range []struct {
		arguments, want []string
		err             string
	}{
		{nil, []string{"a_test.flow"}, ""},
		{[]string{"."}, []string{"a_test.flow"}, ""},
		{[]string{"b"}, []string{"b/b_test.flow"}, ""},
		{[]string{"b/"}, []string{"b/b_test.flow"}, ""},
		{[]string{"./..."}, []string{"a_test.flow", "b/b_test.flow", "b/c/c_test.flow"}, ""},
		{[]string{"..."}, []string{"a_test.flow", "b/b_test.flow", "b/c/c_test.flow"}, ""},
		{[]string{"b/..."}, []string{"b/b_test.flow", "b/c/c_test.flow"}, ""},
		{[]string{"b/testdata", "a_test.flow", "a_test.flow"}, []string{"b/testdata/x_test.flow", "a_test.flow"}, ""},
		{[]string{"a_test.flow", "./a_test.flow", "b/../a_test.flow", "."}, []string{"a_test.flow"}, ""},
		{[]string{"./b", "b/b_test.flow"}, []string{"b/b_test.flow"}, ""},
		{[]string{"./a_test.flow"}, []string{"./a_test.flow"}, ""},
		{[]string{"none"}, nil, "none has no test files (*_test.flow)"},
		{[]string{"none/..."}, nil, "none/... has no test files (*_test.flow)"},
		{[]string{"a.flow"}, nil, "a.flow is no test file: its name does not end with _test.flow"},
		{[]string{"gone"}, nil, "cannot read gone: no such file or directory"},
	} {
		got, err := flowtest.Find(test.arguments...)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if !slices.Equal(got, test.want) || message != test.err {
			t.Errorf("%q: got %q, %q", test.arguments, got, message)
		}
	}
	if _, err := flowtest.Find("none"); !errors.Is(err, flowtest.ErrNoFiles) {
		t.Errorf("%v is not ErrNoFiles", err)
	}
}

func TestASymbolicLinkIsTheFolderThatItNames(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "b/b_test.flow", "")
	write(t, "b/c/c_test.flow", "")
	if err := os.Symlink("b", "link"); err != nil {
		t.Skip(err)
	}
	for argument, want := range map[string][]string{
		"link":     {"link/b_test.flow"},
		"link/...": {"link/b_test.flow", "link/c/c_test.flow"},
	} {
		if got, err := flowtest.Find(argument); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v", argument, got, err)
		}
	}
}
