package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"flowrun/internal/manpage"
	"flowrun/lang"
)

func newMan(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Writes the manual pages",
		Long: `Writes the manual pages of flowrun and of each of its commands into a directory,
which is made when it is not there. man finds them where MANPATH leads to the
directory that DIR is the man1 of.`,
		Example: `  flowrun man ~/.local/share/man/man1
  man flowrun-run`,
		Args: arguments(1, 1, "DIR"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.writeManual(command.Root(), args[0])
		},
	}
}

// exitStatuses are what flowrun(1) tells of them; docs/command.md tells more.
var exitStatuses = []manpage.Status{
	{Code: statusDone, Meaning: "what was asked for is done"},
	{Code: statusFailed, Meaning: "it was tried and failed: a run, a mail; or fmt -l and fmt -d found files to format"},
	{Code: statusInvalid, Meaning: "a flow has mistakes"},
	{Code: statusUsage, Meaning: "wrong usage: arguments, files that cannot be read, inputs that do not fit"},
	{Code: statusInterrupted, Meaning: "interrupted"},
}

// manual is what the pages have in common. They are of the day of what was built,
// else of today.
func manual() manpage.Book {
	book := manpage.Book{Version: "flowrun", Date: time.Now(), Statuses: exitStatuses}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return book
	}
	book.Version = versionedName(build)
	for _, setting := range build.Settings {
		if setting.Key != "vcs.time" {
			continue
		}
		if committed, err := time.Parse(time.RFC3339, setting.Value); err == nil {
			book.Date = committed
		}
	}
	return book
}

func (s *session) writeManual(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make %s: %w", dir, withoutPath(err))
	}
	pages := manual().Pages(root)
	for _, page := range pages {
		var text bytes.Buffer
		if _, err := page.WriteTo(&text); err != nil {
			return err
		}
		name := filepath.Join(dir, page.File)
		if err := os.WriteFile(name, text.Bytes(), 0o644); err != nil {
			return fmt.Errorf("cannot write %s: %w", name, withoutPath(err))
		}
	}
	fmt.Fprintf(s.stdout, "%s in %s\n", counted(len(pages), "page"), lang.VisibleLine(dir))
	return nil
}
