package main

import (
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowrun/lang"
)

// testRoot is the command as it is outside of an invocation.
func testRoot() *cobra.Command {
	root := newRoot(&session{
		env:    func(string) (string, bool) { return "", false },
		stdin:  strings.NewReader(""),
		stdout: io.Discard,
		stderr: io.Discard,
	})
	root.InitDefaultHelpCmd()
	return root
}

// commandsOf gives a command and all below it.
func commandsOf(command *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{command}
	for _, sub := range command.Commands() {
		all = append(all, commandsOf(sub)...)
	}
	return all
}

func TestEveryCommandHasAHelpTextWithAnExample(t *testing.T) {
	for _, command := range commandsOf(testRoot()) {
		name := command.CommandPath()
		for what, text := range map[string]string{"Short": command.Short, "Long": command.Long, "Example": command.Example} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s has no %s", name, what)
			}
			for line := range strings.Lines(text) {
				if width := utf8.RuneCountInString(line); what == "Long" && width > 90 {
					t.Errorf("%s: a line of the help has %d characters: %s", name, width, line)
				}
			}
		}
		if strings.HasSuffix(command.Short, ".") || lang.VisibleLine(command.Short) != command.Short {
			t.Errorf("%s: %q is not a line without a full stop", name, command.Short)
		}
		if !strings.Contains(command.Example, "flowrun ") {
			t.Errorf("%s: the example does not call flowrun: %s", name, command.Example)
		}
		command.Flags().VisitAll(func(flag *pflag.Flag) {
			value, usage := pflag.UnquoteUsage(flag)
			if usage == "" || flag.NoOptDefVal == "" && (value == "string" || value == "int") {
				t.Errorf("%s: the help of --%s does not name its value: %q", name, flag.Name, flag.Usage)
			}
		})
	}
}

// example is a call of flowrun in the help of a command.
type example struct {
	of   *cobra.Command
	args []string
}

func examplesOf(t *testing.T, commands []*cobra.Command) []example {
	t.Helper()
	var all []example
	for _, command := range commands {
		for line := range strings.Lines(command.Example) {
			for _, call := range strings.Split(line, " | ") {
				if words := shellWords(call); len(words) > 1 && words[0] == "flowrun" {
					all = append(all, example{of: command, args: words[1:]})
				}
			}
		}
	}
	if len(all) < len(commands) {
		t.Fatalf("found %d examples of %d commands", len(all), len(commands))
	}
	return all
}

var shellWord = regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`)

// shellWords splits a line as a shell does, as far as the examples need it.
func shellWords(line string) []string {
	words := shellWord.FindAllString(line, -1)
	for i, word := range words {
		words[i] = strings.Trim(word, `"'`)
	}
	return words
}

// existing expands the files of arguments, which must be in the repository.
func existing(t *testing.T, args []string) []string {
	t.Helper()
	var all []string
	for _, arg := range args {
		if arg == standardInput || strings.HasSuffix(arg, "...") {
			all = append(all, arg)
			continue
		}
		found, err := filepath.Glob(filepath.Join(root, arg))
		if err != nil || len(found) == 0 {
			t.Errorf("there is no %s in the repository", arg)
		}
		all = append(all, found...)
	}
	return all
}

var takesFiles = regexp.MustCompile(` \[?(FILE|PATH)`)

func TestTheExamplesOfTheHelpAreCallsThatExist(t *testing.T) {
	for _, example := range examplesOf(t, commandsOf(testRoot())) {
		t.Run(strings.Join(example.args, " "), func(t *testing.T) {
			root := testRoot()
			command, rest, err := root.Find(withSubcommand(root, slices.Clone(example.args)))
			if err != nil || !command.Runnable() {
				t.Fatalf("%v: %v", command.CommandPath(), err)
			}
			if err := command.ParseFlags(rest); err != nil {
				t.Fatal(err)
			}
			args := command.Flags().Args()
			if err := command.ValidateArgs(args); err != nil {
				t.Fatal(err)
			}
			if takesFiles.MatchString(command.Use) {
				existing(t, args)
			}
			if !strings.HasPrefix(command.CommandPath(), example.of.CommandPath()) {
				t.Errorf("the example stands in the help of %s", example.of.CommandPath())
			}
		})
	}
}

// harmless are the commands whose examples can be run as they are.
var harmless = []string{"check", "completion", "explain", "help", "version"}

func TestTheExamplesThatChangeNothingWork(t *testing.T) {
	ran := 0
	for _, example := range examplesOf(t, commandsOf(testRoot())) {
		args := slices.Clone(example.args)
		sandboxed := slices.Contains(args, "--sandbox") && !slices.Contains(args, "repl")
		prints := args[0] == "fmt" && !slices.Contains(args, "-w")
		if !sandboxed && !prints && !slices.Contains(harmless, args[0]) {
			continue
		}
		ran++
		for i := 0; i < len(args); i++ {
			if strings.HasPrefix(args[i], "examples") {
				args = slices.Replace(args, i, i+1, existing(t, args[i:i+1])...)
			}
		}
		runExample(t, args...)
	}
	if ran < len(harmless) {
		t.Errorf("only %d examples were run", ran)
	}
}
