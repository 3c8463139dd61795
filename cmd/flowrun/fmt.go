package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"flowrun/internal/folder"
	"flowrun/lang"
)

// fmtOptions are the flags of fmt.
type fmtOptions struct {
	write bool
	diff  bool
	list  bool
	name  string
}

func newFmt(s *session) *cobra.Command {
	var o fmtOptions
	command := &cobra.Command{
		Use:   "fmt FILE|DIR...",
		Short: "Formats flows",
		Long: `Formats flows in the one style that they are written in: it changes blanks, line
breaks and commas, and nothing that a flow does or that its comments say.

Of a directory it takes the .flow files in it and below, but not what begins with
a dot; - is standard input. The formatted text goes to standard output, unless a
flag says otherwise. A file with mistakes is left as it is and reported.

The exit status is 1 when -l or -d, without -w, found files to format.`,
		Example: `  flowrun fmt examples/hello.flow
  flowrun fmt -w examples
  flowrun fmt -l -d examples`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("which flow? write flowrun fmt FILE, or - for standard input")
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			return s.format(command.Context(), args, o)
		},
	}
	flags := command.Flags()
	flags.BoolVarP(&o.write, "write", "w", false, "write the formatted text back to files that it differs from")
	flags.BoolVarP(&o.diff, "diff", "d", false, "show what formatting changes")
	flags.BoolVarP(&o.list, "list", "l", false, "list the files that formatting changes")
	flags.StringVar(&o.name, "name", "", "`name` of the file that standard input is: that of tests ends in _test.flow")
	flags.SortFlags = false
	return command
}

// format formats flows. What is wrong with one keeps none of the others from being
// formatted.
func (s *session) format(ctx context.Context, args []string, o fmtOptions) error {
	status := statusDone
	failed := func(with int, err error) {
		s.complain(err)
		status = max(status, with)
	}
	for _, arg := range args {
		files, err := flowsOf(arg)
		if err != nil {
			failed(statusUsage, err)
			continue
		}
		for _, file := range files {
			flow, err := s.readSource(ctx, file)
			switch {
			case ctx.Err() != nil:
				s.complain(errInterrupted)
				return exit(statusInterrupted)
			case err != nil:
				failed(statusUsage, err)
				continue
			}
			if file == standardInput && o.name != "" {
				flow.name = o.name
			}
			formatted, diagnostics := lang.Format(flow.name, flow.text)
			if diagnostics.HasErrors() {
				diagnostics.Render(s.stderr, s.rendering())
				status = max(status, statusInvalid)
				continue
			}
			differs, err := s.showFormatted(flow, formatted, o)
			switch {
			case err != nil:
				failed(statusUsage, err)
			case differs && !o.write:
				status = max(status, statusFailed)
			}
		}
	}
	return exit(status)
}

// showFormatted does with a formatted flow what the flags say, and tells whether
// they ask about a difference and there is one.
func (s *session) showFormatted(flow source, formatted string, o fmtOptions) (differs bool, err error) {
	differs = formatted != flow.text
	if !o.write && !o.diff && !o.list {
		s.showText(formatted)
		return false, nil
	}
	if !differs {
		return false, nil
	}
	if o.write {
		if flow.file == standardInput {
			return false, usagef("standard input cannot be written back: leave out -w")
		}
		if err := writeWhole(flow.file, strings.NewReader(formatted)); err != nil {
			return false, fmt.Errorf("cannot write %s: %w", flow.file, withoutPath(err))
		}
	}
	if o.list {
		fmt.Fprintln(s.stdout, lang.VisibleLine(flow.name))
	}
	if o.diff {
		s.showDiff(string(diff.Diff(flow.name+".orig", []byte(flow.text), flow.name, []byte(formatted))))
	}
	return true, nil
}

// showText writes a text exactly, unless to a terminal, which it could upset.
func (s *session) showText(text string) {
	if s.out.terminal {
		text = lang.Visible(text)
	}
	fmt.Fprint(s.stdout, text)
}

// showDiff shows a diff, on a terminal in colours.
func (s *session) showDiff(text string) {
	paint := map[byte]func(string) string{'-': s.out.red, '+': s.out.green}
	for line := range strings.Lines(text) {
		if color := paint[line[0]]; color != nil && s.out.color {
			fmt.Fprintln(s.stdout, color(lang.VisibleLine(strings.TrimSuffix(line, "\n"))))
			continue
		}
		s.showText(line)
	}
}

// flowsOf gives the file of an argument, or the flows of a directory.
func flowsOf(name string) ([]string, error) {
	if found, err := os.Stat(name); name == standardInput || err != nil || !found.IsDir() {
		return []string{name}, nil
	}
	seen := func(name string) bool { return !strings.HasPrefix(name, ".") }
	isFlow := func(name string) bool { return seen(name) && strings.HasSuffix(name, ".flow") }
	files, err := folder.Files(name, isFlow, seen)
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot read %s: %w", name, err)
	case len(files) == 0:
		return nil, usagef("there is no .flow file in %s", name)
	}
	return files, nil
}
