package transaction

// State says what became of a message, or of it for one recipient.
type State string

// The states.
const (
	Sent    State = "sent"    // the server took it: 2xx after the final dot
	Partial State = "partial" // the server took it for some recipients (never of one recipient)
	Failed  State = "failed"  // the server did not take it
	Unknown State = "unknown" // the connection broke after the final dot: it may have been taken
)

// Recipient is the fate of one recipient.
type Recipient struct {
	Address   string
	State     State // Sent, Failed or Unknown
	Reply     Reply // what decided it; none when the connection or a local failure did
	Temporary bool  // with Failed: the same may succeed later
}

// Result is the outcome of one transaction.
type Result struct {
	State      State
	Recipients []Recipient // in the order of Envelope.To
	Reply      Reply       // the last reply: to the content, else the refusal that ended it
	Temporary  bool        // with Partial and Failed: whether a retry (for the recipients not Sent) makes sense
	TLS        string      // version of the connection, such as "TLS 1.3", or ""
	Err        error       // nil when Sent, else an *Error; with Partial the refusal of a recipient
}

// Accepted returns the addresses that the server took the message for.
func (r Result) Accepted() []string {
	var accepted []string
	for _, recipient := range r.Recipients {
		if recipient.State == Sent {
			accepted = append(accepted, recipient.Address)
		}
	}
	return accepted
}

// Rejected returns the recipients whose state is Failed.
func (r Result) Rejected() []Recipient {
	var rejected []Recipient
	for _, recipient := range r.Recipients {
		if recipient.State == Failed {
			rejected = append(rejected, recipient)
		}
	}
	return rejected
}

// NotSent is the Result of an attempt that failed before it came to the server.
func NotSent(envelope Envelope, failure *Error) Result { return failedResult(envelope, failure) }

// failedResult is the Result when all recipients share one failure.
func failedResult(envelope Envelope, failure *Error) Result {
	result := Result{State: Failed, Reply: failure.Reply, Temporary: failure.Temporary, Err: failure}
	for _, to := range envelope.To {
		result.Recipients = append(result.Recipients,
			Recipient{Address: to, State: Failed, Reply: failure.Reply, Temporary: failure.Temporary})
	}
	return result
}
