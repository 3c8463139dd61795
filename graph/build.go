package graph

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"flowrun/lang"
)

// Option changes what Build makes.
type Option func(*builder)

// ShowSettings tells which settings of a call its block shows, by the name of the
// component. Where it gives none, and without it, they are the first ones, and the
// text of one whose key sounds like a secret (password, secret, token, key, apiKey)
// is not shown.
func ShowSettings(chief func(component string) []string) Option {
	return func(b *builder) { b.chief = chief }
}

// Build makes the graph of a file without errors of syntax. What else may be
// wrong with the flow does not matter: a goto to nowhere leads nowhere. No file, nil, is one without a statement.
func Build(file *lang.File, options ...Option) *Graph {
	if file == nil {
		file, _ = lang.Parse("", "")
	}
	b := &builder{file: file}
	for _, option := range options {
		option(b)
	}
	b.graph = &Graph{}
	if file.Source.Name != "" {
		b.graph.Title = visible(filepath.Base(file.Source.Name))
	}
	b.readHeader()
	flow := &Section{}
	b.section(flow, b.start(), file.Body)
	for _, statement := range file.Body.Statements {
		if f, ok := statement.(*lang.Function); ok {
			b.section(&Section{Function: visible(f.Name.Text)}, b.functionStart(f), f.Body)
		}
	}
	return b.graph
}

// builder makes a graph.
type builder struct {
	file     *lang.File
	chief    func(component string) []string
	graph    *Graph
	goesOn   bool // after errors, by the header
	blocks   int
	building *sectionBuilder
}

// sectionBuilder is what is known of a section while it is built.
type sectionBuilder struct {
	section *Section
	open    []opening
	labels  map[string]*Block
	gotos   []openGoto
	breaks  []opening // end the run: the setting break
	loops   []*openLoop
	started int       // how many loops were
	into    *sequence // where blocks are placed
}

// opening is a branch whose target is not known yet; without a block it is a
// label that names whatever comes next.
type opening struct {
	from  *Block
	kind  BranchKind
	label string
	main  bool
	name  string
}

type openGoto struct {
	opening
	target string
}

// openLoop is a loop whose body is being built.
type openLoop struct {
	head   *Block
	number int
	breaks []opening
}

func (b *builder) section(s *Section, start *Block, body *lang.Block) {
	b.graph.Sections = append(b.graph.Sections, s)
	b.building = &sectionBuilder{section: s, labels: map[string]*Block{}}
	c := b.building
	c.into = &s.shape
	b.place(start)
	c.open = []opening{{from: start, main: true}}
	b.statements(body)
	if s.Function == "" {
		c.open = append(c.open, c.breaks...)
	}
	last := b.line(max(body.Span.Start, body.Span.End-1))
	if len(c.open) > 0 {
		b.place(&Block{Kind: End, Title: "end", Line: last})
	}
	if s.Function != "" && len(c.breaks) > 0 {
		c.open = c.breaks
		b.place(&Block{Kind: End, Title: "stop", Line: last})
	}
	for _, block := range s.Blocks {
		block.shorten()
	}
	for _, g := range c.gotos {
		if to := c.labels[g.target]; to != nil {
			s.Branches = append(s.Branches, &Branch{From: g.from, To: to, Kind: g.kind, Label: g.label, main: g.main})
		}
	}
}

// place adds a block below the one before, and everything open leads to it.
func (b *builder) place(block *Block) *Block {
	b.building.into.items = append(b.building.into.items, &item{block: block})
	return b.add(block)
}

func (b *builder) add(block *Block) *Block {
	b.blocks++
	block.ID = fmt.Sprintf("b%d", b.blocks)
	c := b.building
	c.section.Blocks = append(c.section.Blocks, block)
	for _, o := range c.open {
		b.close(o, block, o.kind, 0)
	}
	c.open = nil
	return block
}

// close gives an opening its target.
func (b *builder) close(o opening, to *Block, kind BranchKind, loop int) {
	c := b.building
	if o.from == nil {
		to.Labels = append(to.Labels, visible(o.name))
		c.labels[o.name] = to
		return
	}
	c.section.Branches = append(c.section.Branches, &Branch{From: o.from, To: to, Kind: kind, Label: o.label, main: o.main, loop: loop})
}

// jump takes away everything open, as the statement word does, and gives the
// branches to whoever knows where they lead. A label before the statement needs a
// block to name.
func (b *builder) jump(word string, at lang.Span) []opening {
	c := b.building
	if slices.ContainsFunc(c.open, func(o opening) bool { return o.from == nil }) {
		block := b.place(&Block{Kind: Jump, Title: word, Line: b.line(at.Start)})
		return []opening{{from: block, kind: Leap, main: true}}
	}
	taken := c.open
	c.open = nil
	return leaping(taken, word)
}

// leaping marks openings as leaps for a reason. That of a failure stays one.
func leaping(openings []opening, word string) []opening {
	for i := range openings {
		if openings[i].kind != OnFailure {
			openings[i].kind = Leap
		}
		openings[i].label = joined(openings[i].label, word)
	}
	return openings
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

func (b *builder) line(offset int) int { return b.file.Source.LineOf(offset) }
