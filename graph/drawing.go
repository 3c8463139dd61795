package graph

import (
	"cmp"
	"slices"
	"strings"
)

// The measures of a drawing in pixels.
const (
	margin      = 24.0 // around everything, and around a section in its frame
	padding     = 10.0 // of a text in its block
	slant       = 14.0 // of the sides of a condition
	lineHeight  = 17.0
	stubSpace   = 26.0 // between the branches that leave a block, at least
	labelSpace  = 6.0  // between a branch and its label
	labelHeight = 16.0
	labelDrop   = 4.0  // of a label below its block
	trackSpace  = 12.0 // between lines
	gapSpace    = 14.0 // between lines and cells
	arrowSpace  = 20.0 // above a block
	titleHeight = 24.0
	leastWidth  = 110.0
)

var (
	titleFont   = font{size: 17, bold: true}
	boldFont    = font{size: 13, bold: true}
	plainFont   = font{size: 12}
	labelFont   = font{size: 11}
	aboutFont   = font{size: 13}
	aboutLength = 90 // characters of a line of the flow's description
)

type point struct{ x, y float64 }

// box is a rectangle.
type box struct{ x, y, width, height float64 }

// drawnBlock is a block with its place.
type drawnBlock struct {
	*Block
	box
	lines []textLine
}

// textLine is one line of text in a block.
type textLine struct {
	text  string
	class string
	font  font
}

// drawnLabel is the label of a branch.
type drawnLabel struct {
	box
	text string
	kind BranchKind
}

// drawnBranch is a branch as a line with square corners.
type drawnBranch struct {
	branch *Branch
	points []point
}

// drawnSection is a section with its measures; a function has a frame.
type drawnSection struct {
	*Section
	box
	blocks   []drawnBlock
	labels   []drawnLabel
	branches []drawnBranch
}

// drawing is a graph with a place for everything.
type drawing struct {
	*Graph
	about         []string // the description, in lines
	width, height float64
	sections      []*drawnSection
}

func draw(g *Graph) *drawing {
	d := &drawing{Graph: g, about: wrapped(g.Description, aboutLength)}
	d.width = titleFont.width(g.Title)
	for _, line := range d.about {
		d.width = max(d.width, aboutFont.width(line))
	}
	y := margin + titleHeight + float64(len(d.about))*lineHeight + gapSpace
	for _, s := range g.Sections {
		drawn := drawSection(s, point{margin, y})
		d.sections = append(d.sections, drawn)
		d.width = max(d.width, drawn.width)
		y += drawn.height + margin
	}
	d.width, d.height = d.width+2*margin, y
	return d
}

func wrapped(text string, length int) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		last := len(lines) - 1
		if last >= 0 && len([]rune(lines[last]))+1+len([]rune(word)) <= length {
			lines[last] += " " + word
		} else {
			lines = append(lines, clipped(word))
		}
	}
	return lines
}

// plan is a section while it is measured.
type plan struct {
	grid    *grid
	routes  []*route
	blocks  map[*Block]*drawnBlock
	leaving map[*Block][]*route
	stubs   map[*route]float64 // how far right of the block's middle
	// left and right are what a column needs on both sides of its middle.
	left, right []float64
	middles     []float64 // of columns
	columnGaps  []gap
	gapStarts   []float64
	rowTops     []float64
	rowHeights  []float64
	rowGaps     []gap
	width       float64
	height      float64
}

func drawSection(s *Section, at point) *drawnSection {
	g := gridOf(s)
	p := &plan{
		grid: g, routes: routesOf(s, g), blocks: map[*Block]*drawnBlock{}, stubs: map[*route]float64{}, leaving: map[*Block][]*route{},
		left: make([]float64, g.columns), right: make([]float64, g.columns), middles: make([]float64, g.columns),
		columnGaps: make([]gap, g.columns+1), gapStarts: make([]float64, g.columns+1),
		rowTops: make([]float64, g.rows+1), rowHeights: make([]float64, g.rows), rowGaps: make([]gap, g.rows+1),
	}
	for _, r := range p.routes {
		p.leaving[r.branch.From] = append(p.leaving[r.branch.From], r)
	}
	top := 0.0
	if s.Function != "" {
		at.x += margin
		top = titleHeight + padding
	}
	for _, b := range s.Blocks {
		p.measure(b)
	}
	p.placeColumns(at.x)
	p.placeRows(at.y + top)
	drawn := &drawnSection{Section: s, box: box{at.x, at.y, p.width, p.height + top}}
	if s.Function != "" {
		drawn.box.x -= margin
		drawn.box.width = max(drawn.box.width, boldFont.width("function "+s.Function)) + 2*margin
		drawn.box.height += margin
	}
	for _, b := range s.Blocks {
		drawn.blocks = append(drawn.blocks, *p.blocks[b])
	}
	for _, r := range p.routes {
		drawn.branches = append(drawn.branches, drawnBranch{r.branch, p.path(r)})
		if r.branch.Label != "" {
			drawn.labels = append(drawn.labels, p.label(r))
		}
	}
	return drawn
}

// measure finds the size of a block, and where branches leave it.
func (p *plan) measure(b *Block) {
	d := &drawnBlock{Block: b, lines: textLines(b)}
	for _, line := range d.lines {
		d.width = max(d.width, line.font.width(line.text))
	}
	d.width = max(leastWidth, d.width+2*padding)
	d.height = float64(len(d.lines))*lineHeight + 2*padding
	column := p.grid.cells[b].column
	left, right, half := p.placeStubs(b)
	if d.slanted() {
		d.width += 2 * slant
		half += slant
	}
	d.width = max(d.width, 2*half)
	p.left[column] = max(p.left[column], d.width/2, left)
	p.right[column] = max(p.right[column], d.width/2, right)
	p.blocks[b] = d
}

func (d *drawnBlock) slanted() bool { return d.Kind == Condition || d.Kind == Loop }

// placeStubs gives each branch of a block its place below it. It tells what the
// branches and their labels need left and right of the middle, and half the width
// that the block needs for them.
func (p *plan) placeStubs(b *Block) (left, right, half float64) {
	var leftwards, rightwards []*route
	for _, r := range p.leaving[b] {
		label := labelFont.width(r.branch.Label) + 2*labelSpace
		switch {
		case r.centred():
			left = max(left, label)
		case r.goesLeft():
			leftwards = append(leftwards, r)
		default:
			rightwards = append(rightwards, r)
		}
	}
	byReach := func(a, b *route) int { return cmp.Compare(a.reach(), b.reach()) }
	slices.SortStableFunc(leftwards, byReach)
	slices.SortStableFunc(rightwards, byReach)
	for _, r := range rightwards {
		right = max(right, half+stubSpace, stubSpace)
		p.stubs[r], half = right, right
		right += labelFont.width(r.branch.Label) + 2*labelSpace
	}
	for _, r := range leftwards {
		left = max(left, stubSpace)
		p.stubs[r], half = -left, max(half, left)
		left += max(stubSpace, labelFont.width(r.branch.Label)+2*labelSpace)
	}
	if half > 0 {
		half += padding
	}
	return left, right, half
}

// textLines are the texts of a block.
func textLines(b *Block) []textLine {
	var lines []textLine
	title := b.Title
	if len(b.Labels) > 0 {
		title = strings.TrimRight(strings.Join(b.Labels, ": ")+": "+title, " ")
	}
	if title != "" {
		lines = append(lines, textLine{clipped(title), "title", boldFont})
	}
	if b.Description != "" {
		lines = append(lines, textLine{b.Description, "about", plainFont})
	}
	for _, line := range b.Lines {
		lines = append(lines, textLine{line, "text", plainFont})
	}
	return lines
}
