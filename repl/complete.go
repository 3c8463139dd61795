package repl

import (
	"maps"
	"slices"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
)

// Candidate is what could stand in the place of the word before the cursor.
type Candidate struct {
	Text  string
	About string
}

// Completion is what could follow: candidates that begin with the word that starts
// at an offset.
type Completion struct {
	Start      int
	Candidates []Candidate
}

// Completion finds what could stand at the end of a text, which is an entry up to
// the cursor.
func (r *REPL) Completion(text string) Completion {
	if isCommand(text) {
		return r.completeCommand(text)
	}
	c := newCursor(text, func(name string) bool {
		_, known := r.find(name)
		return known
	})
	var candidates []Candidate
	switch {
	case c.comment:
	case c.quoted:
		candidates = r.values(c)
	case c.after(".", "?."):
		candidates = r.members(c)
	case c.keyStands():
		candidates = r.keys(c)
	case c.valueStands():
		candidates = append(r.values(c), r.operands(c)...)
	case c.statementStands():
		candidates = slices.Concat(r.callables(), keywords(), r.operands(c))
	case c.after("="):
		candidates = append(r.callables(), r.operands(c)...)
	default:
		candidates = r.operands(c)
	}
	return c.matching(candidates)
}

// cursor is the place at the end of a text.
type cursor struct {
	text    string
	word    string       // that ends here, perhaps not complete
	before  []lang.Token // it
	open    []int        // tokens that open what is open, outermost first
	quoted  bool         // inside a string without interpolations; word is its beginning
	comment bool         // inside a comment or another string
}

// newCursor looks at a text; known tells what can be called.
func newCursor(text string, known func(name string) bool) *cursor {
	c := &cursor{text: text, before: lang.Tokens(text)}
	if n := len(c.before); n > 0 {
		switch last := c.before[n-1]; {
		case last.Kind == lang.TextToken && last.Open:
			c.quoted = strings.HasPrefix(c.textOf(n-1), `"`) && !strings.Contains(c.textOf(n-1), "\n")
			c.comment = !c.quoted
			c.take()
		case last.Kind == lang.CommentToken && last.Span.End == len(text):
			c.comment = true
		case last.Span.End == len(text) && isWord(last.Kind):
			c.take()
		}
	}
	c.findOpen(known)
	return c
}

func isWord(kind lang.TokenKind) bool {
	return kind == lang.NameToken || kind == lang.CalledToken || kind == lang.KeyToken || kind == lang.KeywordToken
}

// take makes the last token the word.
func (c *cursor) take() {
	n := len(c.before) - 1
	c.word = c.textOf(n)
	c.before = c.before[:n]
}

func (c *cursor) textOf(i int) string {
	return c.text[c.before[i].Span.Start:c.before[i].Span.End]
}

// findOpen goes through the marks that open and close. The `<` of a call does also
// where its first key is not complete.
func (c *cursor) findOpen(known func(name string) bool) {
	closes := map[string]string{")": "(", "]": "[", "}": "{", ">": "<"}
	for i, token := range c.before {
		if token.Kind != lang.OperatorToken {
			continue
		}
		mark := c.textOf(i)
		switch mark {
		case "(", "[", "{", "${":
			c.open = append(c.open, i)
		case "<":
			if name := c.nameBefore(i); name != "" && known(name) {
				c.open = append(c.open, i)
			}
		case ")", "]", "}", ">":
			if n := len(c.open); n > 0 && strings.TrimPrefix(c.textOf(c.open[n-1]), "$") == closes[mark] {
				c.open = c.open[:n-1]
			}
		}
	}
}

// after reports whether one of these marks stands before the word.
func (c *cursor) after(marks ...string) bool {
	n := len(c.before)
	return n > 0 && c.before[n-1].Kind == lang.OperatorToken && slices.Contains(marks, c.textOf(n-1))
}

// newLine reports whether the word is the first of its line.
func (c *cursor) newLine() bool {
	n := len(c.before)
	return n == 0 || strings.Contains(c.text[c.before[n-1].Span.End:len(c.text)-len(c.word)], "\n")
}

// called is the name of the call whose settings are open here, or "".
func (c *cursor) called() string {
	if len(c.open) == 0 || c.textOf(c.open[len(c.open)-1]) != "<" {
		return ""
	}
	return c.nameBefore(c.open[len(c.open)-1])
}

// nameBefore is the dotted name that stands before a token, or "".
func (c *cursor) nameBefore(i int) string {
	if i == 0 {
		return ""
	}
	end := c.before[i-1].Span.End
	start := c.before[i-1].Span.Start
	for i -= 2; i >= 0 && c.before[i].Span.End == start && (isWord(c.before[i].Kind) || c.textOf(i) == "."); i-- {
		start = c.before[i].Span.Start
	}
	return c.text[start:end]
}

// keyStands reports whether the key of a setting can stand here.
func (c *cursor) keyStands() bool {
	return c.called() != "" && (c.after("<", ",") || c.newLine() && !c.after(":"))
}

// valueStands reports whether the value of a setting begins here.
func (c *cursor) valueStands() bool { return c.called() != "" && c.key() != "" }

// key is the key of the setting whose value begins here, or "".
func (c *cursor) key() string {
	n := len(c.before)
	if n < 2 || !c.after(":") || c.before[n-2].Kind != lang.KeyToken {
		return ""
	}
	return c.textOf(n - 2)
}

// statementStands reports whether a statement can begin here.
func (c *cursor) statementStands() bool {
	if n := len(c.open); n > 0 && c.textOf(c.open[n-1]) != "{" {
		return false
	}
	return c.newLine() || c.after(";", "{", "}", ">")
}

// matching leaves the candidates that begin with the word.
func (c *cursor) matching(candidates []Candidate) Completion {
	matching := Completion{Start: len(c.text) - len(c.word)}
	seen := map[string]bool{}
	for _, candidate := range candidates {
		if strings.HasPrefix(candidate.Text, c.word) && !seen[candidate.Text] {
			seen[candidate.Text] = true
			matching.Candidates = append(matching.Candidates, candidate)
		}
	}
	slices.SortStableFunc(matching.Candidates, func(a, b Candidate) int { return strings.Compare(a.Text, b.Text) })
	return matching
}

// callables are the beginnings of calls.
func (r *REPL) callables() []Candidate {
	var candidates []Candidate
	for _, component := range r.engine.Components() {
		about, _, _ := strings.Cut(component.Doc(), ". ")
		candidates = append(candidates, Candidate{component.Name() + " < ", about})
	}
	for _, fn := range r.session.Functions() {
		candidates = append(candidates, Candidate{fn.Name + " < ", "function"})
	}
	return candidates
}

func keywords() []Candidate {
	var candidates []Candidate
	for _, word := range lang.Keywords() {
		candidates = append(candidates, Candidate{Text: word})
	}
	return candidates
}

// operands are what an expression consists of. There are too many functions to list
// them before a letter is typed.
func (r *REPL) operands(c *cursor) []Candidate {
	var candidates []Candidate
	for _, name := range r.session.Names() {
		candidates = append(candidates, Candidate{name, "variable"})
	}
	builtins := runtime.Builtins()
	for _, name := range slices.Sorted(maps.Keys(builtins)) {
		if c.word != "" {
			candidates = append(candidates, Candidate{name + "(", builtins[name]})
		}
	}
	for _, word := range []string{"true", "false", "nil", "not"} {
		candidates = append(candidates, Candidate{Text: word})
	}
	return candidates
}

// keys are the settings that the call around the cursor can still be given.
func (r *REPL) keys(c *cursor) []Candidate {
	found, ok := r.find(c.called())
	if !ok {
		return nil
	}
	given := map[string]bool{}
	for i := c.open[len(c.open)-1]; i < len(c.before); i++ {
		if c.before[i].Kind == lang.KeyToken {
			given[c.textOf(i)] = true
		}
	}
	var candidates []Candidate
	for _, s := range slices.Concat(found.settings, runtime.UniversalSettings()) {
		if !given[s.Key] && (s.Alias == "" || !given[s.Alias]) {
			candidates = append(candidates, Candidate{s.Key + ": ", s.Doc})
		}
	}
	return candidates
}

// values are those that the settings of the call name: the strings allowed, true and
// false, or variables.
func (r *REPL) values(c *cursor) []Candidate {
	found, _ := r.find(c.called())
	for _, s := range slices.Concat(found.settings, runtime.UniversalSettings()) {
		if c.key() == "" || s.Key != c.key() && s.Alias != c.key() {
			continue
		}
		var candidates []Candidate
		for _, allowed := range s.Enum {
			candidates = append(candidates, Candidate{`"` + allowed + `"`, s.Doc})
		}
		if s.Type == "bool" {
			candidates = append(candidates, Candidate{"true", s.Doc}, Candidate{"false", s.Doc})
		}
		return candidates
	}
	return nil
}

// completeCommand completes the name of a command, or what follows it.
func (r *REPL) completeCommand(text string) Completion {
	start := strings.LastIndexByte(text, ' ') + 1
	name, _, spaced := strings.Cut(strings.TrimSpace(text[:start])+" ", " ")
	c := &cursor{text: text, word: text[start:]}
	var candidates []Candidate
	switch {
	case !spaced || name == "":
		for _, known := range r.commands() {
			word := ":" + known.name
			if known.argument != "" {
				word += " "
			}
			candidates = append(candidates, Candidate{word, known.about})
		}
	case name == ":doc":
		candidates = r.documented(c.word)
	case name == ":trace":
		candidates = []Candidate{{Text: "on"}, {Text: "off"}}
	case r.files != nil && (name == ":load" || name == ":save"):
		c.word = strings.TrimPrefix(text[len(name):], " ")
		candidates = r.flowFiles(c.word)
	}
	return c.matching(candidates)
}
