package crashtest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"flowrun/builtins/email/mailtest"
	"flowrun/internal/storetest"
)

const oneMail = `sendEmail < to: "ann@example.com", copy: "bob@example.com", subject: "s", message: "m", store: true >`

func TestMessageOfAKilledProcessIsInDoubt(t *testing.T) {
	for _, c := range []struct {
		stage mailtest.Stage
		fault mailtest.Fault
		mails int // that the server has taken
	}{
		{mailtest.StageMAIL, mailtest.Stall(mailtest.StageMAIL), 0},
		{mailtest.StageDATA, mailtest.Stall(mailtest.StageDATA), 0},
		{mailtest.StageDot, mailtest.Stall(mailtest.StageDot), 0},
		{mailtest.StageDot, mailtest.Fault{Stage: mailtest.StageDot, Stall: true, Captured: true}, 1},
	} {
		t.Run(fmt.Sprint(c.stage, " ", c.mails), func(t *testing.T) {
			eachSite(t, []mailtest.Fault{c.fault}, func(s *site) {
				s.kill(c.stage, 1, "run", s.write("one.flow", oneMail))
				if m := s.show(1); m.State != "sending" || m.InDoubt {
					s.t.Errorf("at once: %+v", m)
				}
				storetest.Lapse(s.t, s.location, 1)
				m := s.show(1)
				if m.State != "sending" || !m.InDoubt || !strings.Contains(m.Advice, "flowrun messages resend 1 --again") {
					s.t.Errorf("after a minute: %+v", m)
				}
				if got := len(s.server.Mails()); got != c.mails {
					s.t.Fatalf("%d mails were taken, want %d", got, c.mails)
				}
				s.server.Script()
				refused := s.run("messages", "resend", "1", "--table")
				if refused.status == 0 || !strings.Contains(refused.stderr, "message 1 is in doubt") || !strings.Contains(refused.stderr, "--again") {
					s.t.Errorf("resend: status %d\n%s", refused.status, refused.stderr)
				}
				if got := len(s.server.Mails()); got != c.mails {
					s.t.Errorf("%d mails were taken, want %d still", got, c.mails)
				}
				if again := s.run("messages", "resend", "1", "--again"); again.status != 0 {
					s.t.Fatalf("resend --again: status %d\n%s", again.status, again.stderr)
				}
				m = s.show(1)
				if m.State != "sent" || len(m.Attempts) != 2 || m.Attempts[0].State != "unknown" || m.Attempts[1].State != "sent" {
					s.t.Errorf("sent again: %+v", m)
				}
				if got := len(s.server.Mails()); got != c.mails+1 {
					s.t.Errorf("%d mails were taken, want %d", got, c.mails+1)
				}
			})
		})
	}
}

// Whatever the moment at which a process is killed, each mail that it sent is in
// the store, and one that it was sending is not taken for one that was not.
func TestKilledAmongManyMailsNothingIsLost(t *testing.T) {
	flow := `for i in 1..40 { sendEmail < to: "ann@example.com", subject: "mail ${i}", message: "m", store: true > }`
	for _, n := range []int{1, 2, 7, 19} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			eachSite(t, nil, func(s *site) {
				s.kill(mailtest.StageDot, n, "run", s.write("many.flow", flow))
				states := map[string]string{}
				for _, m := range s.messages() {
					states[m.MessageID] = m.State
				}
				sent := 0
				for _, state := range states {
					if state == "sent" {
						sent++
					}
				}
				mails := s.server.Mails()
				if len(states)-sent > 1 {
					s.t.Errorf("more than one message is open: %v", states)
				}
				if len(mails) < sent || len(mails) > sent+1 {
					s.t.Errorf("%d mails arrived, %d are known as sent", len(mails), sent)
				}
				for _, mail := range mails {
					parsed, err := mail.Parse()
					if err != nil {
						s.t.Fatal(err)
					}
					id := strings.Trim(parsed.Header("Message-ID"), "<>")
					if state := states[id]; state != "sent" && state != "sending" {
						s.t.Errorf("mail %s arrived and is %q in the store", id, state)
					}
				}
			})
		})
	}
}

func TestProcessesShareAStore(t *testing.T) {
	eachSite(t, nil, func(s *site) {
		const processes, each = 4, 10
		flow := s.write("share.flow", fmt.Sprintf(
			`for i in 1..%d { sendEmail < to: "ann@example.com", subject: "s", message: "m", store: true > }`, each))
		var group sync.WaitGroup
		for range processes {
			command := s.command("run", flow)
			group.Go(func() {
				if output, err := command.CombinedOutput(); err != nil {
					s.t.Errorf("%v\n%s", err, output)
				}
			})
		}
		group.Wait()
		messages := s.messages()
		for _, m := range messages {
			if m.State != "sent" {
				s.t.Errorf("message %d is %s", m.ID, m.State)
			}
		}
		if len(messages) != processes*each || len(s.server.Mails()) != processes*each {
			s.t.Errorf("%d messages, %d mails, want %d", len(messages), len(s.server.Mails()), processes*each)
		}
	})
}

func TestMessageIsSentAgainByOneProcessOnly(t *testing.T) {
	eachSite(t, []mailtest.Fault{mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(1)}, func(s *site) {
		if got := s.run("run", s.write("one.flow", oneMail)); got.status != 1 {
			s.t.Fatalf("status %d\n%s", got.status, got.stderr)
		}
		var group sync.WaitGroup
		var mutex sync.Mutex
		succeeded := 0
		for range 6 {
			command := s.command("messages", "resend", "1")
			group.Go(func() {
				if command.Run() == nil {
					mutex.Lock()
					defer mutex.Unlock()
					succeeded++
				}
			})
		}
		group.Wait()
		if n := len(s.server.Mails()); n != 1 || succeeded != 1 {
			s.t.Errorf("%d mails came, %d processes succeeded, want one", n, succeeded)
		}
	})
}

// limited makes a process of the command none of whose files may grow beyond so
// many KiB.
func (s *site) limited(kib int, args ...string) *exec.Cmd {
	command := s.command(args...)
	shell := fmt.Sprintf(`ulimit -f %d; exec "$@"`, 2*kib) // in blocks of 512 bytes, as POSIX has it
	limited := exec.Command("/bin/sh", append([]string{"-c", shell, "sh"}, command.Args...)...)
	limited.Args[4] = command.Path
	limited.Dir, limited.Env = command.Dir, command.Env
	return limited
}

func TestFullDiskKeepsMailsFromBeingSentUnkept(t *testing.T) {
	s := newSite(t, storetest.Location(t, "SQLite"))
	flow := s.write("big.flow", `sendEmail < to: "ann@example.com", subject: "s", message: repeat("0123456789", 60000), store: true >`)
	if got := s.run("contacts", "add", "--name", "Ann"); got.status != 0 {
		t.Fatal(got.stderr)
	}
	got := s.finish(s.limited(400, "run", flow))
	if got.status != 1 || !strings.Contains(got.stderr, "the mail cannot be kept, and so was not sent") {
		t.Errorf("status %d\n%s", got.status, got.stderr)
	}
	if n := s.server.Connections(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
	if n := len(s.messages()); n != 0 {
		t.Errorf("%d messages are in the store", n)
	}
	if got := s.run("contacts", "list", "--json"); !strings.Contains(got.stdout, `"Ann"`) {
		t.Errorf("what was there is lost:\n%s%s", got.stdout, got.stderr)
	}
	if got := s.run("run", flow); got.status != 0 || len(s.messages()) != 1 {
		t.Errorf("with room again: status %d\n%s", got.status, got.stderr)
	}
}

func TestStoreThatFillsUpWhileSendingLeavesTheMailInDoubt(t *testing.T) {
	location := storetest.Location(t, "SQLite")
	s := newSite(t, location)
	held := s.hold()
	flow := s.write("one.flow", oneMail)
	command := s.command("run", flow)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-held.reached
	// From now on no file of the process can be written, as on a full disk.
	if err := unix.Prlimit(command.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{}, nil); err != nil {
		t.Fatal(err)
	}
	close(held.release)
	command.Wait()
	if status := command.ProcessState.ExitCode(); status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	for _, want := range []string{
		"the mail was sent, do not send it again", "could not be noted in the store, where message 1 now is in doubt", "flowrun messages show 1",
	} {
		if !strings.Contains(output.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, output.String())
		}
	}
	storetest.Lapse(s.t, s.location, 1)
	if m := s.show(1); !m.InDoubt || len(s.server.Mails()) != 1 {
		t.Errorf("%d mails came, message %+v", len(s.server.Mails()), m)
	}
}

func TestOutcomeWaitsForAStoreThatIsLocked(t *testing.T) {
	location := storetest.Location(t, "SQLite")
	s := newSite(t, location)
	held := s.hold()
	command := s.command("run", s.write("one.flow", oneMail))
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-held.reached
	unlock := lock(t, location)
	close(held.release)
	// When the session is over nothing is left to do but to note the outcome.
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.server.WaitForIdle(ctx); err != nil {
		t.Fatal(err)
	}
	if m := s.show(1); m.State != "sending" {
		t.Errorf("while it is locked: %+v", m)
	}
	unlock()
	command.Wait()
	if status := command.ProcessState.ExitCode(); status != 0 {
		t.Errorf("status %d\n%s", status, output.String())
	}
	if m := s.show(1); m.State != "sent" {
		t.Errorf("afterwards: %+v", m)
	}
}

// lock takes the one right to write to a SQLite store away, until unlock.
func lock(t *testing.T, location string) (unlock func()) {
	t.Helper()
	holder, err := sql.Open("sqlite", "file:"+filepath.ToSlash(location)+"?_txlock=immediate&_busy_timeout=10000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { holder.Close() })
	transaction, err := holder.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := transaction.Rollback(); err != nil {
			t.Error(err)
		}
	}
}
