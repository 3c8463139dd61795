//go:build !race

package memorytest

// raceDetector tells whether the race detector watches.
const raceDetector = false
