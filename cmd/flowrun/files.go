package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowrun/builtins/email"
)

func newFiles(s *session) *cobra.Command {
	group := &cobra.Command{
		Use:   "files",
		Short: "Keeps files to attach to mails",
		Long: `Keeps files in the store. A flow attaches them to a mail by their IDs:
files: [3, 4].`,
		Example: `  flowrun files add LICENSE
  flowrun files list`,
	}
	return completeGroup(group,
		newFilesAdd(s), newFilesList(s), newFilesGet(s), newFilesRemove(s))
}

// keptFileDocument is a file of the store for programs.
type keptFileDocument struct {
	ID      int64     `json:"id"`
	Name    string    `json:"name"`
	Type    string    `json:"type"`
	Size    int64     `json:"size"`
	Created time.Time `json:"created"`
}

func newKeptFileDocument(f email.File) keptFileDocument {
	return keptFileDocument{f.ID, f.Name, f.Type, f.Size, f.Created}
}

// filesAnswer tells of files.
type filesAnswer struct {
	files []email.File
	did   string // what was done with them; "" for a list
	place storePlace
}

func (a *filesAnswer) empty() bool { return len(a.files) == 0 }

func (a *filesAnswer) show(w io.Writer, p palette) {
	switch {
	case a.did != "":
		for _, one := range a.files {
			fmt.Fprintf(w, "file %d %s %s\n", one.ID, quotedLine(one.Name), a.did)
		}
	case a.empty():
		showNone(w, "files", a.place)
	default:
		shown := table{titles: []string{"ID", "NAME", "TYPE", "SIZE", "ADDED"}}
		for _, one := range a.files {
			shown.add(number(one.ID), one.Name, one.Type, bytesText(one.Size), momentText(one.Created))
		}
		shown.show(w, p)
	}
}

func (a *filesAnswer) document(head storeDocument) any {
	return struct {
		storeDocument
		Files []keptFileDocument `json:"files"`
	}{head, each(a.files, newKeptFileDocument)}
}

// momentText is a moment in the user's own time zone.
func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

func newFilesAdd(s *session) *cobra.Command {
	var o storeOptions
	var flags email.File
	command := &cobra.Command{
		Use:   "add PATH...|-",
		Short: "Adds files",
		Long: `Adds files, so that a flow can attach them: files: [ID, …]. - is standard input
and needs --name.`,
		Example: `  flowrun files add LICENSE README.md
  make-invoice 1142 | flowrun files add - --name invoice-1142.pdf`,
		Args: arguments(1, anyNumber, "PATH"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &filesAnswer{did: "added", place: work.place}
				if err := checkFileFlags(command.Flags(), flags, args); err != nil {
					return found, err
				}
				var problems []error
				for _, path := range args {
					one, err := s.addFile(ctx, work, path, flags)
					if err != nil {
						problems = append(problems, err)
						if ctx.Err() != nil {
							break
						}
						continue
					}
					found.files = append(found.files, one)
				}
				return found, errors.Join(problems...)
			})
		},
	}
	o.addTo(command)
	command.Flags().StringVar(&flags.Name, "name", "", "`name` of the file in mails, instead of that of PATH")
	command.Flags().StringVar(&flags.Type, "type", "", "media `type`, such as application/pdf, instead of what name and content suggest")
	command.Flags().Int64Var(&flags.ID, "id", 0, "the `number` of the file, instead of the next free one")
	return command
}

func checkFileFlags(given *pflag.FlagSet, flags email.File, paths []string) error {
	problems := &usageProblems{}
	single := len(paths) == 1
	if !single && flags.Name != "" {
		problems.addf("--name is for one file, and %d are given", len(paths))
	}
	if !single && given.Changed("id") {
		problems.addf("--id is for one file, and %d are given", len(paths))
	}
	problems.id(given, flags.ID)
	problems.name(flags.Name)
	if flags.Type != "" {
		if _, _, err := mime.ParseMediaType(flags.Type); err != nil || !strings.Contains(flags.Type, "/") {
			problems.addf("--type: %q is not a media type like application/pdf", flags.Type)
		}
	}
	stdin := 0
	for _, path := range paths {
		if path == standardInput {
			stdin++
		}
	}
	if stdin > 0 && flags.Name == "" && single {
		problems.addf("--name is missing: standard input has none")
	}
	if stdin > 0 && !single {
		problems.addf("- is standard input and stands alone")
	}
	return problems.err()
}

// addFile adds one file. One that cannot be read is wrong usage.
func (s *session) addFile(ctx context.Context, work *storeWork, path string, flags email.File) (email.File, error) {
	content, err := s.openContent(ctx, path)
	if err != nil {
		return email.File{}, err
	}
	defer content.Close()
	one := flags
	if one.Name == "" {
		one.Name = filepath.Base(path)
	}
	reader := bufio.NewReaderSize(content, 4096)
	if one.Type == "" && mime.TypeByExtension(filepath.Ext(one.Name)) == "" {
		begin, _ := reader.Peek(512) // an error comes again when the content is read
		one.Type = http.DetectContentType(begin)
	}
	st, err := work.use(ctx)
	if err != nil {
		return email.File{}, err
	}
	added, err := st.AddFile(ctx, one, reader)
	if err != nil {
		return email.File{}, fmt.Errorf("cannot add %s: %w", path, exists(err))
	}
	return added, nil
}

// openContent opens a file, or standard input, whose reading ends with ctx.
func (s *session) openContent(ctx context.Context, path string) (io.ReadCloser, error) {
	if path == standardInput {
		return io.NopCloser(&interruptible{ctx: ctx, from: s.stdin}), nil
	}
	file, err := os.Open(path)
	if err == nil {
		var found os.FileInfo
		if found, err = file.Stat(); err == nil && found.IsDir() {
			err = errors.New("is a directory")
		}
		if err == nil {
			return file, nil
		}
		file.Close()
	}
	var named *fs.PathError
	if errors.As(err, &named) {
		err = named.Err
	}
	return nil, usagef("cannot read %s: %w", path, err)
}

// interruptible reads until its context ends. A read that blocks goes on behind
// it, into a buffer of its own.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

// Read implements io.Reader.
func (i *interruptible) Read(p []byte) (int, error) {
	type outcome struct {
		bytes []byte
		err   error
	}
	done := make(chan outcome, 1)
	buffer := make([]byte, len(p))
	go func() {
		n, err := i.from.Read(buffer)
		done <- outcome{buffer[:n], err}
	}()
	select {
	case read := <-done:
		return copy(p, read.bytes), read.err
	case <-i.ctx.Done():
		return 0, i.ctx.Err()
	}
}

func newFilesList(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:     "list",
		Short:   "Lists the files",
		Long:    "Lists the files, each with its media type and its size.",
		Example: "  flowrun files list",
		Args:    arguments(0, 0, ""),
		RunE: func(command *cobra.Command, _ []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &filesAnswer{place: work.place}
				st, err := work.look(ctx)
				if err == nil {
					found.files, err = st.Files(ctx)
				}
				return found, unlessNoStore(err)
			})
		},
	}
	o.addTo(command)
	return command
}

func newFilesGet(s *session) *cobra.Command {
	var o storeOptions
	var to string
	command := &cobra.Command{
		Use:     "get ID",
		Short:   "Writes the content of a file",
		Long:    outputAdvice("Writes the content of a file"),
		Example: "  flowrun files get 3 -o price-list.pdf",
		Args:    arguments(1, 1, "ID"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				ids, err := numbers(args)
				if err != nil {
					return nil, err
				}
				st, err := work.look(ctx)
				if err != nil {
					return nil, missing(err, "there is no file %d", ids[0])
				}
				_, content, err := st.OpenFile(ctx, ids[0])
				if err != nil {
					return nil, missing(err, "there is no file %d", ids[0])
				}
				defer content.Close()
				return nil, s.output(to, content)
			})
		},
	}
	o.addPlaceTo(command)
	command.Flags().StringVarP(&to, "output", "o", "", "`file` to write, instead of standard output")
	return command
}

func newFilesRemove(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:     "remove ID...",
		Short:   "Removes files",
		Long:    "Removes files from the store, all of them or, when one is not there, none.",
		Example: "  flowrun files remove 3 4",
		Args:    arguments(1, anyNumber, "ID"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &filesAnswer{did: "removed", place: work.place}
				all, err := filesNamed(ctx, work, args)
				if err != nil {
					return found, err
				}
				for _, one := range all {
					if err := work.opened.RemoveFile(ctx, one.ID); err != nil {
						return found, err
					}
					found.files = append(found.files, one)
				}
				return found, nil
			})
		},
	}
	o.addTo(command)
	return command
}

// filesNamed finds files by their numbers; all of them, or none.
func filesNamed(ctx context.Context, work *storeWork, args []string) ([]email.File, error) {
	ids, err := numbers(args)
	if err != nil {
		return nil, err
	}
	var all []email.File
	st, err := work.look(ctx)
	if err == nil {
		all, err = st.Files(ctx)
	}
	if err != nil {
		return nil, missing(err, "there is no file %d", ids[0])
	}
	return chosen(ids, all, func(f email.File) int64 { return f.ID }, "file")
}
