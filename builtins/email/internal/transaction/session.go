package transaction

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

const (
	quitLimit      = 2 * time.Second
	lastWordsLimit = time.Second

	// wholeReply is how many times the longest silence a reply may take in all.
	wholeReply = 2

	// pipelineBatch is how many commands are written before their replies are
	// read, few enough that neither side's buffers fill up and both wait
	// (RFC 2920 section 3.1).
	pipelineBatch = 50
)

// Send connects, runs one transaction and disconnects. Envelope and spool are
// checked before connecting. When ctx ends, whatever stalls ends at once.
func Send(ctx context.Context, server Server, envelope Envelope, spool *Spool) Result {
	if failure := fault(envelope, spool); failure != nil {
		return failedResult(envelope, failure)
	}
	session, failure := connect(ctx, server)
	if failure != nil {
		return failedResult(envelope, failure)
	}
	result := session.send(ctx, envelope, spool)
	stop := context.AfterFunc(ctx, func() { session.wire.Close() })
	defer stop()
	session.Close()
	return result
}

// Send runs one transaction (RFC 5321 section 3.3). After a failure the session
// may be used again unless it is [Session.Broken]; cancelling ctx breaks it.
func (s *Session) Send(ctx context.Context, envelope Envelope, spool *Spool) Result {
	if failure := fault(envelope, spool); failure != nil {
		return failedResult(envelope, failure)
	}
	return s.send(ctx, envelope, spool)
}

// send is Send for what has been checked.
func (s *Session) send(ctx context.Context, envelope Envelope, spool *Spool) Result {
	t := &transaction{
		session:  s,
		ctx:      ctx,
		doing:    s.sending,
		envelope: envelope,
		spool:    spool,
		verdicts: make([]Reply, len(envelope.To)),
	}
	if ctx.Err() != nil {
		return t.failed(wireError(ctx, t.doing, ctx.Err()))
	}
	if s.broken {
		return t.failed(&Error{Kind: KindConnection, Doing: t.doing, Temporary: true, Err: errors.New("the session has ended")})
	}
	stop := context.AfterFunc(ctx, func() { s.wire.Close() })
	s.messages++
	underWay.Add(1)
	defer underWay.Add(-1)
	result := t.run()
	s.worn = ctx.Err() == nil && t.foundWorn()
	if !stop() {
		s.drop()
	}
	result.TLS = s.tls
	return result
}

// offers reports whether the server offers the EHLO keyword.
func (s *Session) offers(keyword string) bool {
	offered, _ := s.client.Extension(keyword)
	return offered
}

// parameters returns the words after MAIL FROM:<…>.
func (s *Session) parameters(envelope Envelope, spool *Spool) (string, *Error) {
	doing := s.sending
	words := ""
	if offered, argument := s.client.Extension("SIZE"); offered {
		limit, err := strconv.ParseInt(argument, 10, 64)
		if err == nil && limit > 0 && spool.Size() > limit {
			return "", &Error{Kind: KindSize, Doing: doing, Err: fmt.Errorf(
				"%w: it has %d bytes, the server takes %d", ErrTooLarge, spool.Size(), limit)}
		}
		words += " SIZE=" + strconv.FormatInt(spool.Size(), 10)
	}
	if spool.EightBit() {
		if !s.offers("8BITMIME") {
			return "", &Error{Kind: KindUnsupported, Doing: doing, Err: errors.New(
				"the message has 8-bit content and the server does not offer 8BITMIME; encode it as quoted-printable or base64")}
		}
		words += " BODY=8BITMIME"
	}
	if envelope.needsUTF8() {
		if !s.offers("SMTPUTF8") {
			return "", &Error{Kind: KindUnsupported, Doing: doing, Err: errors.New(
				"an address has characters outside ASCII and the server does not offer SMTPUTF8")}
		}
		words += " SMTPUTF8"
	}
	return words, nil
}

// reply reads one reply. The limit is for each silence, and wholeReply times as
// long for all of it. The habit is the server's with such replies, nil for those
// that nothing waits for.
func (s *Session) reply(limit time.Duration, of *habit) (Reply, error) {
	s.wire.limitReply(limit, of)
	defer s.wire.endReply()
	return readReply(s.text.R, s.secrets)
}

// command sends one command and reads its reply.
func (s *Session) command(line string) (Reply, error) {
	s.wire.writeLimit = s.timeouts.Command
	if err := s.text.PrintfLine("%s", line); err != nil {
		return Reply{}, err
	}
	return s.reply(s.timeouts.Command, nil)
}

// Extensions asks the server by another EHLO for its keywords with their
// parameters, such as "SIZE 35882577", in its order (RFC 5321 section 4.1.1.1).
func (s *Session) Extensions(ctx context.Context) ([]string, error) {
	doing := "ask " + s.server.Address() + " for its extensions"
	stop := context.AfterFunc(ctx, func() { s.wire.Close() })
	defer stop()
	s.wire.writeLimit = s.timeouts.Command
	err := s.text.PrintfLine("EHLO %s", s.server.helo())
	if err != nil {
		return nil, wireError(ctx, doing, err)
	}
	s.wire.limitReply(s.timeouts.Command, nil)
	defer s.wire.endReply()
	code, text, err := readReplyLines(s.text.R, s.secrets, nil)
	if err != nil {
		return nil, wireError(ctx, doing, err)
	}
	if reply := newReply(code, text); !reply.positive() {
		return nil, refusal(doing, reply)
	}
	var keywords []string
	for _, line := range text[1:] {
		if line = printable(line); line != "" {
			keywords = append(keywords, line)
		}
	}
	return keywords, nil
}

// reset ends the transaction that an earlier Send left unfinished.
func (s *Session) reset() (Reply, error) {
	reply, err := s.command("RSET")
	if err == nil && reply.positive() {
		s.unreset = false
	}
	return reply, err
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
