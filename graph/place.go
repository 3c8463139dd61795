package graph

// placeColumns finds the middle of each column, from the lines in the gaps
// between them.
func (p *plan) placeColumns(x float64) {
	begin := x
	for _, r := range p.routes {
		if r.lane == noLane {
			continue
		}
		// Rows stand in for the heights that are not known yet: lines keep more than
		// one row apart.
		const row = 2 * apart
		from, to := row*float64(r.leaves()), row*float64(r.to.row)
		line := p.columnGaps[r.lane].of(r.net(), from)
		p.columnGaps[r.lane].of(r.net(), to)
		if r.from.column < r.lane {
			line.before = append(line.before, from)
		} else {
			line.behind = append(line.behind, from)
		}
		if r.to.column < r.lane {
			line.before = append(line.before, to)
		} else {
			line.behind = append(line.behind, to)
		}
	}
	for k := range p.columnGaps {
		p.columnGaps[k].arrange()
		tracks := p.columnGaps[k].tracks
		p.gapStarts[k] = x
		outer := k == 0 || k == p.grid.columns
		switch {
		case tracks > 0:
			p.gapStarts[k] += gapSpace
			if k == 0 {
				p.gapStarts[k] = x
			}
			x = p.gapStarts[k] + float64(tracks-1)*trackSpace
			if k < p.grid.columns {
				x += gapSpace
			}
		case !outer:
			x += gapSpace + gapSpace
		}
		if k < p.grid.columns {
			p.middles[k] = x + p.left[k]
			x = p.middles[k] + p.right[k]
		}
	}
	p.width = x - begin
}

// placeRows finds the top of each row, from the lines in the gaps between them.
func (p *plan) placeRows(y float64) {
	begin := y
	for _, r := range p.routes {
		p.lay(r)
	}
	for b, at := range p.grid.cells {
		height := p.blocks[b].height
		for _, r := range p.leaving[b] {
			if r.branch.Label != "" {
				height = p.blocks[b].height + labelDrop + labelHeight
			}
		}
		p.rowHeights[at.row] = max(p.rowHeights[at.row], height)
	}
	for k := range p.rowGaps {
		p.rowGaps[k].arrange()
		tracks := p.rowGaps[k].tracks
		p.rowTops[k] = y + gapSpace + float64(max(tracks-1, 0))*trackSpace + arrowSpace
		switch k {
		case 0:
			p.rowTops[k] = y
		case p.grid.rows:
			if tracks == 0 {
				p.rowTops[k] = y
			} else {
				p.rowTops[k] -= arrowSpace
			}
		}
		if k < p.grid.rows {
			y = p.rowTops[k] + p.rowHeights[k]
		}
	}
	p.height = p.rowTops[p.grid.rows] - begin
	for b, at := range p.grid.cells {
		d := p.blocks[b]
		d.x, d.y = p.middles[at.column]-d.width/2, p.rowTops[at.row]
	}
}

// lay puts a route's lines into the gaps between rows.
func (p *plan) lay(r *route) {
	from, to := p.departure(r), p.middles[r.to.column]
	if r.lane == noLane {
		if from == to {
			return
		}
		line := p.rowGaps[r.leaves()].of(r.net(), from)
		p.rowGaps[r.leaves()].of(r.net(), to)
		line.before, line.behind = append(line.before, from), append(line.behind, to)
		return
	}
	lane := p.laneX(r)
	first := p.rowGaps[r.leaves()].of(r.net(), from)
	p.rowGaps[r.leaves()].of(r.net(), lane)
	first.before = append(first.before, from)
	second := p.rowGaps[r.to.row].of(r.net(), lane)
	p.rowGaps[r.to.row].of(r.net(), to)
	second.behind = append(second.behind, to)
	if r.leaves() < r.to.row {
		first.behind, second.before = append(first.behind, lane), append(second.before, lane)
	} else {
		first.before, second.behind = append(first.before, lane), append(second.behind, lane)
	}
}

// departure is where a route leaves its block.
func (p *plan) departure(r *route) float64 { return p.middles[r.from.column] + p.stubs[r] }

func (p *plan) laneX(r *route) float64 {
	return p.gapStarts[r.lane] + float64(p.columnGaps[r.lane].byNet[r.net()].track)*trackSpace
}

// trackY is where the line of a route lies in a gap between rows.
func (p *plan) trackY(r *route, gap int) float64 {
	tracks, track := p.rowGaps[gap].tracks, p.rowGaps[gap].byNet[r.net()].track
	bottom := p.rowTops[gap] - arrowSpace
	if gap == p.grid.rows {
		bottom = p.rowTops[gap]
	}
	return bottom - float64(tracks-1-track)*trackSpace
}

// path is the line of a route, corner by corner.
func (p *plan) path(r *route) []point {
	from, to := p.blocks[r.branch.From], p.blocks[r.branch.To]
	x, end := p.departure(r), point{p.middles[r.to.column], to.y}
	points := []point{{x, from.y + from.height}}
	switch {
	case r.lane != noLane:
		lane, leaves, arrives := p.laneX(r), p.trackY(r, r.leaves()), p.trackY(r, r.to.row)
		points = append(points, point{x, leaves}, point{lane, leaves}, point{lane, arrives}, point{end.x, arrives})
	case x != end.x:
		y := p.trackY(r, r.leaves())
		points = append(points, point{x, y}, point{end.x, y})
	}
	return append(points, end)
}

// label is the label of a route, beside its beginning.
func (p *plan) label(r *route) drawnLabel {
	from := p.blocks[r.branch.From]
	width := labelFont.width(r.branch.Label)
	x := p.departure(r) + labelSpace
	if r.centred() || r.goesLeft() {
		x = p.departure(r) - labelSpace - width
	}
	return drawnLabel{box{x, from.y + from.height + labelDrop, width, labelHeight}, r.branch.Label, r.branch.Kind}
}
