package value

import (
	"fmt"
	"time"
)

// CheckTime reports whether a time lies in the years 0 to 9999, those that RFC
// 3339 can write, in its own zone.
func CheckTime(t time.Time) error {
	if year := t.Year(); year < 0 || year > 9999 {
		return fmt.Errorf("the time lies in the year %d, outside of 0 to 9999", year)
	}
	return nil
}
