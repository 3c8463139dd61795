package transaction_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

func TestRecipientsAreJudgedOneByOne(t *testing.T) {
	for name, options := range map[string][]mailtest.Option{
		"with pipelining":    nil,
		"without pipelining": {mailtest.WithoutExtension("PIPELINING")},
	} {
		t.Run(name, func(t *testing.T) {
			sandbox := start(t, append(options, mailtest.WithFaults(
				mailtest.RefuseRecipient("bad@b.example", 550, "5.1.1", "no such user")))...)
			result := send(t, over(sandbox), to("one@b.example", "bad@b.example", "two@b.example"), letter)
			if result.State != transaction.Partial || result.Temporary || result.Reply.Code != 250 {
				t.Errorf("result: %+v", result)
			}
			if got := failure(t, result.Err).Reply.String(); got != "550 5.1.1 no such user" {
				t.Errorf("reply: %q", got)
			}
			rejected := result.Rejected()
			if len(rejected) != 1 || rejected[0].Address != "bad@b.example" || rejected[0].Reply.Enhanced != "5.1.1" || rejected[0].Temporary {
				t.Errorf("rejected: %+v", rejected)
			}
			want := []string{"one@b.example", "two@b.example"}
			if got := sandbox.Mails()[0].To; !slices.Equal(got, want) || !slices.Equal(result.Accepted(), want) {
				t.Errorf("delivered to %q, accepted %q", got, result.Accepted())
			}
		})
	}
}

func TestTemporarilyRefusedRecipientMakesAPartialResultTemporary(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(
		mailtest.RefuseRecipient("bad@b.example", 550, "5.1.1", "no such user"),
		mailtest.RefuseRecipient("full@b.example", 452, "4.2.2", "mailbox full")))
	result := send(t, over(sandbox), to("bad@b.example", "full@b.example", "good@b.example"), letter)
	if result.State != transaction.Partial || !result.Temporary || failure(t, result.Err).Reply.Code != 452 {
		t.Errorf("result: %+v", result)
	}
	if bad, full := result.Recipients[0], result.Recipients[1]; bad.Temporary || !full.Temporary {
		t.Errorf("recipients: %+v", result.Recipients)
	}
}

func TestNoContentWithoutAnAcceptedRecipient(t *testing.T) {
	for name, options := range map[string][]mailtest.Option{
		"with pipelining":    nil,
		"without pipelining": {mailtest.WithoutExtension("PIPELINING")},
	} {
		t.Run(name, func(t *testing.T) {
			sandbox := start(t, append(options, mailtest.WithFaults(mailtest.Refuse(mailtest.StageRCPT, 550, "5.1.1", "no")))...)
			result := send(t, over(sandbox), to("one@b.example", "two@b.example"), letter)
			if result.State != transaction.Failed || result.Temporary || len(result.Rejected()) != 2 {
				t.Errorf("result: %+v", result)
			}
			if lines(t, sandbox); sandbox.Aborted() != 0 || len(sandbox.Mails()) != 0 {
				t.Error("content was begun")
			}
		})
	}
}

func TestConnectionIsDroppedWhenContentIsInvitedWithoutARecipient(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(
		mailtest.Refuse(mailtest.StageRCPT, 550, "5.1.1", "no"),
		mailtest.Refuse(mailtest.StageDATA, 354, "", "go ahead")))
	result := send(t, over(sandbox), to("one@b.example", "two@b.example"), letter)
	if result.State != transaction.Failed || failure(t, result.Err).Reply.Code != 550 {
		t.Errorf("result: %+v", result)
	}
	last := lines(t, sandbox)
	if len(sandbox.Mails()) != 0 || last[len(last)-1] != "DATA" {
		t.Errorf("captured %v after %q", sandbox.Mails(), last)
	}
}

func TestRefusedSenderEndsAllRecipients(t *testing.T) {
	for name, options := range map[string][]mailtest.Option{
		"with pipelining":    nil,
		"without pipelining": {mailtest.WithoutExtension("PIPELINING")},
	} {
		t.Run(name, func(t *testing.T) {
			sandbox := start(t, append(options, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "not you")))...)
			result := send(t, over(sandbox), to("one@b.example", "two@b.example"), letter)
			for _, recipient := range result.Recipients {
				if recipient.State != transaction.Failed || recipient.Reply.Text != "not you" {
					t.Errorf("recipient: %+v", recipient)
				}
			}
		})
	}
}

func TestRefusalAtEachStageIsTemporaryBy4xxAndPermanentBy5xx(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.StageConnect, mailtest.StageSTARTTLS,
		mailtest.StageAUTH, mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA, mailtest.StageDot} {
		for _, code := range []int{421, 451, 554} {
			sandbox := start(t, mailtest.WithFaults(mailtest.Refuse(stage, code, "", "scripted refusal")))
			server := over(sandbox)
			server.User, server.Password = "ann", "secret"
			result := send(t, server, to("bob@b.example"), letter)
			got := failure(t, result.Err)
			if result.State != transaction.Failed || got.Reply.Code != code || got.Reply.Text != "scripted refusal" {
				t.Errorf("%s %d: %+v, %v", stage, code, result, got)
			}
			if temporary := code < 500; result.Temporary != temporary || result.Recipients[0].Temporary != temporary {
				t.Errorf("%s %d: temporary is %v", stage, code, result.Temporary)
			}
			if len(sandbox.Mails()) != 0 {
				t.Errorf("%s %d: captured", stage, code)
			}
		}
	}
}

func TestConnectionCutBeforeTheDotIsATemporaryFailure(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS,
		mailtest.StageAUTH, mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA, mailtest.StageUpload} {
		sandbox := start(t, mailtest.WithFaults(mailtest.Drop(stage)))
		server := over(sandbox)
		server.User, server.Password = "ann", "secret"
		content := letter
		if stage == mailtest.StageUpload {
			content = strings.Repeat("x\r\n", 4<<20)
		}
		result := send(t, server, to("bob@b.example"), content)
		if got := failure(t, result.Err); result.State != transaction.Failed || !result.Temporary || got.Kind != transaction.KindConnection {
			t.Errorf("%s: %+v", stage, result)
		}
	}
}

func TestConnectionCutAfterTheDotIsUnknown(t *testing.T) {
	for name, taken := range map[string]bool{"and the mail was taken": true, "and the mail was lost": false} {
		t.Run(name, func(t *testing.T) {
			fault := mailtest.Drop(mailtest.StageDot)
			fault.Captured = taken
			sandbox := start(t, mailtest.WithFaults(fault,
				mailtest.RefuseRecipient("bad@b.example", 550, "5.1.1", "no")))
			result := send(t, over(sandbox), to("bob@b.example", "bad@b.example"), letter)
			if result.State != transaction.Unknown || result.Temporary || result.Err == nil {
				t.Errorf("result: %+v", result)
			}
			if bob, bad := result.Recipients[0], result.Recipients[1]; bob.State != transaction.Unknown || bad.State != transaction.Failed {
				t.Errorf("recipients: %+v", result.Recipients)
			}
		})
	}
}

func TestNonsenseAfterTheDotIsUnknown(t *testing.T) {
	for _, nonsense := range []string{"hello", "354 more", "999 what"} {
		server, _ := play(t, func(s *scripted) {
			s.greet()
			s.answer("250 ok", "250 ok", "354 go")
			s.content()
			s.say(nonsense)
		})
		if result := send(t, server, to("bob@b.example"), letter); result.State != transaction.Unknown {
			t.Errorf("%q: %+v", nonsense, result)
		}
	}
}

func TestAcceptedStaysAcceptedWhateverQUITSays(t *testing.T) {
	for _, fault := range []mailtest.Fault{
		mailtest.Refuse(mailtest.StageQUIT, 500, "5.5.1", "what"), mailtest.Drop(mailtest.StageQUIT), mailtest.Stall(mailtest.StageQUIT),
	} {
		sandbox := start(t, mailtest.WithFaults(fault))
		if result := send(t, over(sandbox), to("bob@b.example"), letter); result.State != transaction.Sent || result.Err != nil {
			t.Errorf("%+v: %+v", fault, result)
		}
	}
}

func TestRefusedRSETEndsTheSessionAndNothingElse(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(
		mailtest.RefuseRecipient("bad@b.example", 550, "5.1.1", "no"), mailtest.Refuse(mailtest.StageRSET, 421, "4.3.2", "bye")))
	session, err := transaction.Connect(soon(t), over(sandbox))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if result := session.Send(soon(t), to("bad@b.example"), spool(t, letter)); failure(t, result.Err).Reply.Code != 550 || session.Broken() {
		t.Errorf("first: %+v, broken %v", result, session.Broken())
	}
	result := session.Send(soon(t), to("good@b.example"), spool(t, letter))
	if result.State != transaction.Failed || !result.Temporary || !session.Broken() {
		t.Errorf("second: %+v, broken %v", result, session.Broken())
	}
}

func TestFailingBodyConnectsToNothing(t *testing.T) {
	broken := errors.New("the attachment is gone")
	_, err := transaction.NewSpool(func(w io.Writer) error {
		io.WriteString(w, letter)
		return broken
	}, transaction.SpoolOptions{})
	if got := failure(t, err); got.Kind != transaction.KindLocal || !errors.Is(err, broken) {
		t.Errorf("error: %+v", got)
	}
}

func TestMessageThatCannotBeReadBackIsNeverDelivered(t *testing.T) {
	for name, size := range map[string]int{"from memory": 1000, "from a file": 2 << 20} {
		t.Run(name, func(t *testing.T) {
			message := spool(t, strings.Repeat("x\r\n", size/3))
			server, rest := play(t, func(s *scripted) {
				s.greet()
				s.answer("250 ok", "250 ok")
				s.hear()
				message.Close()
				s.say("354 go")
			})
			result := transaction.Send(soon(t), server, to("bob@b.example"), message)
			if got := failure(t, result.Err); result.State != transaction.Failed || got.Kind != transaction.KindLocal || result.Temporary {
				t.Errorf("result: %+v", result)
			}
			if said := <-rest; said != "" {
				t.Errorf("the client went on: %q", said)
			}
		})
	}
}

func TestMessageOfWhichAPartCannotBeReadBackIsNeverDelivered(t *testing.T) {
	const line = "half of it is there\r\n"
	message := spool(t, strings.Repeat(line, 200_000))
	if err := message.Truncate(message.Size() / 2); err != nil {
		t.Fatal(err)
	}
	server, rest := play(t, func(s *scripted) {
		s.greet()
		s.answer("250 ok", "250 ok", "354 go")
	})
	result := transaction.Send(soon(t), server, to("bob@b.example"), message)
	if got := failure(t, result.Err); result.State != transaction.Failed || got.Kind != transaction.KindLocal || result.Temporary {
		t.Errorf("result: %+v", result)
	}
	said := <-rest
	if len(said) < 1<<20 || strings.Contains(said, "\r\n.\r\n") || strings.Contains(said, "QUIT") || strings.Contains(said, "RSET") {
		t.Errorf("the server got %d bytes, which end with %q", len(said), said[max(0, len(said)-100):])
	}
}

func TestServersLastWordsAreReportedWhenItHangsUp(t *testing.T) {
	server, _ := play(t, func(s *scripted) {
		s.greet()
		s.answer("250 ok", "250 ok", "354 go")
		s.say("552 5.3.4 too much")
	})
	result := send(t, server, to("bob@b.example"), letter)
	if got := failure(t, result.Err); result.State != transaction.Failed || got.Reply.Code != 552 {
		t.Errorf("result: %+v", result)
	}
}

func TestBadAddressConnectsToNothing(t *testing.T) {
	sandbox := start(t)
	for _, envelope := range []transaction.Envelope{
		{From: "ann@a.example"},
		{From: "ann@a.example", To: []string{"bob@b.example", "x> BODY=8BITMIME"}},
		{From: "ann@a.example\r\nRCPT TO:<eve@x.example>", To: []string{"bob@b.example"}},
	} {
		result := send(t, over(sandbox), envelope, letter)
		if got := failure(t, result.Err); result.State != transaction.Failed || got.Kind != transaction.KindAddress {
			t.Errorf("%+v: %+v", envelope, result)
		}
	}
	if sandbox.Connections() != 0 {
		t.Error("connected")
	}
}

func TestOverlongLineConnectsToNothing(t *testing.T) {
	sandbox := start(t)
	for length, want := range map[int]transaction.State{998: transaction.Sent, 999: transaction.Failed} {
		if result := send(t, over(sandbox), to("bob@b.example"), strings.Repeat("x", length)+"\r\n"); result.State != want {
			t.Errorf("%d bytes: %+v", length, result)
		}
	}
	if sandbox.Connections() != 1 {
		t.Errorf("%d connections", sandbox.Connections())
	}
}

func TestReplyWithoutEndIsCutOff(t *testing.T) {
	server, _ := play(t, func(s *scripted) {
		s.greet()
		for {
			if _, err := s.Write([]byte("250-and so on\r\n")); err != nil {
				return
			}
		}
	})
	result := send(t, server, to("bob@b.example"), letter)
	if got := failure(t, result.Err); got.Kind != transaction.KindReply || result.Temporary {
		t.Errorf("result: %+v", result)
	}
}

func TestReplyTextIsHarmless(t *testing.T) {
	server, _ := play(t, func(s *scripted) {
		s.greet()
		s.answer("550-5.7.1 first \x1b[31m\xffline\r\n550 5.7.1 second")
	})
	result := send(t, server, to("bob@b.example"), letter)
	if got := result.Reply; got.Enhanced != "5.7.1" || got.Text != `first \u{1b}[31m\xffline second` {
		t.Errorf("reply: %q", got)
	}
}

func TestEndedContextSendsNothing(t *testing.T) {
	sandbox := start(t)
	session, err := transaction.Connect(soon(t), over(sandbox))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	result := session.Send(ctx, to("bob@b.example"), spool(t, letter))
	if failure(t, result.Err).Kind != transaction.KindCancelled || session.Broken() {
		t.Errorf("result: %+v, broken %v", result, session.Broken())
	}
}

func TestRefusalInTheContentIsHeardThoughTheServerReadsNoMore(t *testing.T) {
	over := make(chan bool)
	server, _ := play(t, func(s *scripted) {
		s.greet()
		s.answer("250 ok", "250 ok", "354 go")
		s.hear()
		s.say("552 5.3.4 message too big")
		<-over
	})
	defer close(over)
	server.Timeouts.Content = 100 * time.Millisecond
	result := send(t, server, to("bob@b.example"), strings.Repeat("x more than any buffer holds\r\n", 1<<19))
	if got := failure(t, result.Err); result.State != transaction.Failed || got.Reply.Code != 552 || got.Temporary {
		t.Errorf("result %+v", result)
	}
}
