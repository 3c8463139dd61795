package value

import "fmt"

// Bounds on one value. Whatever makes a text or a list that can be larger than
// what it is made of asks CheckText or CheckElements before it begins.
const (
	// MaxText is the size of a text in bytes.
	MaxText = 16 << 20
	// MaxElements is the number of elements of a list or a map.
	MaxElements = 1_000_000
	// MaxDepth is how deep lists and maps nest.
	MaxDepth = 200
	// maxNodes is the number of values in a whole that From brings in, counted
	// as a tree.
	maxNodes = 1 << 22
)

// CheckText reports whether a text of so many bytes may be made.
func CheckText(bytes int) error {
	if bytes < 0 || bytes > MaxText {
		return fmt.Errorf("the text would be larger than %d MiB", MaxText>>20)
	}
	return nil
}

// CheckElements reports whether a list or a map of so many elements may be made.
func CheckElements(count int) error {
	if count < 0 || count > MaxElements {
		return fmt.Errorf("the list would have more than %d elements", MaxElements)
	}
	return nil
}

func tooDeep() error {
	return fmt.Errorf("it is nested more than %d deep, or contains itself", MaxDepth)
}
