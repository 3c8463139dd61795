package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryWorkloadAndTargetComesIntoThePage(t *testing.T) {
	page := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(page, []byte("before\n"+begin+"yesterday\n"+end+"after\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := perform(page, "", small, true); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	if !strings.HasPrefix(text, "before\n"+begin) || !strings.HasSuffix(text, end+"after\n") || strings.Contains(text, "yesterday") {
		t.Errorf("the page around the tables is\n%s", text)
	}
	if !strings.Contains(text, "the times are those that processors worked") {
		t.Error("the page does not say how time was measured")
	}
	for _, w := range workloads() {
		if !strings.Contains(text, "\n### "+w.name+"\n") {
			t.Errorf("there is no table of %s", w.name)
		}
	}
	for _, target := range targets {
		if !strings.Contains(text, "| "+target.workload+" | "+target.goal+" | ") {
			t.Errorf("nothing is told of %s, %s", target.workload, target.goal)
		}
	}
}

func TestPageWithoutMarkersIsRefusedBeforeMeasuring(t *testing.T) {
	page := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(page, []byte("no markers\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := perform(page, "", full, false); err == nil || !strings.Contains(err.Error(), "lacks the lines") {
		t.Errorf("error %v", err)
	}
}

func TestUnknownWorkloadIsRefused(t *testing.T) {
	if err := perform("", "^nothing$", small, false); err == nil {
		t.Error("no error")
	}
}
