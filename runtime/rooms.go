package runtime

import (
	"flowrun/internal/slab"
	"flowrun/lang"
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
	stretches   slab.Slab[stretch]
	assignments slab.Slab[assignment]
	settings    slab.Slab[setting]
	targets     slab.Slab[target]
}

// expect makes room for what a source of so many bytes has, where it has little but
// statements.
func (r *rooms) expect(bytes int) {
	r.evaluated.Expect(bytes / 28)
	r.statements.Expect(bytes / 40)
	r.places.Expect(bytes / 40)
	r.briefs.Expect(bytes / 64)
	r.assignments.Expect(bytes / 72)
	r.blocks.Expect(bytes / 128)
	r.blockLists.Expect(bytes / 128)
	r.stretches.Expect(bytes / 64)
}

// assignment is an assignment with its target.
type assignment struct {
	assign
	to target
}
