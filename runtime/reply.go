package runtime

import (
	"encoding/json"
	"errors"
	"fmt"

	"flowrun/runtime/value"
)

// Reply is what a call gives: what a component returned, or what a suspended call
// gets. It marshals to JSON, so that a call can be answered by another process and
// its reply be kept; the result is then a value of the flow, and of the error
// there is what a flow can see.
type Reply struct {
	// Result is what the component would have returned; it becomes a value of the
	// flow as other results do.
	Result any
	// Err fails the call instead, as an error of the component would: a *Failure
	// keeps its kind and fields. Suspend suspends the run again, at the same call.
	Err error
}

// savedReply is the JSON of a Reply.
type savedReply struct {
	Result json.RawMessage `json:"result,omitempty"`
	Error  *savedError     `json:"error,omitempty"`
}

type savedError struct {
	Message   string          `json:"message"`
	Suspended bool            `json:"suspended,omitempty"`
	Timeout   bool            `json:"timeout,omitempty"`
	Failure   bool            `json:"failure,omitempty"` // what follows is there
	Kind      Kind            `json:"kind,omitempty"`
	Hint      string          `json:"hint,omitempty"`
	Setting   string          `json:"setting,omitempty"`
	Fields    json.RawMessage `json:"fields,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
}

// MarshalJSON writes the reply. A result that is no value is an error.
func (r Reply) MarshalJSON() ([]byte, error) {
	var saved savedReply
	var err error
	if r.Err != nil {
		saved.Error, err = saveError(r.Err)
	} else {
		saved.Result, err = saveResult(r.Result)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(saved)
}

func saveResult(v any) (json.RawMessage, error) {
	converted, err := value.From(v)
	if err != nil {
		return nil, fmt.Errorf("the result cannot be used: %w", err)
	}
	return value.Save(converted)
}

func saveError(err error) (*savedError, error) {
	err = sound(err)
	saved := &savedError{Message: err.Error(), Timeout: errors.Is(err, ErrTimeout)}
	if reason, ok := Suspended(err); ok {
		saved.Message, saved.Suspended = reason, true
		return saved, nil
	}
	var failure *Failure
	if !errors.As(err, &failure) {
		return saved, nil
	}
	saved.Failure = true
	saved.Kind, saved.Message, saved.Hint, saved.Setting = failure.Kind, failure.Message, failure.Hint, failure.Setting
	fields, result, _ := failure.values(&value.Budget{})
	if saved.Fields, err = value.Save(fields); err != nil {
		return nil, err
	}
	saved.Result, err = value.Save(result)
	return saved, err
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Reply) UnmarshalJSON(text []byte) error {
	var saved savedReply
	if err := json.Unmarshal(text, &saved); err != nil {
		return errors.New("the reply cannot be read: it is damaged, or no reply")
	}
	*r = Reply{}
	var err error
	switch {
	case (saved.Error == nil) == (saved.Result == nil):
		return errors.New("the reply must have a result or an error")
	case saved.Error != nil:
		r.Err, err = saved.Error.restore()
	default:
		r.Result, err = value.Restore(saved.Result)
	}
	if err != nil {
		return fmt.Errorf("the reply cannot be read: %w", err)
	}
	return nil
}

func (s *savedError) restore() (error, error) {
	if s.Suspended {
		return Suspend(s.Message), nil
	}
	err := errors.New(s.Message)
	if s.Failure {
		failure := &Failure{Kind: s.Kind, Message: s.Message, Hint: s.Hint, Setting: s.Setting}
		fields, problem := value.Restore(s.Fields)
		if problem != nil {
			return nil, problem
		}
		failure.Fields, _ = fields.(map[string]any)
		if failure.Result, problem = value.Restore(s.Result); problem != nil {
			return nil, problem
		}
		err = failure
	}
	if s.Timeout {
		err = errors.Join(err, ErrTimeout)
	}
	return err, nil
}
