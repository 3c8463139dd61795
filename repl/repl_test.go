package repl_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"flowrun/builtins"
	"flowrun/lang"
	"flowrun/repl"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// notes is a Host that keeps what it is told, a line each.
type notes struct {
	repl.Disk
	lines  []string
	traced bool
	inputs runtime.Inputs
}

func (n *notes) add(format string, args ...any) {
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

func (n *notes) Options() []runtime.RunOption { return nil }
func (n *notes) Inputs(*runtime.Entry, string) (runtime.Inputs, error) {
	return n.inputs, nil
}
func (n *notes) Interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(ctx)
}
func (n *notes) Width() int        { return 0 }
func (n *notes) Print(text string) { n.add("%s", text) }
func (n *notes) Value(v any) {
	text, err := value.JSON(v)
	if err != nil {
		text = value.KindOf(v)
	}
	n.add("%s", text)
}
func (n *notes) Diagnostics(diagnostics lang.Diagnostics) {
	for _, d := range diagnostics {
		n.add("%v", d)
	}
}
func (n *notes) Failures(failures []*runtime.Error) {
	for _, failure := range failures {
		n.add("%v", failure)
	}
}
func (n *notes) Complain(err error) { n.add("complaint: %v", err) }
func (n *notes) Settled()           {}
func (n *notes) Trace(on bool)      { n.traced = on }

func (n *notes) take() string {
	text := strings.Join(n.lines, "\n")
	n.lines = nil
	return text
}

func newREPL(t testing.TB) (*repl.REPL, *notes) {
	t.Helper()
	return newREPLWithin(t, runtime.Limits{})
}

func newREPLWithin(t testing.TB, limits runtime.Limits) (*repl.REPL, *notes) {
	t.Helper()
	engine, err := runtime.New(
		runtime.WithLimits(limits),
		runtime.WithComponents(builtins.Standard(builtins.Config{})...),
		runtime.WithGlobals(map[string]any{"company": map[string]any{"name": "Acme", "city": map[string]any{"zip": 1}}}),
	)
	if err != nil {
		t.Fatal(err)
	}
	host := &notes{}
	return repl.New(engine, host), host
}

const unrun = "complaint: what was pasted behind the entry that failed was not run"

func TestWhatIsPastedIsOneEntryOrSeveral(t *testing.T) {
	for text, want := range map[string]string{
		"x = 1\ny = 2\nx + y":                    "3",
		"if false {\n}\nelse {\n  x = 1\n}\nx":   "1",
		"x = [\n1,\n2]\n\nx\n":                   "[1,2]",
		"1\n2\n\n3":                              "1\n2\n3",
		":trace on\n5\n":                         "5",
		"x = 1\n:vars":                           "company = { city: { zip: 1 }, name: \"Acme\" } (the host's)\nx = 1",
		"x = 1\ny = [\n)\nx":                     "flow[2]:2:1: this ) does not close the [\n" + unrun,
		"1\n2 / 0\n3\n":                          "1\nflow[2]:1:1: division by zero\n" + unrun,
		"1\n:nothing\n\n":                        "1\ncomplaint: there is no command :nothing; :help lists them",
		"function f < > {\n  return 4\n}\nf < >": "4",
	} {
		r, host := newREPL(t)
		r.Enter(t.Context(), text)
		if got := host.take(); got != want {
			t.Errorf("%q tells\n%s\nwant\n%s", text, got, want)
		}
	}
}

func TestEntriesThatFailAreToldAndCounted(t *testing.T) {
	r, host := newREPL(t)
	for _, step := range []struct {
		text, told string
		failed     bool
	}{
		{"1 + 1", "2", false},
		{"  ", "", false},
		{"// why", "", false},
		{":nothing", "complaint: there is no command :nothing; :help lists them", true},
		{": trace on", "", true},
		{"input r: int\ninput s = 2\ninput t", "flow[3]:1:7: nothing gives this input a value\nflow[3]:3:7: nothing gives this input a value", true},
		{"x = y", "flow[4]:1:5: y is not declared", true},
		{"x = 1 / 0", "flow[5]:1:5: division by zero", true},
	} {
		r.Enter(t.Context(), step.text)
		if got := host.take(); got != step.told || r.Failed() != step.failed {
			t.Errorf("%q tells %q, failed %v", step.text, got, r.Failed())
		}
	}
}

func TestCommandsOfThePromptAreListed(t *testing.T) {
	r, host := newREPL(t)
	r.Enter(t.Context(), ":help")
	help := host.take()
	for _, command := range []string{":help", ":vars", ":components", ":doc NAME", ":load FILE", ":save FILE", ":trace on|off", ":reset", ":quit"} {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(command) + ` +[a-z]`).MatchString(help) {
			t.Errorf("the help lacks %s:\n%s", command, help)
		}
	}
	r.Enter(t.Context(), ":components")
	if got := host.take(); !strings.Contains(got, "sendEmail ") || !strings.Contains(got, "sleep ") {
		t.Errorf("the components are\n%s", got)
	}
	r.Enter(t.Context(), ":trace on")
	if !host.traced {
		t.Error("nothing is traced")
	}
}

func TestSavedEntriesMakeAFlowThatChecks(t *testing.T) {
	for want, entries := range map[string][]string{
		"x = 1\ny = x\n":                         {"x = 1", "x", "y = x; y", "return y", "stop", "z = 1 / 0"},
		"x = 1\nfunction f < > { x = 2 }\n":      {"function f < > { x = 1 }; x = 1", "function f < > { x = 2 }", "f"},
		"flow chat \"B\"\nx = 1\ny = 2\n":        {`flow service "A"`, "x = 1", "flow chat \"B\"\ny = 2"},
		"input a = 2\nb = a\n":                   {"input a = 1", "input a = 2", "b = a"},
		"x = 1 // why\n\n// more\nif true { }\n": {"x = 1 // why\n\n// more\nif true { }"},
		"x = 1\n\ny = [x, 2]\nz = 3\nstop\n":     {"x=1\n\ny=[x, 2]\nreturn y", "z = 3; stop", "return 4"},
		"// Who.\nflow \"A\"\nx = 1\ny = 2\n":    {"x = 1", "#!/usr/bin/env flowrun\n// Who.\nflow \"A\"\ny = 2"},
		"x = 1\nreturn x\n":                      {"x = 1; return x"},
	} {
		r, host := newREPL(t)
		for _, entry := range entries {
			r.Enter(t.Context(), entry)
		}
		host.take()
		file := filepath.Join(t.TempDir(), "saved.flow")
		r.Enter(t.Context(), ":save "+file)
		got, err := os.ReadFile(file)
		if err != nil || string(got) != want {
			t.Errorf("%q are saved as\n%s\nwant\n%s\n%v %s", entries, got, want, err, host.take())
		}
	}
}

func TestASavedFlowThatCanEndEarlyIsTold(t *testing.T) {
	r, host := newREPL(t)
	loaded := filepath.Join(t.TempDir(), "loaded.flow")
	text := "function f < > {\n  return 1\n}\nx = f < >\nif x == 2 {\n  return x\n}\nlog < message: \"m\", break: x == 3 >\nreturn x\n"
	if err := os.WriteFile(loaded, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Enter(t.Context(), ":load "+loaded)
	file := filepath.Join(t.TempDir(), "loaded-only.flow")
	host.take()
	r.Enter(t.Context(), ":save "+file)
	if told := host.take(); told != "" {
		t.Errorf("nothing follows, and it tells %q", told)
	}
	r.Enter(t.Context(), "y = x")
	r.Enter(t.Context(), "if y == 2 { stop }")
	file = filepath.Join(t.TempDir(), "saved.flow")
	r.Enter(t.Context(), ":save "+file)
	const early = "here the saved flow can end before the entries that follow"
	want := fmt.Sprintf("%s:6:3: %s\n%s:8:21: %s", loaded, early, loaded, early)
	if told := host.take(); told != want || r.Failed() {
		t.Errorf("it tells\n%s\nwant\n%s", told, want)
	}
	saved, err := os.ReadFile(file)
	if want := strings.TrimSuffix(text, "return x\n") + "y = x\nif y == 2 { stop }\n"; err != nil || string(saved) != want {
		t.Errorf("saved is\n%s\n%v", saved, err)
	}
}

// withoutFiles hides that a host has files.
type withoutFiles struct{ repl.Host }

func TestWithoutFilesNothingIsLoadedOrSaved(t *testing.T) {
	engine, err := runtime.New()
	if err != nil {
		t.Fatal(err)
	}
	host := &notes{}
	r := repl.New(engine, withoutFiles{host})
	file := filepath.Join(t.TempDir(), "a.flow")
	r.Enter(t.Context(), "x = 1")
	for _, command := range []string{"load", "save"} {
		r.Enter(t.Context(), ":"+command+" "+file)
		if got, want := host.take(), "complaint: there is no command :"+command; !strings.HasPrefix(got, want) {
			t.Errorf("it tells %q, want %q", got, want)
		}
		if found := r.Completion(":" + command + " /").Candidates; len(found) > 0 {
			t.Errorf("the files are offered: %v", found)
		}
	}
	r.Load(t.Context(), file)
	if got, want := host.take(), "complaint: cannot read "+file+": there are no files at this prompt"; got != want {
		t.Errorf("it tells %q, want %q", got, want)
	}
	r.Enter(t.Context(), ":help")
	if help := host.take(); strings.Contains(help, ":load") || strings.Contains(help, ":save") || !strings.Contains(help, ":vars") {
		t.Errorf("the help is\n%s", help)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written")
	}
}

func TestEntriesThatMakeNoFlowAreNotSaved(t *testing.T) {
	for _, entries := range [][]string{{"1 + 1"}, {"again: x = 1", "again: x = 2"}, {"x = 1 / 0", "y = x ?? 2"}} {
		r, host := newREPL(t)
		for _, entry := range entries {
			r.Enter(t.Context(), entry)
		}
		host.take()
		file := filepath.Join(t.TempDir(), "saved.flow")
		r.Enter(t.Context(), ":save "+file)
		if _, err := os.Stat(file); err == nil || !strings.Contains(host.take(), "complaint: ") {
			t.Errorf("%q are saved", entries)
		}
	}
}

func TestWhatWasResetIsGone(t *testing.T) {
	r, host := newREPL(t)
	r.Enter(t.Context(), "x = 1\nfunction f < > { }\n:reset\n:vars\nx")
	r.Enter(t.Context(), "f < >")
	want := "company = { city: { zip: 1 }, name: \"Acme\" } (the host's)\nflow[3]:1:1: x is not declared\nflow[4]:1:1: unknown component \"f\""
	if got := host.take(); got != want {
		t.Errorf("tells\n%s\nwant\n%s", got, want)
	}
}

// readAll gives the entries of an editor up to its end, and the error there.
func readAll(t *testing.T, editor repl.Editor) (entries []string, err error) {
	t.Helper()
	for {
		entry, err := editor.Read(t.Context(), "> ")
		if err != nil {
			return entries, err
		}
		entries = append(entries, entry)
	}
}

func newLines(t *testing.T, in io.Reader) *repl.Lines {
	t.Helper()
	r, _ := newREPL(t)
	return repl.NewLines(r, in)
}

func TestLinesAreJoinedUpToTheEndOfAnEntry(t *testing.T) {
	entries, err := readAll(t, newLines(t, iotest.OneByteReader(strings.NewReader("x = [1,\n\n2]\r\n:load [\ny = \"\"\"\na\n\"\"\"\nf("))))
	want := []string{"x = [1,\n\n2]", ":load [", "y = \"\"\"\na\n\"\"\"", "f("}
	if fmt.Sprintf("%q", entries) != fmt.Sprintf("%q", want) || err != io.EOF {
		t.Errorf("got %q, %v", entries, err)
	}
}

func TestALineWithoutEndIsAnError(t *testing.T) {
	for name, in := range map[string]io.Reader{
		"endless": endless{}, "broken": io.MultiReader(strings.NewReader("x = 1\n"), iotest.ErrReader(errors.New("broken"))),
	} {
		if _, err := readAll(t, newLines(t, in)); err == nil || err == io.EOF {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestAnEntryThatNeverEndsIsCutOff(t *testing.T) {
	text := "/*\n" + strings.Repeat("a long line of a comment that never ends\n", 20_000)
	entries, err := readAll(t, newLines(t, strings.NewReader(text)))
	if len(entries) < 2 || err != io.EOF || strings.Join(entries, "\n") != strings.TrimSuffix(text, "\n") {
		t.Errorf("got %d entries, %v", len(entries), err)
	}
}

func TestFlowsAndLinesMayBeAsLongAsTheEngineAllows(t *testing.T) {
	long := "x = 1 // " + strings.Repeat("c", lang.DefaultLimits.Source) + "\ny = 2"
	file := filepath.Join(t.TempDir(), "long.flow")
	if err := os.WriteFile(file, []byte(long), 0o600); err != nil {
		t.Fatal(err)
	}
	roomy, notes := newREPLWithin(t, runtime.Limits{Source: 2 << 20})
	roomy.Enter(t.Context(), ":load "+file+"\ny")
	if got := notes.take(); got != "2" {
		t.Errorf("loaded, the flow gives %s", got)
	}
	entries, err := readAll(t, repl.NewLines(roomy, strings.NewReader(long)))
	if len(entries) != 2 || err != io.EOF {
		t.Errorf("read %d entries, %v", len(entries), err)
	}
	narrow, told := newREPLWithin(t, runtime.Limits{Source: 10_000})
	lines := repl.NewLines(narrow, strings.NewReader(long+"\nx = [ // "+long+"\ny\n"))
	if err := narrow.Run(t.Context(), lines); err != nil {
		t.Error(err)
	}
	const tooLong = "the source has more than 10000 bytes"
	if got, want := told.take(), "flow[1]:1:1: "+tooLong+"\nflow[3]:1:1: "+tooLong+"\n2"; got != want {
		t.Errorf("after lines that are too long it tells\n%s\nwant\n%s", got, want)
	}
}

func TestALongPasteThatNeverEndsIsCutOffOrStopped(t *testing.T) {
	text := "if true {\n" + strings.Repeat("x = [1, 2, 3] // a line of the block\n", 2_000)
	r, notes := newREPL(t)
	r.Enter(t.Context(), text)
	if got, want := notes.take(), "flow[1]:1:9: the block is never closed\n"+unrun; got != want {
		t.Errorf("got %.200s, want %s", got, want)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	r.Enter(ended, text)
	if got := notes.take(); got != "" {
		t.Errorf("a prompt that has ended shows %.200s", got)
	}
}
