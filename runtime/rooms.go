package runtime

import (
	"flowrun/internal/slab"
	"flowrun/lang"
	"flowrun/runtime/internal/expression"
)

// rooms are where a compiler makes what a program has many of.
type rooms struct {
	evaluated   slab.Slab[evaluated]
	expressions slab.Slab[*evaluated]
	blocks      slab.Slab[block]
	blockLists  slab.Slab[*block]
	statements  slab.Slab[statement]
	places      slab.Slab[lang.Span]
	briefs      slab.Slab[brief]
	texts       slab.Slab[expression.Cell]
	assignments slab.Slab[assignment]
	settings    slab.Slab[setting]
}

// assignment is an assignment with its target.
type assignment struct {
	assign
	to target
}
