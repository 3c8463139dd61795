package chunkedtest

import (
	"slices"
	"strings"
	"testing"
)

func TestReadCutsTheFileIntoChunksWithTheirPlaces(t *testing.T) {
	chunks := Read(t, "testdata/sample.flow")
	if len(chunks) != 3 {
		t.Fatalf("got %d chunks, want 3", len(chunks))
	}
	for i, want := range []struct {
		name      string
		firstLine int
		begin     string
	}{
		{"line 1 two problems on one line", 1, "// two problems"},
		{"line 5", 5, "//~2:5"},
		{"line 8", 8, "x = 1 //~"},
	} {
		got := chunks[i]
		if got.Name != want.name || got.FirstLine != want.firstLine || !strings.HasPrefix(got.Source, want.begin) {
			t.Errorf("chunk %d: got %q from line %d: %q", i, got.Name, got.FirstLine, got.Source)
		}
		if strings.Contains(got.Source, "---") {
			t.Errorf("chunk %d holds a separator: %q", i, got.Source)
		}
	}
}

func TestMarkersSayLineColumnSeveritySummaryAndHint(t *testing.T) {
	chunks := Read(t, "testdata/sample.flow")
	for i, want := range [][]Diagnostic{
		{{3, 5, "error", "c is not declared", ""}, {3, 9, "error", "d is not declared", `did you mean "a"?`}},
		{{2, 5, "error", "the string is not closed", ""}},
		{{1, 1, "warning", "x is never used", ""}},
	} {
		if got := chunks[i].Wanted(); !slices.Equal(got, want) {
			t.Errorf("chunk %d: got %v, want %v", i, got, want)
		}
	}
}

func TestComparisonNamesUnexpectedAndMissingDiagnostics(t *testing.T) {
	chunk := Read(t, "testdata/sample.flow")[0]
	both := chunk.Wanted()
	both[0].Hint = "any hint will do where none is written"
	if differences := chunk.differences(both); len(differences) != 0 {
		t.Errorf("got differences %q for what is wanted", differences)
	}
	wrongHint := both[1]
	wrongHint.Hint = `did you mean "b"?`
	got := chunk.differences([]Diagnostic{both[0], wrongHint})
	want := []string{
		"testdata/sample.flow:3:9: unexpected:\n\t//~3:9 error: d is not declared | hint: did you mean \"b\"?",
		"testdata/sample.flow:3:9: missing (marked on line 3):\n\t//~3:9 error: d is not declared | hint: did you mean \"a\"?",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAnEmptyHintDemandsThatThereIsNone(t *testing.T) {
	chunk := Read(t, "testdata/sample.flow")[2]
	got := chunk.Wanted()
	got[0].Hint = "remove it"
	want := []string{
		"testdata/sample.flow:8:1: unexpected:\n\t//~1:1 warning: x is never used | hint: remove it",
		"testdata/sample.flow:8:1: missing (marked on line 8):\n\t//~1:1 warning: x is never used | hint:",
	}
	if differences := chunk.differences(got); !slices.Equal(differences, want) {
		t.Errorf("got  %q\nwant %q", differences, want)
	}
}

func TestAMalformedMarkerIsAnError(t *testing.T) {
	_, err := parse("bad.flow", "x = 1\ny = 2 //~ error: no column\n")
	if err == nil || !strings.HasPrefix(err.Error(), "bad.flow:2: malformed marker") {
		t.Errorf("got %v", err)
	}
}
