package graph

// sequence is a column of blocks, each with what stands beside and below it.
type sequence struct{ items []*item }

func (s *sequence) last() *item { return s.items[len(s.items)-1] }

// item is a block with its branches. Those beside it stand in columns of their
// own to the right; what is below stands in the block's own column, beside the
// others.
type item struct {
	block  *Block
	beside []sequence
	below  sequence
	loop   int // 1 + index of the loop, else 0
}

// cell is a place in the grid of a section.
type cell struct{ column, row int }

// grid says where the blocks of a section stand.
type grid struct {
	columns, rows int
	cells         map[*Block]cell
	occupied      map[cell]*Block
	lanes         map[int]int // by loop: the gap between columns that leads back
}

func gridOf(s *Section) *grid {
	g := &grid{cells: map[*Block]cell{}, occupied: map[cell]*Block{}, lanes: map[int]int{}}
	g.columns, g.rows = g.sequence(s.shape, 0, 0)
	return g
}

// sequence places blocks from a cell on and gives the width and height of what it
// has taken.
func (g *grid) sequence(s sequence, column, row int) (width, height int) {
	for _, it := range s.items {
		w, h := g.item(it, column, row+height)
		width, height = max(width, w), height+h
	}
	return width, height
}

func (g *grid) item(it *item, column, row int) (width, height int) {
	at := cell{column, row}
	g.cells[it.block], g.occupied[at] = at, it.block
	width, height = g.sequence(it.below, column, row+1)
	width = max(width, 1)
	for _, s := range it.beside {
		w, h := g.sequence(s, column+width, row+1)
		width, height = width+w, max(height, h)
	}
	if it.loop > 0 {
		g.lanes[it.loop] = column + width
	}
	return width, height + 1
}
