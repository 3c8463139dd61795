package graph

import (
	"fmt"
	"slices"
	"strings"

	"flowrun/internal/excerpt"
	"flowrun/lang"
)

const (
	mostCharacters  = 44 // of one line of a block
	mostLines       = 7  // of a block, beside its title
	mostSettings    = 3  // of a call, unless ShowSettings says which
	failing         = "fail"
	continueOnError = "continue"
)

// universal are the settings of every call that its block shows; description and
// break have places of their own.
var universal = []string{"limit", "timeout"}

func visible(text string) string { return excerpt.Line(text, mostCharacters) }

func clipped(text string) string { return excerpt.Cut(text, mostCharacters) }

// shorten leaves out lines of a block that has too many.
func (block *Block) shorten() {
	if more := len(block.Lines) - mostLines; more > 0 {
		block.Lines = append(block.Lines[:mostLines:mostLines], fmt.Sprintf("… %d more", more))
	}
}

// short gives a piece of the source on one line.
func (b *builder) short(span lang.Span) string {
	return excerpt.Source(b.file.Source, span, mostCharacters)
}

// value gives an expression on one line.
func (b *builder) value(e *lang.Expression) string {
	return excerpt.Value(b.file.Source, e, mostCharacters)
}

func (b *builder) readHeader() {
	header := b.file.Header
	if header == nil {
		return
	}
	if header.Name != nil && strings.TrimSpace(header.Name.Text()) != "" {
		b.graph.Title = visible(header.Name.Text())
	}
	for _, s := range header.Settings {
		literal := s.Value.Literal()
		switch {
		case literal == nil:
		case s.Key.Text == "description":
			b.graph.Description = lang.VisibleLine(literal.Text())
		case s.Key.Text == "onError":
			b.goesOn = literal.Text() == continueOnError
		}
	}
}

// start is the block with the inputs of the flow.
func (b *builder) start() *Block {
	block := &Block{Kind: Start, Title: "start", Line: 1}
	if header := b.file.Header; header != nil {
		block.Line = b.line(header.Span.Start)
		if header.Type != nil {
			block.Title = visible(header.Type.Text) + " flow"
		}
	}
	for _, statement := range b.file.Body.Statements {
		if input, ok := statement.(*lang.Input); ok {
			block.Lines = append(block.Lines, b.declared("input "+input.Name.Text, input.Type, input.Default))
		}
	}
	return block
}

// functionStart is the block with the parameters of a function.
func (b *builder) functionStart(f *lang.Function) *Block {
	block := &Block{Kind: Start, Title: "start", Line: b.line(f.Span.Start)}
	for _, p := range f.Parameters {
		block.Lines = append(block.Lines, b.declared(p.Name.Text, p.Type, p.Default))
	}
	return block
}

func (b *builder) declared(name string, typ *lang.Name, fallback *lang.Expression) string {
	if typ != nil {
		name += ": " + typ.Text
	}
	name = visible(name)
	if fallback != nil {
		name = clipped(name + " = " + b.value(fallback))
	}
	return name
}

func settingOf(call *lang.Call, key string) *lang.Setting {
	for _, s := range call.Settings {
		if s.Key.Text == key {
			return s
		}
	}
	return nil
}

// callBlock is the block of a call. One that always fails, where nothing takes
// the failure, is an end.
func (b *builder) callBlock(s *lang.Call) *Block {
	block := &Block{Kind: Call, Title: visible(s.Component.Text), Line: b.line(s.Span.Start)}
	if s.Target != nil {
		block.Title = visible(b.short(s.Target.Span) + " = " + s.Component.Text)
	}
	if s.Component.Text == failing && s.Catch == nil && s.Failover == nil && !b.goesOn {
		block.Kind, block.Failure = End, true
	}
	if d := settingOf(s, "description"); d != nil {
		if literal := d.Value.Literal(); literal != nil && !literal.Template() {
			block.Description = visible(literal.Text())
		}
	}
	keys := b.chiefOf(s)
	for _, setting := range shown(s, keys) {
		value := b.value(setting.Value)
		if len(keys) == 0 {
			value = excerpt.Setting(b.file.Source, setting, mostCharacters)
		}
		block.Lines = append(block.Lines, clipped(visible(setting.Key.Text)+": "+value))
	}
	return block
}

// chiefOf are the settings of a call to show, as ShowSettings says.
func (b *builder) chiefOf(s *lang.Call) []string {
	if b.chief == nil {
		return nil
	}
	return b.chief(s.Component.Text)
}

// shown are the settings of a call that its block shows: those with the keys, or the
// first ones.
func shown(s *lang.Call, keys []string) []*lang.Setting {
	var shown []*lang.Setting
	for _, setting := range s.Settings {
		key := setting.Key.Text
		switch {
		case key == "description" || key == "break":
		case slices.Contains(universal, key):
		case len(keys) > 0 && slices.Contains(keys, key), len(keys) == 0 && len(shown) < mostSettings:
			shown = append(shown, setting)
		}
	}
	for _, key := range universal {
		if setting := settingOf(s, key); setting != nil {
			shown = append(shown, setting)
		}
	}
	return shown
}
