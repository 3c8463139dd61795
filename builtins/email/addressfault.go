package email

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// addressFault is the reason why a text is not a mailbox.
type addressFault struct {
	reason string
	hint   string
}

func faultf(format string, args ...any) *addressFault {
	return &addressFault{reason: fmt.Sprintf(format, args...)}
}

// in completes the reason to an error that names the text.
func (f *addressFault) in(text string) *runtime.Failure {
	return &runtime.Failure{
		Kind:    runtime.KindValue,
		Message: fmt.Sprintf("%q is not an address: %s", shortened(text), f.reason),
		Hint:    f.hint,
	}
}

// shortened keeps a hostile value from filling an error.
func shortened(text string) string {
	limit := 120
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}

// asFailure gives the Failure that err is, or makes one of it.
func asFailure(err error) *runtime.Failure {
	var failure *runtime.Failure
	if errors.As(err, &failure) {
		return failure
	}
	return &runtime.Failure{Kind: runtime.KindValue, Message: err.Error(), Cause: err}
}

// printed is a value as a flow prints it, for messages.
func printed(v any) string {
	if t, ok := v.(*value.Template); ok {
		if text, err := t.String(); err == nil {
			return shortened(text)
		}
	}
	text, err := value.Text(v)
	if err != nil {
		return value.Phrase(v)
	}
	return shortened(text)
}
