package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"flowrun/builtins/email"
	"flowrun/lang"
)

// maxName bounds names in characters.
const maxName = 255

// checkName refuses a name that is blank or long, or that holds characters which
// do not show.
func checkName(what, name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return fmt.Errorf("%s is empty", what)
	case strings.TrimSpace(name) != name:
		return fmt.Errorf("%s %q has blanks around it", what, name)
	case utf8.RuneCountInString(name) > maxName:
		return fmt.Errorf("%s has more than %d characters", what, maxName)
	}
	return checkLine(what, name)
}

// checkLine refuses text that is not one line of characters which show.
func checkLine(what, text string) error {
	if lang.VisibleLine(text) != text {
		return fmt.Errorf("%s %q holds characters that do not show", what, text)
	}
	return nil
}

// addrSpec reads an address without a name; "" is none.
func addrSpec(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	address, err := email.ParseAddress(text)
	if err != nil {
		return "", err
	}
	if address.Name != "" {
		return "", fmt.Errorf("the address %q has a name in it: give the address alone", text)
	}
	return address.Spec(), nil
}
