package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"flowrun/builtins/email/mailtest"
	"flowrun/lang"
	"flowrun/repl"
	"flowrun/runtime"
	"flowrun/sandbox"
)

// screen is where entries of the prompt run and are shown. It implements repl.Host.
type screen struct {
	repl.Disk
	session    *session
	inputsFile string
	texts      map[string]string
	effects    runtime.Effects
	box        *sandbox.Sandbox // nil outside the sandbox
	shown      int              // mails
	tracing    bool

	interrupts  chan os.Signal
	interactive bool // somebody types
	interrupted bool
	leave       func() // what the terminal needs at the end, or nil
}

var _ repl.Host = (*screen)(nil)

func (s *session) newScreen(o runOptions, r *report, host *flowHost) (*screen, error) {
	texts, err := inputTexts(o.inputs)
	if err != nil {
		return nil, err
	}
	c := &screen{
		session: s, inputsFile: o.inputsFile, texts: texts, effects: r.effects(o, host.box),
		box: host.box, tracing: o.trace, interrupts: make(chan os.Signal, 1),
	}
	signal.Notify(c.interrupts, os.Interrupt)
	return c, nil
}

func (c *screen) close() {
	signal.Stop(c.interrupts)
	if c.leave != nil {
		c.leave()
	}
}

// Interruptible implements repl.Host.
func (c *screen) Interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.interactive {
		select {
		case <-c.interrupts: // meant for what has ended meanwhile
		default:
		}
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	left := make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-c.interrupts:
			c.interrupted = true
			if c.session.err.terminal {
				fmt.Fprintln(c.session.stderr) // behind the ^C that the terminal shows
			}
			cancel()
		case <-ended:
		}
	}()
	return running, func() {
		close(ended)
		<-left
		cancel()
	}
}

// stopping is an Editor of entries that nobody types: Ctrl-C ends it.
type stopping struct {
	repl.Editor
	screen *screen
}

// Read implements repl.Editor.
func (e stopping) Read(ctx context.Context, prompt string) (string, error) {
	if e.screen.interrupted {
		return "", io.EOF
	}
	text, err := e.Editor.Read(ctx, prompt)
	if err == repl.ErrDropped {
		return "", context.Canceled
	}
	return text, err
}

// Options implements repl.Host.
func (c *screen) Options() []runtime.RunOption {
	var trace *trace
	if c.tracing {
		trace = newTrace(c.session.stderr, c.session.err, c.effects.Now())
	}
	return []runtime.RunOption{
		runtime.WithEffects(c.effects),
		runtime.WithObserver(func(e runtime.Event) {
			if trace != nil {
				trace.observe(e)
			}
			if e.Kind == runtime.CallEnded {
				c.showMails()
			}
		}),
	}
}

// Inputs implements repl.Host.
func (c *screen) Inputs(entry *runtime.Entry, file string) (runtime.Inputs, error) {
	return readInputs(entry, source{file: file, name: file}, c.inputsFile, c.texts)
}

// Settled implements repl.Host.
func (c *screen) Settled() { c.showMails() }

// showMails shows the mails that have come since the last look.
func (c *screen) showMails() {
	if c.box == nil {
		return
	}
	mails := c.box.Mailbox.Mails()
	if len(mails) == c.shown {
		return
	}
	threaded := threadedMails(mails)
	for ; c.shown < len(mails); c.shown++ {
		c.showMail(mails[c.shown], threaded[c.shown])
	}
	fmt.Fprintln(c.session.stdout)
}

func (c *screen) showMail(m mailtest.Mail, threaded bool) {
	view := mailView{w: c.session.stdout, palette: c.session.out, mail: m, threaded: threaded}
	view.titled(fmt.Sprintf("mail %d", c.shown+1))
}

// Width implements repl.Host.
func (c *screen) Width() int { return c.session.out.width }

// Print implements repl.Host.
func (c *screen) Print(text string) { fmt.Fprintln(c.session.stdout, lang.Visible(text)) }

// longestValue is how much of a value a terminal gets, in bytes.
const longestValue = 16 << 10

// Value implements repl.Host. Values are shown as the language writes them.
func (c *screen) Value(v any) {
	text := entryText(v)
	if c.session.out.terminal && len(text) > longestValue {
		rest := len(text) - longestValue
		text = strings.ToValidUTF8(text[:longestValue], "") + fmt.Sprintf("… (%s more)", bytesText(rest))
	}
	c.Print(text)
}

// entryText is a value as an entry shows it.
func entryText(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return quotedWhole(v)
	}
	return resultText(v)
}

// quotedWhole is a text as the language writes it.
func quotedWhole(text string) string {
	return `"` + lang.VisibleLine(strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\${`).Replace(text)) + `"`
}

// Diagnostics implements repl.Host.
func (c *screen) Diagnostics(diagnostics lang.Diagnostics) {
	diagnostics.Render(c.session.stderr, c.session.rendering())
}

// Failures implements repl.Host.
func (c *screen) Failures(failures []*runtime.Error) { c.session.showFailures(failures) }

// Complain implements repl.Host.
func (c *screen) Complain(err error) { c.session.complain(err) }

// Trace implements repl.Host.
func (c *screen) Trace(on bool) { c.tracing = on }
