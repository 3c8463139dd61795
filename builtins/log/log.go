// Package log is the component `log < message, level >`, with which a flow
// writes to whoever watches it.
package log

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Config is what the host decides.
type Config struct {
	// Sink gets each entry, possibly of several runs at once. Nil means
	// Structured(slog.Default()).
	Sink Sink
}

// Sink takes entries. Its error fails the call.
type Sink func(ctx context.Context, entry Entry) error

// Entry is one message of a flow.
type Entry struct {
	Time    time.Time // of the run
	Level   slog.Level
	Message string // as the flow gave it: it may hold any character
	Flow    string
	Run     string
	Line    int // of the call in its source
}

// Settings are those of log.
type Settings struct {
	Message any    `flow:"message,required" doc:"What is written: a text, or any value that has one."`
	Level   string `flow:"level" enum:"debug,info,warn,error" default:"info" doc:"How much the message matters."`
}

var levels = map[string]slog.Level{
	"": slog.LevelInfo, "debug": slog.LevelDebug, "info": slog.LevelInfo,
	"warn": slog.LevelWarn, "error": slog.LevelError,
}

// New makes the component.
func New(config Config) *runtime.Component {
	sink := config.Sink
	if sink == nil {
		sink = Structured(nil)
	}
	write := func(ctx context.Context, call *runtime.Call, s *Settings) (any, error) {
		message, err := value.Text(s.Message)
		if err != nil {
			return nil, &runtime.Failure{Kind: runtime.KindValue, Setting: "message", Message: err.Error(), Cause: err}
		}
		return nil, sink(ctx, Entry{
			Time:    call.Now(),
			Level:   levels[s.Level],
			Message: message,
			Flow:    call.Flow,
			Run:     call.Run,
			Line:    call.Range.Start.Line,
		})
	}
	return runtime.NewComponent("log", write,
		runtime.Doc("Writes a message for whoever watches the run."),
		runtime.Example(`log < message: "order 7 is late", level: "warn" >`),
		runtime.Explained(explain))
}

func explain(settings map[string]string) runtime.Wording {
	does := "writes " + settings["message"] + " to the log"
	if level := settings["level"]; level != "" {
		does += ", at the level " + strings.Trim(level, `"`)
	}
	return runtime.Wording{Does: does}
}

// Structured hands entries to a logger, with the attributes flow, run and line;
// nil means slog.Default().
func Structured(logger *slog.Logger) Sink {
	return func(ctx context.Context, entry Entry) error {
		to := logger
		if to == nil {
			to = slog.Default()
		}
		to.LogAttrs(ctx, entry.Level, entry.Message,
			slog.String("flow", entry.Flow), slog.String("run", entry.Run), slog.Int("line", entry.Line))
		return nil
	}
}

// Lines writes entries for people, `warn: message`, with control and
// bidirectional characters made visible; the further lines of a message are
// indented below its first.
func Lines(w io.Writer) Sink {
	var mutex sync.Mutex
	return func(_ context.Context, entry Entry) error {
		text := strings.ReplaceAll(lang.Visible(entry.Message), "\n", "\n  ")
		mutex.Lock()
		defer mutex.Unlock()
		if _, err := fmt.Fprintf(w, "%s: %s\n", strings.ToLower(entry.Level.String()), text); err != nil {
			return fmt.Errorf("write the log: %w", err)
		}
		return nil
	}
}
