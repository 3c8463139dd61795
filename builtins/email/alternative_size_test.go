package email

import (
	"errors"
	"strings"
	"testing"

	"flowrun/runtime"
)

func TestHTMLOfMoreTagsThanAnyMailHasIsRefused(t *testing.T) {
	if _, err := textOf(strings.Repeat("<br>", mostTags)); err != nil {
		t.Errorf("%d tags: %v", mostTags, err)
	}
	var failure *runtime.Failure
	if _, err := textOf(strings.Repeat("<br>", mostTags+1)); !errors.As(err, &failure) || failure.Kind != KindSize {
		t.Errorf("%d tags: %v", mostTags+1, err)
	}
}
