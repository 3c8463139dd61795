package expression

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"flowrun/lang"
	"flowrun/runtime/value"
)

// fault is what an operation finds wrong with its operands, without a place.
type fault struct {
	message, hint string
	argument      int   // the operand at fault, counted from 1; 0: all of it
	host          error // what the host's Steps returned, a *value.LimitError or *value.PanicError
}

func (f *fault) Error() string { return f.message }

// Unwrap gives the host's error, if any.
func (f *fault) Unwrap() error { return f.host }

func faultf(format string, args ...any) *fault {
	return &fault{message: fmt.Sprintf(format, args...)}
}

// advise adds a hint.
func (f *fault) advise(hint string) *fault {
	f.hint = hint
	return f
}

// of says which operand is at fault, counted from 1.
func (f *fault) of(argument int) *fault {
	f.argument = argument
	return f
}

// place is where an operation and its operands stand in the source.
type place struct {
	whole    lang.Span
	operands []lang.Span
}

// locate gives an operation's error its place.
func (p *place) locate(err error) error {
	var placed *Error
	if errors.As(err, &placed) {
		return placed
	}
	var f *fault
	if !errors.As(err, &f) {
		f = problem(err, 0)
	}
	span := p.whole
	if f.argument > 0 && f.argument <= len(p.operands) {
		span = p.operands[f.argument-1]
	}
	return &Error{Span: span, Message: f.message, Hint: f.hint, Err: f.host}
}

// problem makes a fault of an error of package value.
func problem(err error, argument int) *fault {
	var f *fault
	if errors.As(err, &f) {
		if f.argument == 0 {
			f.argument = argument
		}
		return f
	}
	f = &fault{message: err.Error(), argument: argument}
	var limit *value.LimitError
	if errors.As(err, &limit) {
		f.hint, f.host = limit.Hint(), limit
	} else if broken := (*value.PanicError)(nil); errors.As(err, &broken) {
		f.host = broken
	}
	return f
}

// described names a value's kind, and shows it when it is short.
func described(v any) string {
	switch v := v.(type) {
	case string:
		if utf8.RuneCountInString(v) <= 20 {
			return fmt.Sprintf("the string %q", v)
		}
	case int, float64, time.Duration:
		if text, err := value.Text(v); err == nil {
			return "the " + value.KindOf(v) + " " + text
		}
	}
	return value.Phrase(v)
}

// quantity writes a number with its noun.
func quantity(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// refuse is the fault of an operand of a kind that an operation does not take.
func refuse(argument int, operation, want string, got any) *fault {
	f := faultf("%s needs %s, not %s", operation, want, value.Phrase(got)).of(argument)
	switch got.(type) {
	case nil:
		switch want {
		case "a list":
			f.hint = "write `?? []` behind a list that may be missing"
		case "a map":
			f.hint = "write `?? {}` behind a map that may be missing"
		case "a string":
			f.hint = "write `?? \"\"` behind a string that may be missing"
		}
	case int, float64:
		if want == "a string" {
			f.hint = "string(x) makes a string of a number"
		}
	}
	return f
}
