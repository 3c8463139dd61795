package transaction

import (
	"os"
	"strings"
)

// FileInfo describes the spool's file; ok is false when it is in memory.
func (s *Spool) FileInfo() (info os.FileInfo, ok bool) {
	if s.file == nil {
		return nil, false
	}
	info, err := s.file.Stat()
	return info, err == nil
}

// NewReply is newReply for lines that are joined by line feeds.
func NewReply(code int, text string) Reply { return newReply(code, strings.Split(text, "\n")) }

// Waiting is how many messages wait for a connection of the pool.
func Waiting(p *Pool) int {
	return p.count(func(at *place) int { return len(at.waiting) })
}

// Senders is how many messages are under way in the pool.
func Senders(p *Pool) int {
	return p.count(func(at *place) int { return at.senders })
}

func (p *Pool) count(of func(*place) int) int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	n := 0
	for _, places := range p.places {
		for _, at := range places {
			n += of(at)
		}
	}
	return n
}
