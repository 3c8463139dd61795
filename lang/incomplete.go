package lang

// Incomplete reports whether a text ends inside of something that the next line
// can complete: a bracket, the `<` of a call, a block, a string of several lines or
// a comment that is open, or an expression whose last token joins lines. What
// follows a complete statement never counts, so that an `else` has to begin on the
// line of the `}` before it: this is the line rule for those who read a flow line
// by line, as a prompt does.
func Incomplete(text string, opts ...Option) bool {
	p := newFileParser("", text, opts)
	if isValue(p.text) {
		p.expression(inStatement)
		return p.cut
	}
	p.file()
	return p.cut
}

// cutAtEnd notes that something is open, if the text has ended.
func (p *parser) cutAtEnd() {
	if !p.fatal && p.pos >= len(p.text) {
		p.cut = true
	}
}

// cutInside notes that an expression is open, if the text has ended. One in a
// quoted string must end on its line, and a `>` joins no lines.
func (c *capture) cutInside() {
	closing := c.outside() && c.end == c.lastAt+1 && byteAt(c.parser.text, c.lastAt) == '>'
	if c.context == inTemplate || closing || c.fatal {
		return
	}
	if c.start >= 0 && skipLines(c.parser.text, c.pos) >= len(c.parser.text) {
		c.cut = true
	}
}
