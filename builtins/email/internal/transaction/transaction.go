package transaction

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"sync"
)

// transaction is one message on its way through a session.
type transaction struct {
	session  *Session
	ctx      context.Context
	doing    string
	envelope Envelope
	spool    *Spool

	mail     Reply   // answer to MAIL
	verdicts []Reply // answers to RCPT, in the order of the envelope
	data     Reply   // answer to DATA
}

func (t *transaction) run() Result {
	parameters, failure := t.session.parameters(t.envelope, t.spool)
	if failure != nil {
		return t.failed(failure)
	}
	if failure := t.prepare(); failure != nil {
		return t.failed(failure)
	}
	if failure := t.negotiate(parameters); failure != nil {
		return t.failed(failure)
	}
	if failure := t.upload(); failure != nil {
		return t.failed(failure)
	}
	return t.conclude()
}

// prepare resets the session if an earlier transaction did not come to its end.
func (t *transaction) prepare() *Error {
	if !t.session.unreset {
		return nil
	}
	reply, err := t.session.reset()
	if err != nil {
		return t.broke(err)
	}
	if !reply.positive() {
		t.session.drop()
		return refusal(t.doing, reply)
	}
	return nil
}

// negotiate sends MAIL, RCPT and DATA, in batches where the server offers
// PIPELINING (RFC 2920), else one by one, and returns nil when content may follow
// for at least one recipient.
func (t *transaction) negotiate(parameters string) *Error {
	s := t.session
	commands, size := len(t.envelope.To)+2, 1
	if s.offers("PIPELINING") {
		size = pipelineBatch
	}
	s.unreset = true
	for begin := 0; begin < commands; begin += size {
		end := min(begin+size, commands)
		if begin > 0 && !t.mail.positive() || begin == commands-1 && !t.anyAccepted() {
			break
		}
		if failure := t.exchange(begin, end, parameters); failure != nil {
			return failure
		}
	}
	return t.judge()
}

// exchange sends the commands from begin up to end, of which MAIL has these
// parameters, and reads their replies.
func (t *transaction) exchange(begin, end int, parameters string) *Error {
	s := t.session
	s.wire.writeLimit = s.timeouts.Command
	for i := begin; i < end; i++ {
		switch {
		case i == 0:
			t.write("MAIL FROM:<", t.envelope.From, ">", parameters, "\r\n")
		case i <= len(t.envelope.To):
			t.write("RCPT TO:<", t.envelope.To[i-1], ">\r\n")
		default:
			t.write("DATA\r\n")
		}
	}
	if err := s.text.W.Flush(); err != nil {
		return t.broke(err)
	}
	for i := begin; i < end; i++ {
		reply, err := s.reply(s.timeouts.Command, &s.habits.commands)
		if err != nil {
			return t.broke(err)
		}
		switch {
		case i == 0:
			t.mail = reply
		case i <= len(t.envelope.To):
			t.verdicts[i-1] = reply
		default:
			t.data = reply
		}
		if reply.Code == 421 {
			s.drop()
			return refusal(t.doing, reply)
		}
	}
	return nil
}

// write puts a command together; its errors come back when it is flushed.
func (t *transaction) write(pieces ...string) {
	for _, piece := range pieces {
		t.session.text.W.WriteString(piece)
	}
}

func (t *transaction) anyAccepted() bool {
	for _, verdict := range t.verdicts {
		if verdict.positive() {
			return true
		}
	}
	return false
}

// judge decides from the replies whether content may follow.
func (t *transaction) judge() *Error {
	goAhead := t.data.Code/100 == 3
	var failure *Error
	switch {
	case !t.mail.positive():
		failure = refusal(t.doing+": sender "+t.envelope.From, t.mail)
	case !t.anyAccepted():
		failure = t.recipientRefusal()
	case t.data.positive():
		failure = &Error{Kind: KindReply, Doing: t.doing, Err: fmt.Errorf(
			"the server answered DATA by %s: its replies are those to other commands", t.data)}
	case !goAhead:
		return refusal(t.doing, t.data)
	default:
		return nil
	}
	if goAhead || t.data.positive() {
		t.session.drop()
	}
	return failure
}

// recipientRefusal is the Error of the refused recipient that stands for all: the
// first temporary one, so that a retry is seen to make sense, else the first.
func (t *transaction) recipientRefusal() *Error {
	chosen := -1
	for i, verdict := range t.verdicts {
		if !verdict.positive() && (chosen < 0 || verdict.Temporary() && !t.verdicts[chosen].Temporary()) {
			chosen = i
		}
	}
	return refusal(t.doing+": recipient "+t.envelope.To[chosen], t.verdicts[chosen])
}

// contentPiece is a part of the content on its way from the spool.
type contentPiece [32 << 10]byte

var contentPieces = sync.Pool{New: func() any { return new(contentPiece) }}

// upload sends the content, and the final dot only after all of it.
func (t *transaction) upload() *Error {
	s := t.session
	s.wire.writeLimit = s.timeouts.Content
	content := &dotStuffer{to: s.text.W, lineStart: true}
	piece := contentPieces.Get().(*contentPiece)
	defer contentPieces.Put(piece)
	buffer := piece[:]
	reader := t.spool.Reader()
	var sent int64
	for {
		n, readErr := reader.Read(buffer)
		if _, err := content.Write(buffer[:n]); err != nil {
			return t.interrupted(err)
		}
		sent += int64(n)
		if readErr == io.EOF && sent == t.spool.Size() {
			break
		}
		if readErr == io.EOF {
			readErr = io.ErrUnexpectedEOF
		}
		if readErr != nil {
			s.drop()
			return &Error{Kind: KindLocal, Doing: t.doing, Err: fmt.Errorf("read the message back: %w", readErr)}
		}
	}
	// A write that fails has not handed over its last byte, which is the dot's
	// line end: until the flush succeeds the server has no complete message.
	s.text.W.WriteString(".\r\n")
	if err := s.text.W.Flush(); err != nil {
		return t.interrupted(err)
	}
	return nil
}

// interrupted is broke for content: a server that hangs up or takes no more may
// have said why.
func (t *transaction) interrupted(err error) *Error {
	if t.ctx.Err() == nil {
		if reply, readErr := t.session.reply(lastWordsLimit, nil); readErr == nil && reply.Code >= 400 {
			t.session.drop()
			return refusal(t.doing, reply)
		}
	}
	return t.broke(err)
}

// conclude reads the reply to the final dot.
func (t *transaction) conclude() Result {
	s := t.session
	reply, err := s.reply(s.timeouts.Dot, &s.habits.contents)
	if err == nil && reply.Code/100 == 3 {
		err = fmt.Errorf("the server answered %s after the message", reply)
	}
	if err != nil {
		failure := t.broke(err)
		failure.Temporary = false
		failure.Doing += ": wait for the answer after the message"
		return t.result(Unknown, Reply{}, failure)
	}
	s.unreset = false
	if reply.Code == 421 {
		s.drop()
	}
	if !reply.positive() {
		return t.failed(refusal(t.doing, reply))
	}
	if t.accepted() == len(t.verdicts) {
		return t.result(Sent, reply, nil)
	}
	return t.result(Partial, reply, t.recipientRefusal())
}

// foundWorn reports whether the transaction came to nothing because the server has
// had enough of the session, before it took anything of the message: it has hung
// up, knows no RSET, answers MAIL by 421, takes no more messages over it, or answers
// what it was not asked.
func (t *transaction) foundWorn() bool {
	if t.data.positive() {
		return true
	}
	switch t.mail.Code {
	case 0:
		return t.session.broken
	case 421:
		return true
	}
	return !t.mail.positive() && tooManyMessages.MatchString(t.mail.Text)
}

// tooManyMessages finds what servers say about a session that has served its time.
var tooManyMessages = regexp.MustCompile(`(?i)\b(too many|max|maximum|limit)\b.*\b(messages?|e-?mails?|mails?|transactions?)\b.*\b(connection|session)\b`)

func (t *transaction) accepted() int {
	n := 0
	for _, verdict := range t.verdicts {
		if verdict.positive() {
			n++
		}
	}
	return n
}

// broke drops the connection after an error of it.
func (t *transaction) broke(err error) *Error {
	failure := wireError(t.ctx, t.doing, err)
	t.session.drop()
	return failure
}

func (t *transaction) failed(failure *Error) Result {
	return t.result(Failed, failure.Reply, failure)
}

// result tells each recipient's fate from its verdict and the common one.
func (t *transaction) result(state State, reply Reply, failure *Error) Result {
	result := Result{State: state, Reply: reply, Recipients: make([]Recipient, 0, len(t.envelope.To))}
	if failure != nil {
		result.Err, result.Temporary = failure, failure.Temporary
	}
	for i, to := range t.envelope.To {
		recipient := Recipient{Address: to}
		verdict := t.verdicts[i]
		switch {
		case verdict.Code != 0 && !verdict.positive() && t.mail.positive():
			recipient.State, recipient.Reply, recipient.Temporary = Failed, verdict, verdict.Temporary()
		case state == Failed:
			recipient.State, recipient.Reply, recipient.Temporary = Failed, failure.Reply, failure.Temporary
		case state == Unknown:
			recipient.State = Unknown
		default:
			recipient.State, recipient.Reply = Sent, reply
		}
		result.Recipients = append(result.Recipients, recipient)
	}
	return result
}
