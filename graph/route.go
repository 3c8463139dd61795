package graph

// route is the way of a branch through the gaps of a grid. Gap k between rows
// lies above row k, gap k between columns left of column k. A branch leaves its
// block below, goes along a gap between rows, where needed along one between
// columns and one between rows again, and enters its target from above.
type route struct {
	branch   *Branch
	from, to cell
	// straight routes leave in the middle of the block and go down their column to
	// the gap above the target.
	straight bool
	// middle routes leave in the middle of the block, and turn below it.
	middle bool
	// lane is the gap between columns that leads to the target's row, or noLane.
	lane int
}

const noLane = -1

// net is what branches have in common that may share a line.
type net struct {
	to   *Block
	kind BranchKind
}

func (r *route) net() net { return net{r.branch.To, r.branch.Kind} }

// leaves is the gap between rows that the route takes first.
func (r *route) leaves() int {
	if r.straight {
		return r.to.row
	}
	return r.from.row + 1
}

// goesLeft reports that the stub of the route stands left of the block's middle.
func (r *route) goesLeft() bool {
	if r.lane != noLane {
		return r.lane <= r.from.column
	}
	return r.to.column < r.from.column
}

// reach orders the stubs on one side of a block: how far the route goes there.
func (r *route) reach() int {
	if r.lane != noLane {
		return 2 * max(r.from.column-r.lane+1, r.lane-r.from.column)
	}
	return 2*max(r.from.column-r.to.column, r.to.column-r.from.column) + 1
}

// router finds routes. The middle of a column is taken by one branch at a time.
type router struct {
	grid  *grid
	cells map[cell]*Block // that the branches to a block pass in the middle
	gates map[cell]*Block // the same of gaps between rows
}

func routesOf(s *Section, g *grid) []*route {
	r := &router{grid: g, cells: map[cell]*Block{}, gates: map[cell]*Block{}}
	routes := make([]*route, len(s.Branches))
	for i, b := range s.Branches {
		routes[i] = &route{branch: b, from: g.cells[b.From], to: g.cells[b.To], lane: noLane}
		r.gates[routes[i].to] = b.To
	}
	straight := map[*Block]bool{}
	for _, one := range routes {
		if one.branch.main && !straight[one.branch.From] && r.down(one) {
			one.straight, straight[one.branch.From] = true, true
		}
	}
	for _, one := range routes {
		if !one.straight && !r.across(one) {
			one.lane = r.lane(one)
		}
	}
	for _, one := range routes {
		if below := one.from.row + 1; one.branch.main && !one.straight && one.branch.Label == "" {
			one.middle = r.take(one.branch.To, one.from.column, one.from.row, below)
		}
	}
	return routes
}

// centred reports that the route leaves in the middle of its block; the others
// leave at a stub beside it.
func (r *route) centred() bool { return r.straight || r.middle }

// down leads a route down the column of its block, when that is free.
func (r *router) down(one *route) bool {
	if one.from.column != one.to.column && r.grid.occupied[cell{one.from.column, one.to.row}] != nil {
		return false
	}
	return r.take(one.branch.To, one.from.column, one.from.row, one.to.row)
}

// across leads a route along the gap below its block and down the column of its
// target, when that is free.
func (r *router) across(one *route) bool {
	return r.take(one.branch.To, one.to.column, one.from.row, one.to.row)
}

// take takes the middle of a column between two rows for branches to a block.
func (r *router) take(to *Block, column, from, until int) bool {
	if until <= from {
		return false
	}
	for row := from + 1; row <= until; row++ {
		at := cell{column, row}
		if owner := r.gates[at]; owner != nil && owner != to {
			return false
		}
		if owner := r.cells[at]; row < until && (r.grid.occupied[at] != nil || owner != nil && owner != to) {
			return false
		}
	}
	for row := from + 1; row <= until; row++ {
		r.gates[cell{column, row}] = to
		if row < until {
			r.cells[cell{column, row}] = to
		}
	}
	return true
}

// lane chooses the gap between columns for a route: that of its loop, else the
// nearest to both ends, the left one of several.
func (r *router) lane(one *route) int {
	if lane, ok := r.grid.lanes[one.branch.loop]; ok && one.branch.loop > 0 {
		return lane
	}
	if one.from.column == one.to.column {
		return one.from.column
	}
	return min(one.from.column, one.to.column) + 1
}
