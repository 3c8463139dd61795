package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"flowrun/runtime"
)

// attachment is content that goes with the message: a file of the store, or text
// that the flow made.
type attachment struct {
	name      string
	mediaType mediaType
	contentID string // by which HTML shows it; "": it is attached
	size      int64  // bytes
	open      func() (io.ReadCloser, error)
}

// part is the attachment as a part of the mail. Its name is told once in full,
// and in the parameter that old readers look at as plain ASCII.
func (a attachment) part() *part {
	name := quotedParameter("name", plainFileName(a.name))
	disposition := "attachment"
	fields := []field{
		parameterField("Content-Type", a.mediaType.name, append(a.mediaType.parameters[:len(a.mediaType.parameters):len(a.mediaType.parameters)], name)...),
		unstructured("Content-Transfer-Encoding", "base64"),
	}
	if a.contentID != "" {
		disposition = "inline"
		fields = append(fields, identifierField("Content-ID", a.contentID))
	}
	fields = append(fields, parameterField("Content-Disposition", disposition, textParameter("filename", a.name)...))
	return &part{fields: fields, content: a.write}
}

// write streams the content.
func (a attachment) write(w io.Writer) error {
	content, err := a.open()
	if err != nil {
		return err
	}
	defer content.Close()
	return writeBase64(w, content)
}

// storedFile looks a file up in the host's store, for a setting that names it. Its
// content is read when the mail is encoded.
func (c *component) storedFile(ctx context.Context, setting string, id int64) (attachment, error) {
	if c.config.Store == nil {
		return attachment{}, &runtime.Failure{Kind: KindStore, Setting: setting, Message: setting + " needs a store, and the host has none"}
	}
	f := &storedFile{ctx: ctx, store: c.config.Store, setting: setting, id: id}
	content, err := f.open()
	if err != nil {
		return attachment{}, err
	}
	content.Close()
	mediaType, fault := parseMediaType(f.file.Type)
	if fault != "" {
		mediaType = anyBytes
	}
	return attachment{
		name:      cleanFileName(f.file.Name, fmt.Sprintf("file-%d", id)),
		mediaType: mediaType,
		size:      f.file.Size,
		open:      f.open,
	}, nil
}

// storedFile is a file of the store on its way into a mail.
type storedFile struct {
	ctx     context.Context
	store   Store
	setting string
	id      int64
	file    File
}

func (f *storedFile) open() (io.ReadCloser, error) {
	file, content, err := f.store.OpenFile(f.ctx, f.id)
	if err != nil {
		return nil, f.failure(err)
	}
	f.file = file
	return &storedContent{file: f, from: content, left: file.Size}, nil
}

// failure names the file that cannot be read. An end of the call is told as such.
func (f *storedFile) failure(err error) error {
	failure := &runtime.Failure{
		Kind:    KindStore,
		Setting: f.setting,
		Message: fmt.Sprintf("%s: file %d cannot be read: %v", f.setting, f.id, err),
		Cause:   err,
	}
	switch cause := context.Cause(f.ctx); {
	case errors.Is(cause, runtime.ErrTimeout), errors.Is(cause, context.DeadlineExceeded):
		failure.Kind, failure.Cause = runtime.KindTimeout, cause
	case cause != nil:
		failure.Kind, failure.Cause = runtime.KindCancelled, cause
	case errors.Is(err, ErrNotFound):
		failure.Kind = runtime.KindValue
		failure.Message = fmt.Sprintf("%s: file %d is not in the store", f.setting, f.id)
		failure.Hint = hintOf(err, `"flowrun files list" shows those that there are`)
	}
	return failure
}

// storedContent is the content of a file, which must be as long as the store says.
type storedContent struct {
	file *storedFile
	from io.ReadCloser
	left int64
}

func (c *storedContent) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.left -= int64(n)
	switch {
	case err == io.EOF && c.left != 0, err == nil && c.left < 0:
		return n, c.file.failure(fmt.Errorf("its content is not the %d bytes that the store tells of", c.file.file.Size))
	case err != nil && err != io.EOF:
		return n, c.file.failure(err)
	}
	return n, err
}

func (c *storedContent) Close() error { return c.from.Close() }

// attachAll looks up and describes everything that goes with the message.
func (c *component) attachAll(ctx context.Context, l *letter, s *Settings) error {
	total := len(s.Files) + len(s.Embed) + len(s.Attach)
	if most := c.config.Limits.Attachments; total > most {
		setting := "files"
		for _, given := range []struct {
			key   string
			count int
		}{{"attach", len(s.Attach)}, {"embed", len(s.Embed)}} {
			if len(s.Files) <= most && given.count > 0 {
				setting = given.key
			}
		}
		return &runtime.Failure{
			Kind:    runtime.KindValue,
			Setting: setting,
			Message: fmt.Sprintf("the mail has %d attachments, at most %d are allowed", total, most),
			Hint:    "send several mails",
		}
	}
	if len(s.Embed) > 0 && l.html == "" {
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "embed", Message: "embed: " + embedInText, Hint: embedInTextHint}
	}
	for _, id := range s.Files {
		file, err := c.storedFile(ctx, "files", id)
		if err != nil {
			return err
		}
		l.attached = append(l.attached, file)
	}
	for _, embedded := range s.Embed {
		file, err := c.storedFile(ctx, "embed", embedded.File)
		if err != nil {
			return err
		}
		file.contentID = embedded.Name
		l.embedded = append(l.embedded, file)
	}
	for _, made := range s.Attach {
		l.attached = append(l.attached, attachment{
			name:      made.Name,
			mediaType: made.mediaType,
			size:      int64(len(made.Content)),
			open:      func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(made.Content)), nil },
		})
	}
	return c.checkSizes(l)
}

// checkSizes refuses attachments that no mail of the host holds before they are
// read.
func (c *component) checkSizes(l *letter) error {
	encoded := l.attachedSize()
	if encoded <= c.config.Limits.MessageBytes {
		return nil
	}
	return &runtime.Failure{
		Kind:    KindSize,
		Message: fmt.Sprintf("what is attached takes %d bytes in the mail, at most %d are allowed", encoded, c.config.Limits.MessageBytes),
		Hint:    "send several mails, or links to the files",
	}
}

// attachedSize is about how many bytes of the mail what is attached takes, and
// never more.
func (l *letter) attachedSize() int64 {
	var encoded int64
	for _, list := range [][]attachment{l.embedded, l.attached} {
		for _, a := range list {
			encoded += a.size / base64Line * (base64Line/3*4 + 2)
		}
	}
	return encoded
}
