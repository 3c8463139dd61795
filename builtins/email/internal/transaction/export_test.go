package transaction

import "os"

// FileInfo describes the spool's file; ok is false when it is in memory.
func (s *Spool) FileInfo() (info os.FileInfo, ok bool) {
	if s.file == nil {
		return nil, false
	}
	info, err := s.file.Stat()
	return info, err == nil
}

// NewReply is newReply.
var NewReply = newReply
