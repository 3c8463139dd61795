package runtime

import "strings"

// mostWrapped is how many errors one error may wrap.
const mostWrapped = 1000

// endless reports an error that wraps itself, or more errors than anyone can read:
// errors.As would not come back from it.
func endless(err error) bool {
	open := []error{err}
	for seen := 0; len(open) > 0; seen++ {
		if seen > mostWrapped {
			return true
		}
		last := len(open) - 1
		at := open[last]
		open = open[:last]
		switch wrapping := at.(type) {
		case interface{ Unwrap() error }:
			if inner := wrapping.Unwrap(); inner != nil {
				open = append(open, inner)
			}
		case interface{ Unwrap() []error }:
			for _, inner := range wrapping.Unwrap() {
				if inner != nil {
					open = append(open, inner)
				}
			}
		}
	}
	return false
}

// longestMessage is the length in bytes at which the message of a failure is cut.
const longestMessage = 64 << 10

func bounded(message string) string {
	if len(message) <= longestMessage {
		return message
	}
	return strings.ToValidUTF8(message[:longestMessage], "") + "…"
}
