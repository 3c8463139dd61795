package lang

import (
	"fmt"
	"strings"
)

// call reads `component < settings > [failover { }] [catch [name] { }]`; the
// target, if any, is read already.
func (p *parser) call(start int, target *Target) Statement {
	p.openWindow()
	p.emit(tokenName, p.pos, dottedEnd(p.text, p.pos))
	p.pos = p.windowEnd()
	p.skipBlanks()
	open := p.pos
	p.emit(tokenMark, open, open+1)
	p.pos++
	p.settings(open)
	head, _, ok := parseInto(p, p.heads.freshCall(), callParser)
	statement := &Call{
		Target:    target,
		Component: nameOf(head.Component),
		Settings:  p.settingsOf(head.Settings),
		Close:     tokenSpan(head.Close),
	}
	if !ok {
		statement.Component = nameOf(p.window[0])
		statement.Close = Span{p.windowEnd(), p.windowEnd()}
	}
	statement.Span = Span{start, statement.Close.End}
	p.callBlocks(statement)
	return statement
}

// settings reads settings and the `>` that ends them, which is left out of the
// window when it is missing.
func (p *parser) settings(open int) {
	outer := p.settingsOpen
	p.settingsOpen = open
	defer func() { p.settingsOpen = outer }()
	separated := true
	for {
		p.skipBlanks()
		if p.peek() == '\n' && p.settingsEnded(skipLines(p.text, p.pos)) {
			p.settingsNeverClosed(open)
			return
		}
		separated = p.skipLines() || separated
		if p.done() || p.peek() == '}' {
			p.cutAtEnd()
			p.settingsNeverClosed(open)
			return
		}
		switch p.peek() {
		case '>':
			p.emit(tokenMark, p.pos, p.pos+1)
			p.pos++
			return
		case ',', ';':
			p.separator(open)
			separated = true
			continue
		}
		p.setting(separated)
		separated = false
	}
}

// settingsEnded reports whether the line that begins at an offset is a new
// statement, so that the settings above it were never closed.
func (p *parser) settingsEnded(at int) bool {
	if startsStatement(p.text, at, false) || p.startsTestStatement(at) {
		return true
	}
	end := nameEnd(p.text, at)
	colon := skipBlanks(p.text, end)
	if end == at || byteAt(p.text, colon) != ':' {
		return false
	}
	after := skipBlanks(p.text, colon+1)
	return byteAt(p.text, after) == '\n' && startsStatement(p.text, skipLines(p.text, after), false)
}

// settingsNeverClosed reports settings without their `>`, unless the last value
// is in error and holds one: it has swallowed it.
func (p *parser) settingsNeverClosed(open int) {
	p.angleOpen = true
	if len(p.captured) > p.taken {
		last := p.captured[len(p.captured)-1]
		if last.Bad && strings.IndexByte(p.text[last.Span.Start:last.Span.End], '>') >= 0 {
			return
		}
	}
	p.failAt(Span{open, open + 1}, "the < is never closed", "add > after the last setting")
}

// separator reads the comma after a setting.
func (p *parser) separator(open int) {
	span := Span{p.pos, p.pos + 1}
	last := p.window[len(p.window)-1:]
	switch {
	case p.peek() == ';':
		p.failAt(span, "`;` cannot stand between settings", "separate them by commas or line breaks")
	case len(last) == 0 || last[0].Pos.Offset == open:
		p.failAt(span, "there is no setting before this comma", "remove it")
	case last[0].Type == tokenSeparator:
		p.failAt(span, "there is no setting between the commas", "remove one of them")
	}
	p.emit(tokenSeparator, span.Start, span.End)
	p.pos++
}

// setting reads `key: value`.
func (p *parser) setting(separated bool) {
	text := p.text
	start := p.pos
	key := p.settingKey()
	if key == (Span{}) {
		p.noSetting()
		return
	}
	if !separated {
		p.failAt(key, fmt.Sprintf("missing comma before %q", text[key.Start:key.End]), "separate settings by commas or line breaks")
	}
	p.skipBlanks()
	mark := p.pos
	if p.peek() != ':' {
		p.failAt(Span{mark, mark + 1}, fmt.Sprintf("a setting is written with a colon, not with `%c`", p.peek()), fmt.Sprintf("write %s: value", text[key.Start:key.End]))
	}
	p.emit(tokenKey, key.Start, key.End)
	p.pos++
	p.mark(mark, mark+1)
	p.skipBlanks()
	value := p.expression(inSetting)
	if value == nil {
		p.failAt(Span{start, mark + 1}, fmt.Sprintf("the setting %q has no value", text[key.Start:key.End]), "write its value on this line")
		value = p.missing(mark + 1)
		p.skipStrayValue()
	}
	p.emitExpression(value)
}

// settingKey reads a key if `:` follows, or a `=` in its place; otherwise it
// reads nothing.
func (p *parser) settingKey() Span {
	end := nameEnd(p.text, p.pos)
	key := Span{p.pos, end}
	if end == p.pos {
		if !keyFollows(p.text, p.pos) {
			return Span{}
		}
		quote := p.text[p.pos]
		length := 1
		for p.text[p.pos+length] != quote {
			length++
		}
		key = Span{p.pos + 1, p.pos + length}
		end = p.pos + length + 1
		p.failAt(Span{p.pos, end}, "a setting's key is written without quotes", "write "+p.text[key.Start:key.End]+":")
		if key.Start == key.End {
			key.End = end
		}
	}
	next := skipBlanks(p.text, end)
	if byteAt(p.text, next) != ':' && !assigns(p.text, next) {
		return Span{}
	}
	p.pos = end
	return key
}

// noSetting reports something that is no setting and reads over it.
func (p *parser) noSetting() {
	start := p.pos
	p.muted++
	stray := p.expression(inSetting)
	p.muted--
	if p.fatal {
		return
	}
	span := Span{start, wordEnd(p.text, start)}
	if stray != nil {
		span = stray.Span
	}
	if p.pos == start {
		p.pos = wordEnd(p.text, start)
		span.End = p.pos
	}
	hint := "write key: value"
	if end := nameEnd(p.text, start); end > start {
		hint = fmt.Sprintf("write %s: value", p.text[start:end])
	}
	p.failAt(span, "this is no setting", hint)
}

// skipStrayValue reads over a value that stands on the line below its key.
func (p *parser) skipStrayValue() {
	if p.peek() != '\n' {
		return
	}
	next := skipLines(p.text, p.pos)
	if next >= len(p.text) || keyFollows(p.text, next) || startsStatement(p.text, next, false) {
		return
	}
	switch p.text[next] {
	case '>', ',', '}', ';':
		return
	}
	p.skipLines()
	p.muted++
	p.expression(inSetting)
	p.muted--
}

func (p *parser) settingsOf(list settingList) []*Setting {
	if len(list.pairs) == 0 {
		return nil
	}
	values := p.settingValues.Some(len(list.pairs))
	settings := p.settingLists.Some(len(list.pairs))
	for i, pair := range list.pairs {
		settings[i] = &values[i]
		values[i] = Setting{
			Span:  Span{pair.key.Pos.Offset, tokenSpan(pair.value).End},
			Key:   nameOf(pair.key),
			Value: p.expressionOf(pair.value),
		}
	}
	return settings
}

func hasSetting(settings []*Setting, key string) bool {
	for _, setting := range settings {
		if setting.Key.Text == key {
			return true
		}
	}
	return false
}

// callBlocks reads the blocks after a call.
func (p *parser) callBlocks(statement *Call) {
	for {
		next := skipLines(p.text, p.pos)
		word := p.text[next:nameEnd(p.text, next)]
		if word != "failover" && word != "catch" || byteAt(p.text, skipBlanks(p.text, next+len(word))) == ':' {
			return
		}
		p.skipLines()
		span := Span{p.pos, p.pos + len(word)}
		var block *Block
		if word == "failover" {
			if statement.Failover != nil {
				p.failAt(span, "a call has one failover", "")
			} else if statement.Catch != nil {
				p.failAt(span, "failover stands before catch", "move it in front of the catch")
			}
			if !hasSetting(statement.Settings, "limit") {
				p.failAt(span, "`failover` needs the setting limit", "for failures write `catch`")
			}
			block = p.plainBlock("failover")
			statement.Failover = block
		} else {
			if statement.Catch != nil {
				p.failAt(span, "a call has one catch", "")
			}
			caught := p.catch()
			statement.Catch, block = caught, caught.Body
		}
		statement.Span.End = block.Span.End
		if p.fatal {
			return
		}
	}
}

func (p *parser) catch() *Catch {
	start := p.pos
	p.openWindow()
	p.emit(tokenKeyword, p.pos, p.pos+len("catch"))
	p.pos = p.windowEnd()
	p.headTokens(headRule{block: true})
	head, wrong, ok := parseHead(p, catchParser)
	if !ok {
		p.wrongHead(wrong, "catch", "write catch name { … }")
	}
	body := p.block(start, ok)
	return &Catch{Span: Span{start, body.Span.End}, Name: optionalName(head.Name), Body: body}
}
