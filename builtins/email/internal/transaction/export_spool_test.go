package transaction

// Truncate cuts the spool's file, as a disk that fails would have it.
func (s *Spool) Truncate(size int64) error { return s.file.Truncate(size) }
