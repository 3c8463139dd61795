package lang

import (
	"fmt"
	"slices"
	"strings"
)

// blockKeywords are the keywords whose statement has a block; it follows on their
// line.
var blockKeywords = []string{"if", "else", "switch", "while", "for", "function", "failover", "catch", "test"}

// loneKeywords are whole statements.
var loneKeywords = []string{"break", "continue", "return", "stop"}

// laterKeywords begin a later part of a statement.
var laterKeywords = []string{"else", "failover", "catch"}

// meantKeyword reports a word that was probably meant for a keyword, or that is one
// in test files only, and reads over what belongs to it, a block included. It reports
// whether there was such a word.
func (p *parser) meantKeyword() bool {
	start := p.pos
	word := p.word()
	if word == "" || p.reserved(word) || !p.plainAfter(start+len(word)) {
		return false
	}
	span := Span{start, start + len(word)}
	if !p.testFile() && (slices.Contains(testKeywords, word) && p.testFollows(word) || word == "mock" && p.mockLine()) {
		hint := "tests stand in files *_test.flow"
		if word == "test" {
			p.failAt(span, "a test cannot stand in this file", hint)
		} else {
			p.failAt(span, fmt.Sprintf("`%s` stands in tests only", word), hint)
		}
		p.muted++
		p.readOver(word)
		p.muted--
		return true
	}
	candidates := statementKeywords
	if p.testFile() {
		candidates = append(append([]string{"mock"}, testKeywords...), candidates...)
	}
	if c := byteAt(p.text, skipBlanks(p.text, start+len(word))); strings.IndexByte("\x00\n;}", c) >= 0 {
		candidates = loneKeywords
	}
	near := nearKeyword(word, candidates)
	if near == "" {
		return false
	}
	p.failAt(span, fmt.Sprintf("`%s` begins no statement", word), fmt.Sprintf("did you mean `%s`?", near))
	if near == "switch" {
		p.muted++
		defer func() { p.muted-- }()
	}
	p.readOver(near)
	return true
}

// meantLater is meantKeyword for a word after a statement.
func (p *parser) meantLater() bool {
	word := p.word()
	near := nearKeyword(word, laterKeywords)
	if word == "" || near == "" {
		return false
	}
	p.failAt(Span{p.pos, p.pos + len(word)}, fmt.Sprintf("unexpected `%s` after the statement", word), fmt.Sprintf("did you mean `%s`?", near))
	p.readOver(near)
	return true
}

// nearKeyword is the keyword that was probably meant by a word, or "". Of a word of
// two letters only their order may be wrong.
func nearKeyword(word string, candidates []string) string {
	if len(word) == 2 {
		turned := string([]byte{word[1], word[0]})
		if slices.Contains(candidates, turned) {
			return turned
		}
		return ""
	}
	if len(word) > 12 {
		return ""
	}
	return Suggest(word, candidates)
}

// plainAfter reports whether what follows a word on its line may follow a keyword,
// and no operator does.
func (p *parser) plainAfter(end int) bool {
	next := skipBlanks(p.text, end)
	switch c := byteAt(p.text, next); c {
	case 0, '\n', ';', '}', '{', '"', '\'', '`':
		return true
	case '(', '[':
		return next > end
	default:
		return isDigit(c) || nameEnd(p.text, next) > next && !slices.Contains(operatorWords, p.text[next:nameEnd(p.text, next)])
	}
}

// testFollows reports whether what stands behind a keyword of tests makes it one.
func (p *parser) testFollows(word string) bool {
	next := skipBlanks(p.text, p.pos+len(word))
	switch byteAt(p.text, next) {
	case '"', '\'', '`':
		return true
	case 0, '\n', ';', '}', '{':
		return false
	}
	return word == "expect"
}

// mockLine reports whether a component stands behind the word mock.
func (p *parser) mockLine() bool {
	component := skipBlanks(p.text, p.pos+len("mock"))
	end := dottedEnd(p.text, component)
	return end > component && byteAt(p.text, skipBlanks(p.text, end)) == '<'
}

// readOver reads over a statement from its first word on, which was meant for a
// keyword, and over the block whose { stands on the line.
func (p *parser) readOver(keyword string) {
	start := p.pos
	line := p.text[start:lineEnd(p.text, start)]
	open := -1
	trimmed := strings.TrimRight(line, " \t\r")
	switch block := slices.Contains(blockKeywords, keyword); {
	case (block || keyword == "run") && strings.HasSuffix(trimmed, "{"):
		open = len(trimmed) - 1
	case block:
		if blank := strings.Index(line, " {"); blank >= 0 {
			open = blank + 1
		}
	}
	if open < 0 {
		p.skipStatement()
		return
	}
	p.pos = start + open + 1
	p.block(start, true)
}
