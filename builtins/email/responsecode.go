package email

import (
	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// replyKey is where a failure keeps the server's reply for responseCode.
const replyKey = "reply"

// responseRecord is the value of the output variable responseCode, which prints
// as `550 5.1.1 no such user`.
func responseRecord(r transaction.Reply, reason string, temporary bool, recipients []string) *value.Record {
	text, printed := r.Text, r.String()
	if r.Code == 0 {
		text, printed = reason, reason
	}
	list := make([]any, len(recipients))
	for i, address := range recipients {
		list[i] = address
	}
	return &value.Record{
		Fields: map[string]any{
			"code":       r.Code,
			"enhanced":   r.Enhanced,
			"text":       text,
			"temporary":  temporary,
			"recipients": list,
		},
		Text: printed,
	}
}

// outputsOnFailure fills responseCode: with the server's reply, or with code 0
// and the reason when there was none.
func outputsOnFailure(err *runtime.Error) map[string]any {
	response, ok := err.Fields[replyKey].(*value.Record)
	if ok && response.Fields["code"] != 0 && err.Kind != runtime.KindTimeout {
		return map[string]any{"responseCode": response}
	}
	// The engine words the end of a call's timeout after the component has failed.
	reason := responseRecord(transaction.Reply{}, err.Message, false, nil)
	if ok {
		reason.Fields["temporary"] = response.Fields["temporary"]
		reason.Fields["recipients"] = response.Fields["recipients"]
	}
	return map[string]any{"responseCode": reason}
}
