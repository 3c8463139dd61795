package transaction

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
)

// Defaults of [SpoolOptions].
const (
	DefaultMemory  = 1 << 20
	DefaultMaxSize = 35 << 20
)

// ErrTooLarge is wrapped by the error for a message above SpoolOptions.MaxSize.
var ErrTooLarge = errors.New("the message is too large")

// SpoolOptions limits a [Spool]. The zero value has the defaults.
type SpoolOptions struct {
	Memory  int   // bytes held in memory before a file is used; 0 is DefaultMemory
	MaxSize int64 // bytes that the encoded message may have; 0 is DefaultMaxSize
	// Expected is how many bytes the message will have at least, as far as that is
	// known: one that memory will not hold is not put there at first.
	Expected int64
	Dir      string // where the file is made; "" is the system's directory for temporary files
}

// Spool holds one whole encoded message: in memory when it is small, else in a
// temporary file of mode 0600 that has no name where the system allows it. Every
// line of it ends with CR LF and no CR or LF stands alone, so that no content can
// end the SMTP transaction early. A Spool may be read by several goroutines.
type Spool struct {
	head        []byte // stands before what follows
	maxSize     int64
	memory      []byte
	file        *os.File
	unnamed     bool
	size        int64
	longestLine int
	eightBit    bool
	closed      atomic.Bool
}

// What a spool is written through: most messages are small, and a file takes larger
// pieces.
var (
	smallBuffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 4<<10) }}
	fileBuffers  = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 32<<10) }}
)

// NewSpool calls write once with a writer for the encoded message. A failure of
// write, even if write does not report it, or of the disk, or a message above
// MaxSize, is an *Error and leaves nothing behind.
func NewSpool(write func(io.Writer) error, options SpoolOptions) (*Spool, error) {
	if options.Memory == 0 {
		options.Memory = DefaultMemory
	}
	if options.MaxSize == 0 {
		options.MaxSize = DefaultMaxSize
	}
	spool := &Spool{maxSize: options.MaxSize}
	sink := &spoolSink{spool: spool, options: options}
	buffer := &smallBuffers
	if options.Expected > int64(options.Memory) {
		buffer = &fileBuffers
	}
	to := buffer.Get().(*bufio.Writer)
	defer func() {
		to.Reset(nil)
		buffer.Put(to)
	}()
	to.Reset(sink)
	lines := &lineNormaliser{to: to}
	err := write(lines)
	if err == nil {
		err = lines.finish()
	}
	if sink.err != nil {
		err = sink.err
	}
	if err != nil {
		spool.Close()
		kind := KindLocal
		if errors.Is(err, ErrTooLarge) {
			kind = KindSize
		}
		return nil, &Error{Kind: kind, Doing: "encode the message", Err: err}
	}
	spool.longestLine, spool.eightBit = lines.longest, lines.eightBit
	return spool, nil
}

// Prepend puts header fields before the message, such as a signature of it. They
// have CR LF line ends, and the last line has one. No Reader may be in use.
func (s *Spool) Prepend(fields []byte) error {
	if len(fields) > 0 && !bytes.HasSuffix(fields, []byte("\r\n")) {
		return &Error{Kind: KindLocal, Doing: "encode the message", Err: errors.New("header fields do not end with CR LF")}
	}
	if size := s.Size() + int64(len(fields)); size > s.maxSize {
		return &Error{Kind: KindSize, Doing: "encode the message", Err: tooLarge(s.maxSize)}
	}
	s.head = append(bytes.Clone(fields), s.head...)
	for line := range bytes.SplitSeq(fields, []byte("\r\n")) {
		s.longestLine = max(s.longestLine, len(line))
	}
	s.eightBit = s.eightBit || bytes.ContainsFunc(fields, func(r rune) bool { return r >= 0x80 })
	return nil
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: it has more than the %d bytes allowed", ErrTooLarge, limit)
}

// Size returns the length of the message in bytes, as SIZE= wants it (RFC 1870
// section 6.1): with CR LF, without dot-stuffing.
func (s *Spool) Size() int64 { return int64(len(s.head)) + s.size }

// LongestLine returns the length of the longest line in bytes, without CR LF.
func (s *Spool) LongestLine() int { return s.longestLine }

// EightBit reports whether the message holds bytes above 127, so that it needs
// 8BITMIME (RFC 6152).
func (s *Spool) EightBit() bool { return s.eightBit }

// Reader returns the message from its beginning. Readers are independent of each
// other and fail once the Spool is closed.
func (s *Spool) Reader() io.Reader {
	var message io.Reader
	if s.file != nil {
		message = io.NewSectionReader(s.file, 0, s.size)
	} else {
		message = bytes.NewReader(s.memory)
	}
	if len(s.head) > 0 {
		message = io.MultiReader(bytes.NewReader(s.head), message)
	}
	return &spoolReader{spool: s, from: message}
}

// Close gives memory and file back. It may be called more than once.
func (s *Spool) Close() error {
	if s.closed.Swap(true) || s.file == nil {
		return nil
	}
	err := s.file.Close()
	if !s.unnamed {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	return err
}

type spoolReader struct {
	spool *Spool
	from  io.Reader
}

func (r *spoolReader) Read(p []byte) (int, error) {
	if r.spool.closed.Load() {
		return 0, fmt.Errorf("read the spooled message: %w", os.ErrClosed)
	}
	return r.from.Read(p)
}

// spoolSink fills a spool and remembers its first error.
type spoolSink struct {
	spool   *Spool
	options SpoolOptions
	err     error
}

func (k *spoolSink) Write(p []byte) (int, error) {
	if k.err == nil {
		k.err = k.store(p)
	}
	if k.err != nil {
		return 0, k.err
	}
	return len(p), nil
}

func (k *spoolSink) store(p []byte) error {
	s := k.spool
	size := s.size + int64(len(p))
	if size > k.options.MaxSize {
		return tooLarge(k.options.MaxSize)
	}
	if s.file == nil && max(size, k.options.Expected) > int64(k.options.Memory) {
		if err := k.spill(); err != nil {
			return err
		}
	}
	s.size = size
	if s.file == nil {
		s.memory = append(s.memory, p...)
		return nil
	}
	if _, err := s.file.Write(p); err != nil {
		return fmt.Errorf("write the spool file: %w", err)
	}
	return nil
}

// spill moves the spool from memory to a file, which has no name from the start
// where an open file can be removed.
func (k *spoolSink) spill() error {
	s := k.spool
	file, err := os.CreateTemp(k.options.Dir, "flowrun-mail-*")
	if err != nil {
		return fmt.Errorf("make a spool file: %w", err)
	}
	s.file = file
	s.unnamed = os.Remove(file.Name()) == nil
	if _, err := file.Write(s.memory); err != nil {
		return fmt.Errorf("write the spool file: %w", err)
	}
	s.memory = nil
	return nil
}
