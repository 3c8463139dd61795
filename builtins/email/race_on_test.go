//go:build race

package email_test

// raceDetector tells whether the race detector watches.
const raceDetector = true
