package main

import (
	"flowrun/builtins/log"
	"flowrun/flowtest"
)

// testDocument is what `test --json` prints; docs/command.md describes it.
type testDocument struct {
	documentHead
	Files    []testFileDocument `json:"files"`
	Problems []string           `json:"problems"`
}

// testFileDocument is one test file.
type testFileDocument struct {
	File        string               `json:"file"`
	OK          bool                 `json:"ok"`
	Seconds     float64              `json:"seconds"`
	Problem     string               `json:"problem,omitempty"`
	Diagnostics []diagnosticDocument `json:"diagnostics"`
	Tests       []testCaseDocument   `json:"tests"`
}

// testCaseDocument is one test.
type testCaseDocument struct {
	Name         string                `json:"name"`
	Line         int                   `json:"line"`
	OK           bool                  `json:"ok"`
	Seconds      float64               `json:"seconds"`
	Expectations int                   `json:"expectations"`
	Failures     []testFailureDocument `json:"failures"`
	Warnings     []testFailureDocument `json:"warnings"`
	Log          []logDocument         `json:"log"`
}

// testFailureDocument is one reason why a test failed, or one of its warnings.
type testFailureDocument struct {
	File string `json:"file"`
	placeDocument
	Message string `json:"message"`
	Detail  string `json:"detail"`
}

func (r *testReport) writeDocument(report *flowtest.Report, status int, problems []string) {
	writeDocument(r.stdout, testDocument{
		documentHead: newDocumentHead("test", status),
		Files:        each(report.Files, newTestFileDocument),
		Problems:     each(problems, same),
	})
}

func newTestFileDocument(file *flowtest.File) testFileDocument {
	document := testFileDocument{
		File:        file.Name,
		OK:          file.Passed(),
		Seconds:     file.Duration.Seconds(),
		Diagnostics: diagnosticDocuments(file.Diagnostics),
		Tests:       each(file.Tests, newTestCaseDocument),
	}
	if file.Err != nil {
		document.Problem = file.Err.Error()
	}
	return document
}

func newTestCaseDocument(test *flowtest.Test) testCaseDocument {
	return testCaseDocument{
		Name:         test.Name,
		Line:         test.Range.Start.Line,
		OK:           !test.Failed(),
		Seconds:      test.Duration.Seconds(),
		Expectations: test.Expectations,
		Failures:     each(test.Failures, newTestFailureDocument),
		Warnings:     each(test.Warnings, newTestFailureDocument),
		Log:          each(test.Log, func(entry log.Entry) logDocument { return newLogDocument(entry) }),
	}
}

func newTestFailureDocument(f *flowtest.Failure) testFailureDocument {
	return testFailureDocument{f.File, newPlace(f.Range.Start), f.Message, f.Detail}
}
