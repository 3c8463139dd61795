package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// palette colours what goes to one stream, or leaves it as it is.
type palette struct {
	terminal bool
	color    bool
	width    int // of the terminal in columns; 0 when it is none, or not known
}

// paletteFor has colours when the stream is a terminal that knows them and
// NO_COLOR (https://no-color.org) is not set.
func paletteFor(stream io.Writer, env func(string) (string, bool)) palette {
	file, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return palette{}
	}
	noColor, _ := env("NO_COLOR")
	terminal, _ := env("TERM")
	p := palette{terminal: true, color: noColor == "" && terminal != "dumb"}
	if width, _, err := term.GetSize(int(file.Fd())); err == nil {
		p.width = width
	}
	return p
}

func (p palette) paint(code, text string) string {
	if !p.color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p palette) bold(text string) string  { return p.paint("1", text) }
func (p palette) dim(text string) string   { return p.paint("2", text) }
func (p palette) red(text string) string   { return p.paint("1;31", text) }
func (p palette) green(text string) string { return p.paint("32", text) }
