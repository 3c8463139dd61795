//go:build !unix

package measure

import "time"

// Processor is Passed, where nobody tells how long processors have worked.
func Processor() time.Duration { return Passed() }
