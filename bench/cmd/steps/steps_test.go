package main

import "testing"

// The changes must fit flowrun as it is, and what they make must run.
func TestBothBuildsCanBeMadeAndMeasured(t *testing.T) {
	t.Chdir("../..")
	if err := perform(1); err != nil {
		t.Fatal(err)
	}
}
