package email_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	flowruntime "flowrun/runtime"
)

// loadFlow sends mails one after the other.
const loadFlow = `
input number: int
input mails: list
for i in mails {
  sendEmail < to: "a@x.y", from: "f@x.y", subject: "${number}/${i}", message: "m", server: "s.example" >
}`

// TestEveryMailOfManyRunsArrivesOnce sends through one pool from 50 runs at the
// same time.
func TestEveryMailOfManyRunsArrivesOnce(t *testing.T) {
	runs, mails := 50, 400
	if raceDetector {
		mails = 20
	}
	const limit = 5
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	var arrived subjects
	server, err := mailtest.Start(mailtest.WithAnyName(), mailtest.WithReceiver(arrived.add))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	config := sandboxed(server)
	config.Pool = email.NewPool(email.PoolLimits{Connections: limit})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	began := time.Now()
	var failed atomic.Int64
	var all sync.WaitGroup
	p := program(t, config, loadFlow)
	for number := range runs {
		all.Go(func() {
			if _, err := p.Run(ctx, flowruntime.Inputs{"number": number, "mails": numbers(mails)}); err != nil {
				failed.Add(1)
				t.Error(err)
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	t.Logf("%d mails in %v, %.0f a second, over %d connections", runs*mails, took.Round(time.Millisecond), float64(runs*mails)/took.Seconds(), server.Connections())
	arrived.check(t, runs, mails)
	if n := server.MostConnections(); n > limit {
		t.Errorf("%d connections were open at the same time, at most %d are allowed", n, limit)
	}
	if least := runs * mails / messagesEach; server.Connections() < least {
		t.Errorf("%d connections for %d mails: more than %d mails went over one", server.Connections(), runs*mails, messagesEach)
	}
	config.Pool.Close()
	server.Close()
	wantNothingLeft(t, goroutines, files)
}

// messagesEach is how many messages go over a connection.
const messagesEach = 100

// subjects counts the mails that came by their subjects.
type subjects struct {
	mu    sync.Mutex
	times map[string]int
}

func (s *subjects) add(mail mailtest.Mail) {
	_, rest, _ := strings.Cut(string(mail.Raw), "\r\nSubject: ")
	subject, _, _ := strings.Cut(rest, "\r\n")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.times == nil {
		s.times = map[string]int{}
	}
	s.times[subject]++
}

// check wants every mail once and nothing else.
func (s *subjects) check(t *testing.T, runs, mails int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	wrong := 0
	for number := range runs {
		for i := range mails {
			if n := s.times[fmt.Sprintf("%d/%d", number, i)]; n != 1 {
				wrong++
			}
		}
	}
	if wrong > 0 || len(s.times) != runs*mails {
		t.Errorf("%d mails did not come once, %d subjects came", wrong, len(s.times))
	}
}

// numbers are 0 to n-1.
func numbers(n int) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// openFiles counts the file descriptors of this process.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// wantNothingLeft waits for goroutines that are ending to end, and then wants no
// more of them, and of files, than there were.
func wantNothingLeft(t *testing.T, goroutines, files int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		if runtime.NumGoroutine() <= goroutines && openFiles(t) <= files {
			return
		}
		if time.Now().After(deadline) {
			break
		}
	}
	var stacks strings.Builder
	pprof.Lookup("goroutine").WriteTo(&stacks, 1)
	t.Errorf("%d goroutines, %d before; %d files, %d before\n%s", runtime.NumGoroutine(), goroutines, openFiles(t), files, stacks.String())
}
