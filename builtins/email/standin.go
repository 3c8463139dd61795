package email

import (
	"maps"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// StandInFailure makes the error of what stands in for sendEmail, such as the mock of
// a test, like one of sendEmail: the record of the result and responseCode have the
// fields that the error gives, and what is not given is as after a mail that was not
// sent. code, enhanced, text, temporary and recipients are those of the server's reply.
func StandInFailure(failure *runtime.Failure) {
	given := failure.Fields
	reply := transaction.Reply{Text: failure.Message}
	if code, ok := given["code"].(int); ok {
		reply.Code = code
	}
	if enhanced, ok := given["enhanced"].(string); ok {
		reply.Enhanced = enhanced
	}
	if text, ok := given["text"].(string); ok {
		reply.Text = text
	}
	r := &result{state: StateFailed}
	if state, ok := given["state"].(string); ok {
		r.state = State(state)
	}
	if reply.Code != 0 {
		r.response = reply
	}
	fields := r.fields()
	for key := range fields {
		if v, ok := given[key]; ok {
			fields[key] = v
		}
	}
	failure.Result = &value.Record{Fields: fields, Text: r.text()}
	all := maps.Clone(fields)
	response := responseRecord(reply, failure.Message, reply.Code/100 == 4, nil)
	for _, key := range []string{"temporary", "recipients"} {
		if v, ok := given[key]; ok {
			response.Fields[key] = v
		}
	}
	all[replyKey] = response
	maps.Copy(all, given)
	failure.Fields = all
}
