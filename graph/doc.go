// Package graph draws flows: the statements of a flow become blocks with In and
// Out branches, which are written as Mermaid, as DOT (Graphviz) or as an SVG
// picture that needs nothing else to be seen.
//
// Build (build.go, statements.go) makes the one Graph of which every format is
// written, from lang's tree alone; what stands in a block is said in text.go.
// mermaid.go and dot.go leave the layout to their readers. For the picture
// shape.go gives each block a column and a row, as deep and as far down as it
// stands in the source; route.go leads each branch through the gaps between
// columns and rows, lanes.go gives every branch a line of its own there, and
// drawing.go measures it all. Since blocks and labels stand in the cells of that
// grid and branches in its gaps, no branch runs through a block or a label.
package graph
