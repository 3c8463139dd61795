package lang

import (
	"fmt"
	"slices"
	"strings"
)

var (
	flowTypes  = []string{"voice", "chat", "forms", "service"}
	valueTypes = []string{"string", "int", "number", "bool", "list", "map", "time", "duration", "any"}
)

// FlowTypes lists the types of flow that a header may name.
func FlowTypes() []string { return slices.Clone(flowTypes) }

// ValueTypes lists the types that inputs and parameters may have.
func ValueTypes() []string { return slices.Clone(valueTypes) }

// typeName reports a type that does not exist.
func (c *treeCheck) typeName(name *Name, known []string, what string) {
	if name == nil || slices.Contains(known, name.Text) {
		return
	}
	hint := "the types are " + strings.Join(known, ", ")
	if near := Suggest(name.Text, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	c.failAt(name.Span, fmt.Sprintf("unknown %s %q", what, name.Text), hint)
}

// declarations reports inputs and functions that are declared twice.
func (c *treeCheck) declarations(file *Block) {
	inputs, functions := map[string]Span{}, map[string]Span{}
	for _, statement := range file.Statements {
		switch s := statement.(type) {
		case *Input:
			c.typeName(s.Type, valueTypes, "type")
			c.declared(inputs, s.Name, "input")
		case *Function:
			c.declared(functions, s.Name, "function")
		}
	}
}

func (c *treeCheck) parameters(f *Function) {
	parameters := map[string]Span{}
	for _, parameter := range f.Parameters {
		c.typeName(parameter.Type, valueTypes, "type")
		c.declared(parameters, parameter.Name, "parameter")
	}
}

// declared notes a name and reports it when it was declared before.
func (c *treeCheck) declared(earlier map[string]Span, name Name, what string) {
	if first, twice := earlier[name.Text]; twice {
		if !c.listening(Error) {
			return
		}
		c.failAt(name.Span, fmt.Sprintf("the %s %q is declared twice", what, name.Text), c.firstOn(first))
		return
	}
	earlier[name.Text] = name.Span
}
