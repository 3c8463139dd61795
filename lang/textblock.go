package lang

import "strings"

// readTextBlock reads """…""". When the closing quotes stand alone on their
// line, their indentation is taken from every line, and so are the first line
// break and the last; else the least indentation of the lines that are not blank
// is. What stands on the opening line counts as no line of its own, except that
// a blank rest of it goes with its line break.
func (r *stringReader) readTextBlock() {
	source := r.parser.text
	r.pos += 3
	content := r.pos
	first := len(r.parser.parts)
	if !r.splitTextBlock() {
		return
	}
	end := r.pos
	r.pos += 3
	if strings.IndexByte(source[content:end], '\n') < 0 {
		r.resolveTextBlock(first, content, end, "")
		return
	}
	last := r.source.lineStart(end)
	indent := source[last:end]
	alone := last > content && strings.Trim(indent, " \t") == ""
	if alone {
		end = last - 1
		r.checkIndent(first, content, end, indent)
	} else {
		indent = r.leastIndent(first, content, end)
	}
	if firstBreak := lineEnd(source, content); firstBreak <= end && strings.Trim(source[content:firstBreak], " \t") == "" {
		content = min(firstBreak+1, end)
	}
	r.resolveTextBlock(first, content, end, indent)
}

// splitTextBlock moves to the closing quotes and keeps the interpolations on the
// way as parts. Texts are added once the indentation is known.
func (r *stringReader) splitTextBlock() bool {
	source := r.parser.text
	for r.pos < len(source) {
		switch source[r.pos] {
		case '"':
			if strings.HasPrefix(source[r.pos:], `"""`) {
				return true
			}
		case '\\':
			if strings.HasPrefix(source[r.pos+1:], `"""`) {
				r.pos += 3
			} else if r.pos+1 < len(source) && source[r.pos+1] != '\n' {
				r.pos++
			}
		case '$':
			if byteAt(source, r.pos+1) == '{' {
				at := r.pos
				kept := len(r.parser.parts)
				r.interpolate(inTextBlock)
				if r.fatal {
					return false
				}
				if len(r.parser.parts) == kept { // in error
					r.parser.parts = append(r.parser.parts, StringPart{Span: Span{at, r.pos}})
				}
				continue
			}
		}
		r.pos++
	}
	r.cut = true
	r.giveUp(Span{r.at, r.at + 3}, "the string is never closed", `add """ where it ends`)
	return false
}

// textLines calls visit for the lines of a text block after the one that opens
// it, with the offsets of the line and of its first character that is no blank,
// or of its end. Line breaks inside interpolations begin no lines.
func (r *stringReader) textLines(first, content, end int, visit func(start, text int, blank bool)) {
	source := r.parser.text
	next := first
	for at := content; at < end; at++ {
		if next < len(r.parser.parts) && at == r.parser.parts[next].Span.Start {
			at = r.parser.parts[next].Span.End - 1
			next++
			continue
		}
		if source[at] != '\n' {
			continue
		}
		start := at + 1
		text := start
		for text < end && (source[text] == ' ' || source[text] == '\t') {
			text++
		}
		visit(start, text, text == end || source[text] == '\n')
	}
}

// checkIndent reports the first line that is indented less than the closing
// quotes.
func (r *stringReader) checkIndent(first, content, end int, indent string) {
	reported := false
	r.textLines(first, content, end, func(start, text int, blank bool) {
		if reported || blank || strings.HasPrefix(r.parser.text[start:text], indent) {
			return
		}
		reported = true
		hint := "indent it as far, or move the closing quotes"
		if text-start >= len(indent) {
			hint = "write the same tabs and spaces as before the closing quotes"
		}
		r.wrongEscape(Span{start, min(text+1, end)}, `this line is indented less than the closing """`, hint)
	})
}

// leastIndent gives the indentation that all lines share.
func (r *stringReader) leastIndent(first, content, end int) string {
	indent, found := "", false
	r.textLines(first, content, end, func(start, text int, blank bool) {
		if blank {
			return
		}
		own := r.parser.text[start:text]
		if !found {
			indent, found = own, true
			return
		}
		n := 0
		for n < len(indent) && n < len(own) && indent[n] == own[n] {
			n++
		}
		indent = indent[:n]
	})
	return indent
}

// resolveTextBlock makes the parts of the text between two offsets: the
// interpolations that are kept from first on, and the texts between them.
func (r *stringReader) resolveTextBlock(first, content, end int, indent string) {
	inserted := append([]StringPart(nil), r.parser.parts[first:]...)
	r.parser.parts = r.parser.parts[:first]
	closing := r.pos
	r.pos = content
	if indent != "" && content > 0 && r.parser.text[content-1] == '\n' {
		r.dropIndent(indent, end)
	}
	for _, part := range inserted {
		r.resolveText(part.Span.Start, indent)
		if part.Expression != nil {
			r.parser.parts = append(r.parser.parts, part)
		}
		r.pos = part.Span.End
	}
	r.resolveText(end, indent)
	r.pos = closing
}

// resolveText adds the text from the place of reading to an offset.
func (r *stringReader) resolveText(end int, indent string) {
	r.begin()
	for r.pos < end {
		switch r.parser.text[r.pos] {
		case '\\':
			r.escape()
		case '\n':
			r.pos++
			if start := r.pos; indent != "" {
				r.dropIndent(indent, end)
				if r.pos > start {
					r.replace(start, r.pos, "")
				}
			}
		default:
			r.pos++
		}
	}
	r.finishText(max(r.textStart, end))
}

// dropIndent moves over as much of the indentation as a line has.
func (r *stringReader) dropIndent(indent string, end int) {
	for i := 0; i < len(indent) && r.pos < end && r.parser.text[r.pos] == indent[i]; i++ {
		r.pos++
	}
}
