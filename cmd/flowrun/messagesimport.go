package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
)

func newMessagesImport(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:   "import FILE...|-",
		Short: "Takes in mails",
		Long: `Takes in mails, one a file as RFC 5322 has it (.eml); - is standard input. A flow
can then answer them by inReplyTo, and quotes them. A mail whose Message-ID is
there already is left as it is.`,
		Example: `  flowrun messages import examples/question.eml
  fetch-mail | flowrun messages import -`,
		Args: arguments(1, anyNumber, "FILE"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				taken := &importAnswer{}
				var problems []error
				for _, path := range args {
					one, err := s.importMessage(ctx, work, path)
					if err != nil {
						problems = append(problems, err)
						if ctx.Err() != nil {
							break
						}
						continue
					}
					taken.messages = append(taken.messages, one)
				}
				return taken, errors.Join(problems...)
			})
		},
	}
	o.addTo(command)
	return command
}

// importMessage takes one mail in.
func (s *session) importMessage(ctx context.Context, work *storeWork, path string) (importedMessage, error) {
	content, err := s.openContent(ctx, path)
	if err != nil {
		return importedMessage{}, err
	}
	defer content.Close()
	name := path
	if path == standardInput {
		name = "standard input"
	}
	// The mail is read twice: its header, then the whole.
	spooled, err := spool(content)
	if err != nil {
		return importedMessage{}, fmt.Errorf("cannot read %s: %w", name, err)
	}
	defer spooled.remove()
	message, err := email.ParseMessage(spooled.file)
	if err != nil {
		return importedMessage{}, usagef("cannot take in %s: %w", name, err)
	}
	if _, err := spooled.file.Seek(0, io.SeekStart); err != nil {
		return importedMessage{}, fmt.Errorf("cannot read %s: %w", name, err)
	}
	st, err := work.use(ctx)
	if err != nil {
		return importedMessage{}, err
	}
	kept, existed, err := st.Import(ctx, message, spooled.file)
	if err != nil {
		return importedMessage{}, fmt.Errorf("cannot take in %s: %w", name, err)
	}
	if message.Date.IsZero() && !existed {
		work.warn(ctx, name+" has no Date that can be read, so the time of its import stands in for it")
	}
	return importedMessage{kept, existed}, nil
}

// maxImported bounds a mail that comes in, in bytes.
const maxImported = 256 << 20

// spooled is a content that can be read twice.
type spooled struct{ file *os.File }

// spool copies a content to a file of its own, so that nobody changes it between
// two readings.
func spool(content io.Reader) (*spooled, error) {
	file, err := os.CreateTemp("", "flowrun-mail-")
	if err != nil {
		return nil, err
	}
	s := &spooled{file}
	size, err := io.Copy(file, io.LimitReader(content, maxImported+1))
	if err == nil && size > maxImported {
		err = fmt.Errorf("it is larger than %d MiB", maxImported>>20)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

func (s *spooled) remove() {
	s.file.Close()
	os.Remove(s.file.Name())
}

// importedMessage is a mail that was taken in, or was there already.
type importedMessage struct {
	message email.Message
	existed bool
}

// importAnswer tells of mails that were taken in.
type importAnswer struct{ messages []importedMessage }

func (a *importAnswer) show(w io.Writer, _ palette) {
	for _, one := range a.messages {
		did := "taken in"
		if one.existed {
			did = "was there already, and stays as it is"
		}
		fmt.Fprintf(w, "message %d %s %s\n", one.message.ID, quotedLine(one.message.Subject), did)
	}
}

// importDocument is a mail that was taken in, for programs.
type importDocument struct {
	messageDocument
	Existed bool `json:"existed"`
}

func (a *importAnswer) document(head storeDocument) any {
	return struct {
		storeDocument
		Messages []importDocument `json:"messages"`
	}{head, each(a.messages, func(m importedMessage) importDocument {
		return importDocument{newMessageDocument(m.message), m.existed}
	})}
}
