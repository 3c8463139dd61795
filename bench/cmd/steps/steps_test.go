package main

import (
	"os/exec"
	"testing"
)

// The changes must fit flowrun as it is, and what they make must compile and run.
func TestABuildThatCountsNoStepsCanBeMade(t *testing.T) {
	folder := t.TempDir()
	overlay, err := writeOverlay("../../..", folder)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", "test", "-overlay", overlay, "-run", "^$", "-bench", "Loop/flowrun$", "-benchtime", "1x", "-short", "../../script")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}
