package transaction_test

import (
	"context"
	"net"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

// watches lets a server give so many replies, which take it a time when they are
// watched for and another when not, and tells how many were watched for.
func watches(h *transaction.Habit, replies int, watched, asleep time.Duration) (n int) {
	for range replies {
		if h.Watch() {
			n++
			h.Note(true, watched)
		} else {
			h.Note(false, asleep)
		}
	}
	return n
}

func TestRepliesAreWatchedForWhereThatIsFaster(t *testing.T) {
	const replies, few = 1000, 20
	for _, c := range []struct {
		name            string
		watched, asleep time.Duration
		least, most     int
	}{
		{"a server on the same machine", transaction.Nearby / 3, transaction.Nearby * 2 / 3, replies - few, replies - 1},
		{"one that answers as fast when nobody watches", transaction.Nearby / 3, transaction.Nearby / 3, 1, few},
		{"one that watching keeps from its work", transaction.Nearby / 2, transaction.Nearby / 5, 1, few},
		{"one that is far away", 20 * time.Millisecond, 20 * time.Millisecond, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if n := watches(new(transaction.Habit), replies, c.watched, c.asleep); n < c.least || n > c.most {
				t.Errorf("%d of %d replies were watched for, want %d to %d", n, replies, c.least, c.most)
			}
		})
	}
}

func TestServerThatBecomesSlowIsNotWatchedForLong(t *testing.T) {
	const quick, woken, slow, few = transaction.Nearby / 3, transaction.Nearby * 2 / 3, 5 * time.Millisecond, 50
	var habit transaction.Habit
	watches(&habit, 100, quick, woken)
	if n := watches(&habit, 1000, slow, slow); n > few {
		t.Errorf("%d replies that took long were watched for", n)
	}
	if n := watches(&habit, 1000, quick, woken); n < 1000/2 {
		t.Errorf("only %d replies were watched for when the server was quick again", n)
	}
}

func TestADeadlineThatHasPassedSaysNothingOfTheServer(t *testing.T) {
	near, far := connected(t)
	far.Write([]byte("250 ok\r\n"))
	if learns, err := transaction.LearnsPastDeadline(near); err != nil || learns {
		t.Errorf("learns: %v, error: %v", learns, err)
	}
}

// connected are the two ends of a connection.
func connected(t *testing.T) (near, far net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if near, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close() })
	if far, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { far.Close() })
	return near, far
}

func TestWatchingEndsWithSomethingToReadOrWithItsTime(t *testing.T) {
	near, far := connected(t)
	if transaction.WatchConn(near, time.Now().Add(time.Millisecond)) {
		t.Error("something is told to have come")
	}
	for _, end := range []struct {
		name string
		do   func()
	}{
		{"bytes", func() { far.Write([]byte("250 ok\r\n")) }},
		{"the end of the connection", func() { far.Close() }},
	} {
		go end.do()
		if !transaction.WatchConn(near, time.Now().Add(time.Minute)) {
			t.Errorf("%s did not end it", end.name)
		}
		near.Read(make([]byte, 100))
	}
}

// watching is a session that watches for replies.
func watching(t *testing.T, server transaction.Server) *transaction.Session {
	t.Helper()
	session, err := transaction.Connect(soon(t), server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	transaction.Watching(session)
	return session
}

func TestMailsAreSentWhileRepliesAreWatchedFor(t *testing.T) {
	for _, mode := range []transaction.TLSMode{transaction.Off, transaction.STARTTLS} {
		t.Run(string(mode), func(t *testing.T) {
			sandbox := start(t)
			server := over(sandbox)
			server.TLS = mode
			session := watching(t, server)
			for range 3 {
				wantSent(t, session.Send(soon(t), to("bob@b.example", "eve@b.example"), spool(t, letter)))
			}
			if n := len(sandbox.Mails()); n != 3 {
				t.Errorf("%d mails came", n)
			}
		})
	}
}

func TestServerThatIsWatchedAndSilentHasItsTimeAndNoMore(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageRCPT)))
	server := over(sandbox)
	server.Timeouts.Command = 50 * time.Millisecond
	result := watching(t, server).Send(soon(t), to("bob@b.example"), spool(t, letter))
	if got := failure(t, result.Err); result.State != transaction.Failed || got.Kind != transaction.KindTimeout || !result.Temporary {
		t.Errorf("result: %+v", result)
	}
}

func TestCancellationEndsWaitingForAServerThatIsWatched(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageDot)))
	session := watching(t, over(sandbox))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	message, done := spool(t, letter), make(chan transaction.Result, 1)
	go func() { done <- session.Send(ctx, to("bob@b.example"), message) }()
	if err := sandbox.WaitForStage(soon(t), mailtest.StageDot, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case result := <-done:
		if got := failure(t, result.Err); result.State != transaction.Unknown || got.Kind != transaction.KindCancelled {
			t.Errorf("result: %+v", result)
		}
	case <-time.After(promptly):
		t.Fatal("the send goes on after it was cancelled")
	}
}

func TestConnectionThatBreaksWhileItIsWatchedIsBroken(t *testing.T) {
	server, _ := play(t, func(s *scripted) {
		s.greet()
		s.answer("250 ok", "250 ok", "354 go on")
		s.content()
		s.Close()
	})
	session := watching(t, server)
	result := session.Send(soon(t), to("bob@b.example"), spool(t, letter))
	if got := failure(t, result.Err); result.State != transaction.Unknown || got.Kind != transaction.KindConnection || !session.Broken() {
		t.Errorf("result: %+v", result)
	}
}
