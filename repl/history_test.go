package repl_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/repl"
)

func openHistory(t *testing.T, file string) *repl.History {
	t.Helper()
	h, err := repl.OpenHistory(file)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHistoryKeepsEntriesForTheNextSession(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a", "b", "history")
	h := openHistory(t, file)
	for _, entry := range []string{"x = 1", "x = 1", "", " \n", " secret", "y = [\n  2]\n", "\"\x1b[2J\"", strings.Repeat("a", 100_000)} {
		if err := h.Add(entry); err != nil {
			t.Error(err)
		}
	}
	if got := fmt.Sprintf("%q", openHistory(t, file).Dump()); got != `["x = 1" "y = [\n  2]" "\"\\u{1b}[2J\""]` {
		t.Errorf("kept are %s", got)
	}
	found, err := os.Stat(file)
	if err != nil || found.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", found.Mode(), err)
	}
}

func TestTwoSessionsAddToOneHistory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history")
	first, second := openHistory(t, file), openHistory(t, file)
	for i, h := range []*repl.History{first, second, first} {
		if err := h.Add(fmt.Sprint(i)); err != nil {
			t.Error(err)
		}
	}
	if got := fmt.Sprint(openHistory(t, file).Dump()); got != "[0 1 2]" {
		t.Errorf("kept are %s", got)
	}
}

func TestHistoryDoesNotGrowForEver(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history")
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, "\"entry %d\"\n", i)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	h := openHistory(t, file)
	oldest, err := h.GetLine(0)
	if h.Len() != 1000 || oldest != "entry 4000" || err != nil {
		t.Errorf("%d entries from %q on, %v", h.Len(), oldest, err)
	}
	left, err := os.ReadFile(file)
	if err != nil || strings.Count(string(left), "\n") != 1000 {
		t.Errorf("%d lines are left, %v", strings.Count(string(left), "\n"), err)
	}
	if _, err := h.GetLine(1000); err == nil {
		t.Error("there is an entry behind the last")
	}
}

func TestADamagedHistoryLosesOnlyWhatIsDamaged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(file, []byte("\"a\"\nnonsense\n\x00\n\"b\"\n\"c"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(openHistory(t, file).Dump()); got != "[a b]" {
		t.Errorf("kept are %s", got)
	}
}

func TestAHistoryThatCannotBeReadIsTold(t *testing.T) {
	folder := t.TempDir()
	if _, err := repl.OpenHistory(folder); err == nil {
		t.Error("a folder is a history")
	}
	h := openHistory(t, "")
	if err := h.Add("x"); err != nil || h.Len() != 1 {
		t.Errorf("without a file: %d, %v", h.Len(), err)
	}
}
