package graph

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// WriteSVG writes a picture that stands alone: it refers to nothing outside, runs
// nothing, and brings its own background, light or dark as its reader wishes.
func (g *Graph) WriteSVG(w io.Writer) error {
	s := &svg{drawing: draw(g)}
	s.document()
	_, err := io.WriteString(w, s.out.String())
	return err
}

// svg writes a drawing.
type svg struct {
	*drawing
	out strings.Builder
}

// svgStyle has the colours of both backgrounds.
const svgStyle = `
text { font-family: Helvetica, Arial, "Liberation Sans", sans-serif; font-size: 12px; fill: #1f2430; white-space: pre; }
.ground { fill: #ffffff; }
.name { font-size: 17px; font-weight: bold; }
.note { font-size: 13px; fill: #59606c; }
.title { font-size: 13px; font-weight: bold; }
.about { font-style: italic; fill: #454c59; }
.frame { fill: none; stroke: #a3aab6; stroke-dasharray: 2 3; }
.block { stroke-width: 1.3; }
.start { fill: #e4f3e7; stroke: #3d8b52; }
.call { fill: #e6effb; stroke: #3a6fb5; }
.assign { fill: #f2f3f5; stroke: #7d8592; }
.condition, .loop { fill: #fdf3da; stroke: #b0851f; }
.jump { fill: #f3eafa; stroke: #8250b4; }
.end { fill: #e4e7ec; stroke: #59606c; }
.failure { fill: #fde8e6; stroke: #c2392b; }
.line { fill: none; stroke-width: 1.4; }
.label { font-size: 11px; }
.line.next { stroke: #59606c; }
.line.back { stroke: #b0851f; }
.line.onfailure { stroke: #c2392b; stroke-dasharray: 6 3; }
.line.leap { stroke: #8250b4; stroke-dasharray: 2 3; stroke-linecap: round; }
.arrow.next, .label.next { fill: #59606c; }
.arrow.back { fill: #b0851f; }
.label.back { fill: #86620c; }
.arrow.onfailure, .label.onfailure { fill: #c2392b; }
.arrow.leap, .label.leap { fill: #8250b4; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e9ef; }
  .ground { fill: #14171d; }
  .note { fill: #a3aab6; }
  .about { fill: #bcc3ce; }
  .frame { stroke: #59606c; }
  .start { fill: #17301e; stroke: #57b373; }
  .call { fill: #16283f; stroke: #6aa3ee; }
  .assign { fill: #23272f; stroke: #8d95a3; }
  .condition, .loop { fill: #362b10; stroke: #d9aa3c; }
  .jump { fill: #2b1f38; stroke: #b48ae0; }
  .end { fill: #2a2f38; stroke: #a3aab6; }
  .failure { fill: #3d1a17; stroke: #ef7a6d; }
  .line.next { stroke: #a3aab6; }
  .line.back { stroke: #d9aa3c; }
  .line.onfailure { stroke: #ef7a6d; }
  .line.leap { stroke: #b48ae0; }
  .arrow.next, .label.next { fill: #a3aab6; }
  .arrow.back, .label.back { fill: #d9aa3c; }
  .arrow.onfailure, .label.onfailure { fill: #ef7a6d; }
  .arrow.leap, .label.leap { fill: #b48ae0; }
}
`

var (
	kindClasses   = [...]string{Start: "start", Call: "call", Assign: "assign", Condition: "condition", Loop: "loop", Jump: "jump", End: "end"}
	branchClasses = [...]string{Next: "next", Back: "back", OnFailure: "onfailure", Leap: "leap"}
)

func (s *svg) document() {
	fmt.Fprintf(&s.out, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s" role="img" aria-labelledby="flow-title flow-description">`+"\n",
		number(s.width), number(s.height))
	fmt.Fprintf(&s.out, "<title id=\"flow-title\">%s</title>\n<desc id=\"flow-description\">%s</desc>\n", escaped("Flow "+s.Title), escaped(s.summary()))
	fmt.Fprintf(&s.out, "<style>%s</style>\n", svgStyle)
	fmt.Fprintf(&s.out, `<rect class="ground" width="%s" height="%s" rx="8"/>`+"\n", number(s.width), number(s.height))
	s.text("name", margin, margin+titleFont.size, s.Title)
	for i, line := range s.about {
		s.text("note", margin, margin+titleHeight+float64(i+1)*lineHeight-4, line)
	}
	for _, section := range s.sections {
		s.section(section)
	}
	s.out.WriteString("</svg>\n")
}

// summary describes the picture to those who do not see it.
func (g *Graph) summary() string {
	blocks := 0
	for _, section := range g.Sections {
		blocks += len(section.Blocks)
	}
	return strings.TrimSpace(fmt.Sprintf("%s A diagram of %d blocks, from the start at the top to the end.", g.Description, blocks))
}

func (s *svg) section(section *drawnSection) {
	s.out.WriteString("<g>\n")
	if section.Function != "" {
		fmt.Fprintf(&s.out, `<rect class="frame" x="%s" y="%s" width="%s" height="%s" rx="8"/>`+"\n",
			number(section.x), number(section.y), number(section.width), number(section.height))
		s.text("title", section.x+padding, section.y+padding+boldFont.size, "function "+section.Function)
	}
	s.lines(section)
	for _, b := range section.blocks {
		s.block(b)
	}
	for _, l := range section.labels {
		s.text("label "+branchClasses[l.kind], l.x, l.y+labelFont.size+1, l.text)
	}
	s.out.WriteString("</g>\n")
}

// lines draws the branches, those of one kind to one block as one path, so that
// they are one line where they have joined. Paths run backwards, so that dashes
// begin at the arrow. Leaps lie below all others.
func (s *svg) lines(section *drawnSection) {
	paths := map[net][]string{}
	var order []net
	ends := map[net]point{}
	for _, b := range section.branches {
		n := net{b.branch.To, b.branch.Kind}
		if paths[n] == nil {
			order = append(order, n)
		}
		paths[n], ends[n] = append(paths[n], rounded(b.points)), b.points[len(b.points)-1]
	}
	slices.SortStableFunc(order, func(a, b net) int { return cmp.Compare(b.kind, a.kind) })
	for _, n := range order {
		class, end := branchClasses[n.kind], ends[n]
		fmt.Fprintf(&s.out, `<path class="line %s" d="%s"/>`+"\n", class, strings.Join(paths[n], " "))
		fmt.Fprintf(&s.out, `<path class="arrow %s" d="M%s %s l-4 -8 h8 z"/>`+"\n", class, number(end.x), number(end.y))
	}
}

func (s *svg) block(b drawnBlock) {
	class := "block " + kindClasses[b.Kind]
	if b.Failure {
		class += " failure"
	}
	fmt.Fprintf(&s.out, "<g id=\"%s\"><title>line %d</title>\n", b.ID, b.Line)
	if b.slanted() {
		fmt.Fprintf(&s.out, `<path class="%s" d="M%s %s h%s l%s %s l-%[5]s %[6]s h-%[4]s l-%[5]s -%[6]s z"/>`+"\n", class,
			number(b.x+slant), number(b.y), number(b.width-2*slant), number(slant), number(b.height/2))
	} else {
		radius := 4.0
		if b.Kind == Start || b.Kind == End {
			radius = 16
		}
		fmt.Fprintf(&s.out, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`+"\n", class,
			number(b.x), number(b.y), number(b.width), number(b.height), number(radius))
	}
	for i, line := range b.lines {
		s.middleText(line.class, b.x+b.width/2, b.y+padding+float64(i+1)*lineHeight-4, line.text)
	}
	s.out.WriteString("</g>\n")
}

func (s *svg) text(class string, x, y float64, text string) {
	fmt.Fprintf(&s.out, `<text class="%s" x="%s" y="%s">%s</text>`+"\n", class, number(x), number(y), escaped(text))
}

func (s *svg) middleText(class string, x, y float64, text string) {
	fmt.Fprintf(&s.out, `<text class="%s" x="%s" y="%s" text-anchor="middle">%s</text>`+"\n", class, number(x), number(y), escaped(text))
}

// cornerRadius is how round the corners of lines are.
const cornerRadius = 5.0

// rounded gives the path of a line with rounded corners, from its end to its
// beginning.
func rounded(points []point) string {
	points = slices.Clone(points)
	slices.Reverse(points)
	var d strings.Builder
	fmt.Fprintf(&d, "M%s %s", number(points[0].x), number(points[0].y))
	for i := 1; i < len(points)-1; i++ {
		corner := points[i]
		before, after := toward(corner, points[i-1]), toward(corner, points[i+1])
		fmt.Fprintf(&d, " L%s %s Q%s %s %s %s", number(before.x), number(before.y),
			number(corner.x), number(corner.y), number(after.x), number(after.y))
	}
	last := points[len(points)-1]
	fmt.Fprintf(&d, " L%s %s", number(last.x), number(last.y))
	return d.String()
}

// toward is a point near a corner, on the way to another; at most half way.
func toward(corner, other point) point {
	dx, dy := other.x-corner.x, other.y-corner.y
	length := max(dx, -dx) + max(dy, -dy) // one of them is 0
	if length == 0 {
		return corner
	}
	share := min(cornerRadius/length, 0.5)
	return point{corner.x + dx*share, corner.y + dy*share}
}

func number(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

// escaped is text as XML has it.
func escaped(text string) string {
	var out strings.Builder
	xml.EscapeText(&out, []byte(text))
	return out.String()
}
