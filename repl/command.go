package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"flowrun/lang"
)

// command is one that begins with a colon.
type command struct {
	name     string
	argument string // what follows it, for the help; "" for nothing
	about    string
	files    bool // it needs those of the host
	run      func(r *REPL, ctx context.Context, argument string)
}

// commands are those that the host allows.
func (r *REPL) commands() []command {
	allowed := everyCommand()
	if r.files == nil {
		allowed = slices.DeleteFunc(allowed, func(c command) bool { return c.files })
	}
	return allowed
}

func everyCommand() []command {
	return []command{
		{"help", "", "shows these commands", false, func(r *REPL, _ context.Context, _ string) { r.help() }},
		{"vars", "", "lists the variables", false, func(r *REPL, _ context.Context, _ string) { r.listVariables() }},
		{"components", "", "lists what can be called", false, func(r *REPL, _ context.Context, _ string) { r.listComponents() }},
		{"doc", "NAME", "describes a component, a function or a setting", false, func(r *REPL, _ context.Context, name string) { r.describe(name) }},
		{"load", "FILE", "runs a flow and keeps its variables and functions", true, (*REPL).load},
		{"save", "FILE", "writes the entries that succeeded as a flow", true, func(r *REPL, _ context.Context, file string) { r.save(file) }},
		{"trace", "on|off", "shows each call as it happens, or no longer", false, func(r *REPL, _ context.Context, word string) { r.trace(word) }},
		{"reset", "", "forgets variables, functions and entries", false, func(r *REPL, _ context.Context, _ string) { r.reset() }},
		{"quit", "", "leaves, as Ctrl-D does", false, func(r *REPL, _ context.Context, _ string) { r.ended = true }},
	}
}

// command runs a command.
func (r *REPL) command(ctx context.Context, line string) {
	name, argument, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, ":")), " ")
	argument = strings.TrimSpace(argument)
	var names []string
	for _, c := range r.commands() {
		names = append(names, c.name)
		if c.name != name {
			continue
		}
		switch {
		case c.argument == "" && argument != "":
			r.complain(":%s takes nothing behind it", name)
		case c.argument != "" && argument == "":
			r.complain("write :%s %s", name, c.argument)
		default:
			c.run(r, ctx, argument)
		}
		return
	}
	if near := lang.Suggest(name, names); near != "" {
		r.complain("there is no command :%s, did you mean :%s?", name, near)
		return
	}
	r.complain("there is no command :%s; :help lists them", name)
}

func (r *REPL) help() {
	var b strings.Builder
	for _, c := range r.commands() {
		fmt.Fprintf(&b, "%-14s %s\n", strings.TrimSpace(":"+c.name+" "+c.argument), c.about)
	}
	b.WriteString("Everything else is an entry: statements, or an expression, whose value is shown.\n")
	b.WriteString("An entry goes on while a bracket, a block or a < is open. Ctrl-C stops it.")
	r.host.Print(b.String())
}

func (r *REPL) trace(word string) {
	if word != "on" && word != "off" {
		r.complain("write :trace on or :trace off")
		return
	}
	r.host.Trace(word == "on")
}

func (r *REPL) reset() {
	r.session.Reset()
	r.kept = nil
}

// load runs a flow in the session.
func (r *REPL) load(ctx context.Context, file string) { r.Load(ctx, file) }

// Load runs the flow of a file in the session, whose variables and functions are
// there afterwards. Its header holds from then on.
func (r *REPL) Load(ctx context.Context, file string) {
	if r.files == nil {
		r.complain("cannot read %s: there are no files at this prompt", file)
		return
	}
	text, err := r.readFlow(file)
	if err != nil {
		r.complain("cannot read %s: %w", file, withoutPath(err))
		return
	}
	entry, diagnostics := r.session.Compile(file, text)
	r.host.Diagnostics(diagnostics)
	if entry == nil {
		r.failed = true
		return
	}
	inputs, err := r.host.Inputs(entry, file)
	if err != nil {
		r.failed = true
		r.host.Complain(err)
		return
	}
	r.run(ctx, entry, inputs, keptEntry{file, text})
}

// readFlow reads as much of a file as the compiler needs to find it too large.
func (r *REPL) readFlow(file string) (string, error) {
	most := r.engine.Limits().Source
	opened, err := r.files.Open(file)
	if err != nil {
		return "", err
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, int64(most)+1))
	return string(text), err
}

// withoutPath leaves out the name of a file that is told anyway.
func withoutPath(err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}
