package runtime

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/internal/shape"
)

// variables are the names of the flow or of one function, each with a slot.
type variables struct {
	slots slotIndex
	names []string // by slot; loop variables too
	// assigned are the slots that a statement or an input writes; a global of the
	// host need not be among them.
	assigned []bool
	// shapes are what is known of them before any run; see CheckInputs.
	shapes map[int]*shape.Shape
}

func newVariables() *variables {
	return &variables{names: make([]string, 0, mostInTurn), assigned: make([]bool, 0, mostInTurn)}
}

// declare gives the slot of a name, a new one if it has none.
func (v *variables) declare(name string) int {
	slot, ok := v.slots.find(name)
	if !ok {
		slot = v.add(name)
		v.slots.add(name, slot)
	}
	return slot
}

// assign is declare for a place that writes the variable.
func (v *variables) assign(name string) int {
	slot := v.declare(name)
	v.assigned[slot] = true
	return slot
}

// add makes a slot that no other use of the name shares.
func (v *variables) add(name string) int {
	v.names, v.assigned = append(v.names, name), append(v.assigned, false)
	return len(v.names) - 1
}

// reference is a variable as statements address it: of the frame, or of the
// flow from inside a function.
type reference struct {
	slot int
	flow bool
}

func (r reference) expressionSlot() expression.Slot {
	if r.flow {
		return expression.Slot(^r.slot)
	}
	return expression.Slot(r.slot)
}

// scope resolves names at one place of the source. It implements
// expression.Scope.
type scope struct {
	flow  *variables
	local *variables // the function's; nil at flow level
	loops []loopVariable
	ended map[string]bool // loop variables of loops before this place; nil: none
	// doubtful are names on lines that could not be read: they may be declared
	// there, so they are not called undeclared.
	doubtful map[string]bool
}

type loopVariable struct {
	name string
	slot int
}

// own are the variables that an assignment here declares.
func (s *scope) own() *variables {
	if s.local != nil {
		return s.local
	}
	return s.flow
}

// find resolves a name for reading.
func (s *scope) find(name string) (reference, bool) {
	if slot, ok := s.loop(name); ok {
		return reference{slot: slot}, true
	}
	if s.local != nil {
		if slot, ok := s.local.slots.find(name); ok {
			return reference{slot: slot}, true
		}
	}
	slot, ok := s.flow.slots.find(name)
	if !ok && s.doubtful[name] {
		slot, ok = s.flow.declare(name), true
	}
	return reference{slot: slot, flow: s.local != nil}, ok
}

func (s *scope) loop(name string) (int, bool) {
	for _, loop := range slices.Backward(s.loops) {
		if loop.name == name {
			return loop.slot, true
		}
	}
	return 0, false
}

// target resolves a name for writing; names were declared beforehand.
func (s *scope) target(name string, global bool) reference {
	if global {
		return reference{slot: s.flow.assign(name), flow: s.local != nil}
	}
	if slot, ok := s.loop(name); ok {
		return reference{slot: slot}
	}
	return reference{slot: s.own().assign(name)}
}

func (s *scope) push(name string) int {
	slot := s.own().add(name)
	s.loops = append(s.loops, loopVariable{name, slot})
	return slot
}

func (s *scope) pop(count int) {
	for _, loop := range s.loops[len(s.loops)-count:] {
		if s.ended == nil {
			s.ended = map[string]bool{}
		}
		s.ended[loop.name] = true
	}
	s.loops = s.loops[:len(s.loops)-count]
}

// Lookup implements expression.Scope.
func (s *scope) Lookup(name string) (expression.Slot, bool) {
	ref, ok := s.find(name)
	return ref.expressionSlot(), ok
}

// Names implements expression.Scope. Of more names than lang.Suggest looks at it
// gives none.
func (s *scope) Names() []string {
	if len(s.flow.slots.names) > lang.MaxCandidates {
		return nil
	}
	names := map[string]bool{}
	for name := range s.flow.slots.all() {
		names[name] = true
	}
	if s.local != nil {
		for name := range s.local.slots.all() {
			names[name] = true
		}
	}
	for _, loop := range s.loops {
		names[loop.name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// Undeclared implements expression.Scope.
func (s *scope) Undeclared(name string) string {
	if s.ended[name] {
		return fmt.Sprintf("the loop variable %q ended with its loop", name)
	}
	return ""
}

// declarations finds every name that statements assign, before any of them is
// compiled, since a name may be used in the source before it is assigned.
type declarations struct {
	source     *lang.Source
	flow       *variables
	own        *variables
	components map[string]*Component
	loops      []string
	onWrite    func(name string, span lang.Span) // nil: nobody asks
}

func (d *declarations) block(b *lang.Block) {
	if b == nil {
		return
	}
	for _, statement := range b.Statements {
		d.statement(statement)
	}
}

func (d *declarations) statement(statement lang.Statement) {
	outer := len(d.loops)
	switch s := statement.(type) {
	case *lang.Input:
		d.flow.declare(s.Name.Text)
	case *lang.Assign:
		d.target(s.Target)
	case *lang.For:
		if s.Key != nil {
			d.written(s.Key.Text, s.Key.Span)
			d.loops = append(d.loops, s.Key.Text)
		}
		d.written(s.Item.Text, s.Item.Span)
		d.loops = append(d.loops, s.Item.Text)
	case *lang.Call:
		d.target(s.Target)
		for name, span := range outputsOf(s, d.components[s.Component.Text], d.source) {
			d.name(name, span)
		}
		d.catch(s.Catch)
	case *lang.Run:
		d.target(s.Target)
		d.catch(s.Catch)
	}
	lang.EachBlock(statement, d.block)
	d.loops = d.loops[:outer]
}

func (d *declarations) catch(catch *lang.Catch) {
	if catch != nil && catch.Name != nil {
		d.name(catch.Name.Text, catch.Name.Span)
	}
}

// outputsOf are the variables that a component fills when the call fails, each with
// the place where the call names it.
func outputsOf(s *lang.Call, component *Component, source *lang.Source) iter.Seq2[string, lang.Span] {
	return func(yield func(string, lang.Span) bool) {
		if component == nil {
			return
		}
		for _, setting := range s.Settings {
			f := component.schema.byKey[setting.Key.Text]
			if f == nil || f.kind != kindOutput || setting.Value == nil {
				continue
			}
			if name, ok := bareName(source, setting.Value); ok && !yield(name, setting.Value.Span) {
				return
			}
		}
	}
}

func (d *declarations) target(target *lang.Target) {
	if target == nil {
		return
	}
	if target.Global {
		d.written(target.Name.Text, target.Name.Span)
		d.flow.declare(target.Name.Text)
		return
	}
	d.name(target.Name.Text, target.Name.Span)
}

func (d *declarations) name(name string, span lang.Span) {
	d.written(name, span)
	if !slices.Contains(d.loops, name) {
		d.own.declare(name)
	}
}

// written tells of a name that a statement writes.
func (d *declarations) written(name string, span lang.Span) {
	if d.onWrite != nil {
		d.onWrite(name, span)
	}
}

// bareName gives the name that an expression consists of.
func bareName(source *lang.Source, e *lang.Expression) (string, bool) {
	text := source.Slice(e.Span)
	return text, lang.IsName(text) && !lang.IsKeyword(text)
}
