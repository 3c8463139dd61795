package expression

import (
	"cmp"
	"strconv"

	"github.com/expr-lang/expr/ast"
)

// Scalars computes a number or a truth from the variables of its place alone, where
// all that it meets are numbers and truths. It calls nothing, makes nothing, counts
// nothing and changes nothing. Where that is not all there is to do it gives
// nothing, and the expression is to be evaluated as any other.
type Scalars func(own []Variable) Scalar

// Scalars gives the expression in this form, or nil when there is none of it, and
// the steps that are to be counted for an evaluation, before it.
func (x *Compiled) Scalars() (compute Scalars, steps int) {
	if x.constant {
		return constantScalars(x.value), 0
	}
	if slot, ok := x.Own(); ok {
		return variableScalars(slot), 0
	}
	return x.code.scalars, int(x.weight)
}

// HasScalars reports whether there is something of the expression in this form.
func (x *Compiled) HasScalars() bool {
	if x.constant {
		c := CellOf(x.value)
		return c.IsScalar()
	}
	if _, ok := x.Own(); ok {
		return true
	}
	return x.code.scalars != nil
}

// ofScalars compiles a tree to Scalars; nil where something in it may be another
// value for sure.
func (k *closureCompiler) ofScalars(n ast.Node) Scalars {
	switch n := n.(type) {
	case *ast.ConstantNode:
		return constantScalars(n.Value)
	case *ast.CallNode:
		return k.scalarCall(n)
	case *ast.BinaryNode:
		if n.Operator == "&&" || n.Operator == "||" {
			return scalarLogic(k.ofScalars(n.Left), k.ofScalars(n.Right), n.Operator == "||")
		}
	case *ast.ConditionalNode:
		return scalarConditional(k.ofScalars(n.Cond), k.ofScalars(n.Exp1), k.ofScalars(n.Exp2))
	}
	return nil
}

func constantScalars(v any) Scalars {
	c := CellOf(v).Scalar
	if !c.IsScalar() {
		return nil
	}
	return func([]Variable) Scalar { return c }
}

func variableScalars(slot Slot) Scalars {
	return func(own []Variable) Scalar { return own[slot].Scalar }
}

func (k *closureCompiler) scalarCall(n *ast.CallNode) Scalars {
	switch form := k.formOf(n).(type) {
	case *variableForm:
		if slot := form.slot; slot >= 0 && !form.lenient {
			return variableScalars(slot)
		}
	case *operatorForm:
		return k.scalarOperator(form.operator, n.Arguments[0], n.Arguments[1])
	case *negationForm:
		if operand := k.ofScalars(n.Arguments[0]); operand != nil {
			return func(own []Variable) Scalar { return negateNumber(operand(own)) }
		}
	case *notForm:
		if operand := k.ofScalars(n.Arguments[0]); operand != nil {
			return func(own []Variable) Scalar { return operand(own).not() }
		}
	case *conditionForm:
		if operand := k.ofScalars(n.Arguments[0]); operand != nil {
			return func(own []Variable) Scalar { return operand(own).truth() }
		}
	}
	return nil
}

// formOf gives the form of a call in the rewritten tree, or nil.
func (k *closureCompiler) formOf(n *ast.CallNode) form {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return nil
	}
	number, _ := strconv.Atoi(name.Value)
	return k.compiler.forms[number]
}

// truth is what is true or false; nothing for anything else.
func (s Scalar) truth() Scalar {
	if s.kind != cellBool {
		return Scalar{}
	}
	return s
}

func (s Scalar) not() Scalar {
	if s.kind != cellBool {
		return Scalar{}
	}
	return Scalar{kind: cellBool, number: 1 - s.number}
}

// scalarLogic is `and` and `or`, of which the outcome decides what is left out.
func scalarLogic(left, right Scalars, or bool) Scalars {
	if left == nil || right == nil {
		return nil
	}
	return func(own []Variable) Scalar {
		a := left(own)
		if a.kind != cellBool || (a.number != 0) == or {
			return a.truth()
		}
		return right(own).truth()
	}
}

// scalarConditional is `c ? a : b`.
func scalarConditional(condition, then, otherwise Scalars) Scalars {
	if condition == nil || then == nil || otherwise == nil {
		return nil
	}
	return func(own []Variable) Scalar {
		switch c := condition(own); {
		case c.kind != cellBool:
			return Scalar{}
		case c.number != 0:
			return then(own)
		}
		return otherwise(own)
	}
}

// scalarOperand is an operand of an operator: a variable, or what code gives.
type scalarOperand struct {
	code Scalars // nil: the variable
	slot Slot
}

func (o scalarOperand) of(own []Variable) Scalar {
	if o.code == nil {
		return own[o.slot].Scalar
	}
	return o.code(own)
}

func (k *closureCompiler) scalarOperand(n ast.Node) (o scalarOperand, ok bool) {
	if call, isCall := n.(*ast.CallNode); isCall {
		if form, isVariable := k.formOf(call).(*variableForm); isVariable && form.slot >= 0 && !form.lenient {
			return scalarOperand{slot: form.slot}, true
		}
	}
	code := k.ofScalars(n)
	return scalarOperand{code: code}, code != nil
}

// intOf gives the int that a node is, when it is written in the source.
func intOf(n ast.Node) (number int, ok bool) {
	if constant, isConstant := n.(*ast.ConstantNode); isConstant {
		number, ok = constant.Value.(int)
	}
	return number, ok
}

func (k *closureCompiler) scalarOperator(operator string, a, b ast.Node) Scalars {
	left, ok := k.scalarOperand(a)
	if !ok {
		return nil
	}
	if constant, ok := intOf(b); ok {
		return scalarsWithInt(operator, left, constant)
	}
	right, ok := k.scalarOperand(b)
	if !ok {
		return nil
	}
	if operator == "+" {
		return addScalars(left, right)
	}
	if outcomes := outcomesOf(operator); outcomes != 0 {
		return compareScalars(outcomes, !ordering(operator), left, right)
	}
	return scalarsOf(quickNumbers[operator], left, right)
}

// scalarsOf is an operator that has no code of its own here; nil when there is none.
func scalarsOf(compute numbers, left, right scalarOperand) Scalars {
	if compute == nil {
		return nil
	}
	return func(own []Variable) Scalar { return compute(left.of(own), right.of(own)) }
}

// addScalars are sums, most often of variables and of what is a sum or a product itself.
func addScalars(left, right scalarOperand) Scalars {
	first, second := left.code, right.code
	a, b := left.slot, right.slot
	switch {
	case first == nil && second == nil:
		return func(own []Variable) Scalar { return addNumbers(own[a].Scalar, own[b].Scalar) }
	case second == nil:
		return func(own []Variable) Scalar { return addNumbers(first(own), own[b].Scalar) }
	case first == nil:
		return func(own []Variable) Scalar { return addNumbers(own[a].Scalar, second(own)) }
	}
	return func(own []Variable) Scalar { return addNumbers(first(own), second(own)) }
}

// scalarsWithInt is an operator whose right operand is written in the source.
func scalarsWithInt(operator string, left scalarOperand, b int) Scalars {
	if outcomes := outcomesOf(operator); outcomes != 0 {
		return compareWithInt(outcomes, left, b)
	}
	compute := quickNumbers[operator]
	if compute == nil {
		return nil
	}
	general := scalarsOf(compute, left, scalarOperand{code: constantScalars(b)})
	slot, operand := left.slot, left.code
	switch {
	case operator == "+" && operand == nil:
		return func(own []Variable) Scalar {
			if a := &own[slot]; a.kind == cellInt {
				if sum := a.number + b; (sum > a.number) == (b > 0) {
					return intScalar(sum)
				}
			}
			return general(own)
		}
	case operator == "%" && operand != nil && b > 0:
		return func(own []Variable) Scalar {
			a := operand(own)
			if a.kind != cellInt {
				return Scalar{}
			}
			a.number %= b
			return a
		}
	}
	return general
}

func compareWithInt(outcomes outcomes, left scalarOperand, b int) Scalars {
	slot, operand := left.slot, left.code
	if operand == nil {
		return func(own []Variable) Scalar {
			if a := &own[slot]; a.kind == cellInt {
				return outcomes.scalar(a.number, b)
			}
			return Scalar{}
		}
	}
	return func(own []Variable) Scalar {
		if a := operand(own); a.kind == cellInt {
			return outcomes.scalar(a.number, b)
		}
		return Scalar{}
	}
}

// compareScalars compares two of one kind.
func compareScalars(outcomes outcomes, equality bool, left, right scalarOperand) Scalars {
	return func(own []Variable) Scalar {
		a, b := left.of(own), right.of(own)
		switch {
		case a.kind != b.kind:
			return Scalar{}
		case a.kind == cellInt || a.kind == cellBool && equality:
			return outcomes.scalar(a.number, b.number)
		case a.kind == cellFloat:
			return boolScalar(outcomes.hold(cmp.Compare(a.float(), b.float())))
		}
		return Scalar{}
	}
}

// scalar is ints without a branch, which loops would guess wrong.
func (o outcomes) scalar(a, b int) Scalar {
	less, greater := 0, 0
	if a < b {
		less = 1
	}
	if a > b {
		greater = 1
	}
	return Scalar{kind: cellBool, number: int(o) >> (1 + greater - less) & 1}
}
