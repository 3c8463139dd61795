package email_test

import (
	"io"
	"time"
)

// script has the moves that take the place of a server's replies: by "connect",
// the verb of a command in capitals, or "." for the final dot.
type script map[string]move

// move acts in the place of a reply. It reports whether the session goes on.
type move func(s *strictSession) bool

// say answers with lines and goes on.
func say(lines ...string) move {
	return func(s *strictSession) bool { return s.reply(lines...) }
}

// sayRaw answers with these bytes and goes on.
func sayRaw(text string) move {
	return func(s *strictSession) bool {
		_, err := io.WriteString(s.conn, text)
		return err == nil
	}
}

// hangUp cuts the connection, after the lines.
func hangUp(lines ...string) move {
	return func(s *strictSession) bool {
		s.reply(lines...)
		return false
	}
}

// afterFirst makes the move from the second time on that the command comes over the
// same connection.
func afterFirst(next move) move {
	return func(s *strictSession) bool {
		if s.met[s.command] == 1 {
			return s.obey()
		}
		return next(s)
	}
}

// onlyFirst makes the move at the first final dot of the connection.
func onlyFirst(dot move) move {
	return func(s *strictSession) bool {
		if s.met["."] > 1 {
			return s.reply("250 taken")
		}
		return dot(s)
	}
}

// sayForEver repeats the text until the client leaves.
func sayForEver(text string) move {
	return func(s *strictSession) bool {
		for {
			if _, err := io.WriteString(s.conn, text); err != nil {
				return false
			}
		}
	}
}

// trickle answers byte by byte, with a pause after each.
func trickle(text string, pause time.Duration) move {
	return func(s *strictSession) bool {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for i := range len(text) {
			<-ticker.C
			if _, err := io.WriteString(s.conn, text[i:i+1]); err != nil {
				return false
			}
		}
		return true
	}
}
