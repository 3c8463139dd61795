package mailtest

import (
	"context"
	"fmt"
	"slices"
)

// Mails returns the mails captured so far, oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// WaitFor returns the captured mails once there are at least n, or an error when
// ctx ends or the server closes first.
func (s *Server) WaitFor(ctx context.Context, n int) ([]Mail, error) {
	if err := s.wait(ctx, func() bool { return len(s.mails) >= n }); err != nil {
		return s.Mails(), fmt.Errorf("wait for %d mails, %d came: %w", n, len(s.Mails()), err)
	}
	return s.Mails(), nil
}

// WaitForStage returns once sessions have come to the stage n times in all, or
// an error when ctx ends or the server closes first. StageUpload counts when
// content may begin.
func (s *Server) WaitForStage(ctx context.Context, stage Stage, n int) error {
	if err := s.wait(ctx, func() bool { return s.reached[stage] >= n }); err != nil {
		return fmt.Errorf("wait for stage %s: %w", stage, err)
	}
	return nil
}

// WaitForIdle returns once no session is open, so that Commands and Aborted no
// longer change, or an error when ctx ends first.
func (s *Server) WaitForIdle(ctx context.Context) error {
	if err := s.wait(ctx, func() bool { return len(s.conns) == 0 }); err != nil {
		return fmt.Errorf("wait for the sessions to end: %w", err)
	}
	return nil
}

// Commands returns every command line that clients sent, in order.
func (s *Server) Commands() []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// Connections returns how many connections were accepted.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted
}

// MostConnections returns how many connections were open at the same time at
// most. One that is answered QUIT counts no longer.
func (s *Server) MostConnections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mostOpen
}

// Aborted returns how many contents were begun and cut off before the final dot.
func (s *Server) Aborted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.aborted
}

// Forget drops the captured mails and commands, for a server that serves several
// tests.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails, s.commands, s.aborted, s.stored = nil, nil, 0, 0
	clear(s.reached)
}

// recordMail keeps a mail; it reports whether there was room for it.
func (s *Server) recordMail(mail Mail) bool {
	if s.settings.receive != nil {
		s.settings.receive(mail)
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stored+len(mail.Raw) > s.settings.storage {
		return false
	}
	s.stored += len(mail.Raw)
	s.mails = append(s.mails, mail)
	s.notify()
	return true
}

func (s *Server) recordCommand(conn int, line string) {
	if s.settings.receive != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = append(s.commands, Command{Conn: conn, Line: line})
}

// recordLeaving takes a session that is as good as over off the open ones.
func (s *Server) recordLeaving(g *gate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !g.left {
		g.left = true
		s.open--
	}
}

func (s *Server) recordStage(stage Stage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached[stage]++
	s.notify()
}

func (s *Server) recordAbort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aborted++
	s.notify()
}
