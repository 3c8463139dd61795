package lang_test

import (
	"path/filepath"
	"strings"
	"testing"

	"flowrun/internal/chunkedtest"
	"flowrun/lang"
)

// TestData parses the chunks of testdata/*.flow, one file a topic, and compares
// what is reported with what the chunks say.
func TestData(t *testing.T) {
	for _, file := range dataFiles(t) {
		topic := strings.TrimSuffix(filepath.Base(file), ".flow")
		t.Run(topic, func(t *testing.T) {
			for _, chunk := range chunkedtest.Read(t, file) {
				t.Run(chunk.Name, func(t *testing.T) { chunk.Compare(t, reported(sourceName(topic), chunk.Source)) })
			}
		})
	}
}

// sourceName is what the chunks of a topic are parsed as.
func sourceName(topic string) string {
	if topic == "tests" {
		return "chunk_test.flow"
	}
	return "chunk.flow"
}

func dataFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.flow")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	return files
}

// dataChunks gives the chunks of all data files.
func dataChunks(t testing.TB) []chunkedtest.Chunk {
	t.Helper()
	var chunks []chunkedtest.Chunk
	for _, file := range dataFiles(t) {
		chunks = append(chunks, chunkedtest.Read(t, file)...)
	}
	return chunks
}

// reported gives the problems of a source as chunks state them.
func reported(name, text string) []chunkedtest.Diagnostic {
	var all []chunkedtest.Diagnostic
	_, diagnostics := lang.Parse(name, text)
	for _, d := range diagnostics {
		start := d.Range().Start
		all = append(all, chunkedtest.Diagnostic{
			Line: start.Line, Column: start.Column,
			Severity: d.Severity.String(), Summary: d.Summary, Hint: d.Hint,
		})
	}
	return all
}
