package transaction_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/builtins/email/mailtest"
)

// write returns a spool writer for the pieces.
func write(pieces ...string) func(io.Writer) error {
	return func(w io.Writer) error {
		for _, piece := range pieces {
			if _, err := io.WriteString(w, piece); err != nil {
				return err
			}
		}
		return nil
	}
}

func contentOf(t interface{ Fatal(...any) }, spool *transaction.Spool) string {
	content, err := io.ReadAll(spool.Reader())
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestSpoolEndsEveryLineWithCRLF(t *testing.T) {
	for content, want := range map[string]string{
		"":               "",
		"a":              "a\r\n",
		"a\r\nb\r\n":     "a\r\nb\r\n",
		"a\nb":           "a\r\nb\r\n",
		"a\rb\r":         "a\r\nb\r\n",
		"\n\r\r\n\n\r\n": "\r\n\r\n\r\n\r\n\r\n",
	} {
		if got := contentOf(t, spool(t, content)); got != want {
			t.Errorf("%q became %q, want %q", content, got, want)
		}
	}
}

func TestSpoolDoesNotDependOnHowItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.StringOf(rapid.SampledFrom([]rune("a.\r\nü")))).Draw(t, "pieces")
		memory := rapid.IntRange(1, 20).Draw(t, "memory")
		whole, err := transaction.NewSpool(write(strings.Join(pieces, "")), transaction.SpoolOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer whole.Close()
		parts, err := transaction.NewSpool(write(pieces...), transaction.SpoolOptions{Memory: memory})
		if err != nil {
			t.Fatal(err)
		}
		defer parts.Close()
		want, got := contentOf(t, whole), contentOf(t, parts)
		if got != want {
			t.Fatalf("%q became %q and %q", pieces, want, got)
		}
		if bare := strings.NewReplacer("\r\n", "").Replace(got); strings.ContainsAny(bare, "\r\n") {
			t.Fatalf("bare line end in %q", got)
		}
		longest := 0
		for line := range strings.SplitSeq(got, "\r\n") {
			longest = max(longest, len(line))
		}
		if parts.LongestLine() != longest || parts.Size() != int64(len(got)) || parts.EightBit() != strings.Contains(got, "ü") {
			t.Fatalf("%q: longest %d, size %d, 8-bit %v", got, parts.LongestLine(), parts.Size(), parts.EightBit())
		}
	})
}

func TestSpoolReplaysTheSameBytes(t *testing.T) {
	content := strings.Repeat("line\r\n", 400_000)
	message := spool(t, content)
	begun := message.Reader()
	io.CopyN(io.Discard, begun, 1000)
	for replay := range 2 {
		if contentOf(t, message) != content {
			t.Errorf("replay %d differs", replay)
		}
	}
	if rest, _ := io.ReadAll(begun); string(rest) != content[1000:] {
		t.Error("the reader that was begun first was disturbed")
	}
}

func TestSmallMessageStaysInMemory(t *testing.T) {
	if _, inFile := spool(t, strings.Repeat("x\r\n", 1000)).FileInfo(); inFile {
		t.Error("in a file")
	}
}

func TestBigMessageGoesThroughAPrivateFileThatIsRemoved(t *testing.T) {
	dir := t.TempDir()
	content := strings.Repeat("0123456789abcdef\r\n", 100_000)
	message, err := transaction.NewSpool(write(content), transaction.SpoolOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	info, inFile := message.FileInfo()
	if !inFile || info.Mode().Perm() != 0o600 || info.Size() != int64(len(content)) {
		t.Errorf("file: %v, %v", inFile, info)
	}
	sandbox := start(t)
	if result := transaction.Send(soon(t), over(sandbox), to("bob@b.example"), message); result.State != transaction.Sent {
		t.Errorf("result: %+v", result)
	}
	if got := sandbox.Mails()[0].Raw; !bytes.Equal(got, []byte(content)) {
		t.Errorf("%d bytes became %d", len(content), len(got))
	}
	if err := message.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := message.Reader().Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("read after Close: %v", err)
	}
}

func TestRetryAfterGreylistingReplaysTheSpool(t *testing.T) {
	sandbox := start(t, mailtest.WithFaults(mailtest.Greylist(1)))
	message := spool(t, letter)
	first := transaction.Send(soon(t), over(sandbox), to("bob@b.example"), message)
	second := transaction.Send(soon(t), over(sandbox), to("bob@b.example"), message)
	if !first.Temporary || first.Reply.Enhanced != "4.7.1" || second.State != transaction.Sent || string(sandbox.Mails()[0].Raw) != letter {
		t.Errorf("first %+v, second %+v", first, second)
	}
}

func TestMessageAboveTheCapIsRefused(t *testing.T) {
	dir := t.TempDir()
	_, err := transaction.NewSpool(write(strings.Repeat("x\r\n", 1000)), transaction.SpoolOptions{Memory: 10, MaxSize: 2000, Dir: dir})
	if got := failure(t, err); got.Kind != transaction.KindSize || !errors.Is(err, transaction.ErrTooLarge) || !strings.Contains(err.Error(), "2000") {
		t.Errorf("error: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteErrorCannotBeSwallowed(t *testing.T) {
	_, err := transaction.NewSpool(func(w io.Writer) error {
		for range 100_000 {
			io.WriteString(w, "ignoring every error\r\n")
		}
		return nil
	}, transaction.SpoolOptions{MaxSize: 1000})
	if !errors.Is(err, transaction.ErrTooLarge) {
		t.Errorf("error: %v", err)
	}
}

func TestUnusableSpoolDirectoryIsALocalError(t *testing.T) {
	_, err := transaction.NewSpool(write(strings.Repeat("x\r\n", 1000)), transaction.SpoolOptions{Memory: 10, Dir: t.TempDir() + "/missing"})
	if got := failure(t, err); got.Kind != transaction.KindLocal || got.Temporary {
		t.Errorf("error: %+v", got)
	}
}

func TestPrependedFieldsStandBeforeTheMessage(t *testing.T) {
	for name, body := range map[string]string{"in memory": "Subject: x\r\n\r\nbody\r\n", "in a file": "\r\n" + strings.Repeat("line\r\n", 1000)} {
		t.Run(name, func(t *testing.T) {
			spool, err := transaction.NewSpool(write(body), transaction.SpoolOptions{Memory: 100, MaxSize: int64(len(body)) + 110})
			if err != nil {
				t.Fatal(err)
			}
			defer spool.Close()
			head := "X-Long: " + strings.Repeat("x", 90) + "\r\n"
			if err := spool.Prepend([]byte(head)); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got, err := io.ReadAll(spool.Reader()); err != nil || string(got) != head+body {
					t.Errorf("read %.200q (%v)", got, err)
				}
			}
			if spool.Size() != int64(len(head+body)) || spool.LongestLine() != 98 || spool.EightBit() {
				t.Errorf("size %d, longest line %d, eight bits %v", spool.Size(), spool.LongestLine(), spool.EightBit())
			}
			if err := spool.Prepend([]byte("no line end")); err == nil {
				t.Error("fields without a line end pass")
			}
			var failure *transaction.Error
			if err := spool.Prepend([]byte("X: too large\r\n")); !errors.As(err, &failure) || failure.Kind != transaction.KindSize {
				t.Errorf("error %v", err)
			}
		})
	}
}
