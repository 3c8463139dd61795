package expression

import "math"

// operatorForm is an operator that evaluates both its operands.
type operatorForm struct {
	operator string
	place    *place
}

func (o *operatorForm) code(k *closureCompiler, f function, operands []code) code {
	switch o.operator {
	case "+", "-", "*", "/", "%":
		return arithmetic(o.operator, f, operands[0], operands[1])
	case "==", "!=", "<", "<=", ">", ">=":
		return o.comparison(f, operands[0], operands[1])
	case "in":
		return o.membership(f, operands[0], operands[1])
	}
	return callCode(f, operands)
}

// numbers computes with two numbers, or gives nothing.
type numbers func(a, b Scalar) Scalar

var quickNumbers = map[string]numbers{
	"+": addNumbers, "-": subtractNumbers, "*": multiplyNumbers, "/": divideNumbers, "%": moduloNumbers,
}

func arithmetic(operator string, f function, left, right code) code {
	made := code{makes: operator == "+" || left.makes || right.makes}
	constant, hasConstant := right.value.Int()
	switch {
	case right.makes:
		made.evaluate = arithmeticHolding(quickNumbers[operator], f, left.cell(), right.cell())
	case right.constant && hasConstant && operator == "+":
		made.evaluate = addConstant(f, left, constant)
	case right.constant && hasConstant && operator == "-" && constant != math.MinInt:
		made.evaluate = subtractConstant(f, left, constant)
	case right.constant && hasConstant && operator == "%" && constant != 0:
		made.evaluate = moduloConstant(f, left, constant)
	case operator == "+" && left.own && right.own:
		made.evaluate = addVariables(f, left, right)
	case operator == "+":
		made.evaluate = addCells(f, left.cell(), right.cell())
	default:
		made.evaluate = arithmeticCells(quickNumbers[operator], f, left.cell(), right.cell())
	}
	return made
}

func arithmeticCells(quick numbers, f function, left, right func(*Machine) (Cell, error)) func(*Machine) (Cell, error) {
	return func(m *Machine) (Cell, error) {
		a, err := left(m)
		if err != nil {
			return Cell{}, err
		}
		b, err := right(m)
		if err != nil {
			return Cell{}, err
		}
		if result := quick(a.Scalar, b.Scalar); result.IsScalar() {
			return Cell{Scalar: result}, nil
		}
		return m.call(f, a, b)
	}
}

// arithmeticHolding is arithmeticCells for a right operand that may make values
// while the left one is held.
func arithmeticHolding(quick numbers, f function, left, right func(*Machine) (Cell, error)) func(*Machine) (Cell, error) {
	return func(m *Machine) (Cell, error) {
		a, err := left(m)
		if err != nil {
			return Cell{}, err
		}
		b, err := m.holding(a, right)
		if err != nil {
			return Cell{}, err
		}
		if result := quick(a.Scalar, b.Scalar); result.IsScalar() {
			return Cell{Scalar: result}, nil
		}
		return m.call(f, a, b)
	}
}

// holding evaluates an operand while another one is held.
func (m *Machine) holding(held Cell, operand func(*Machine) (Cell, error)) (Cell, error) {
	m.stack = append(m.stack, held)
	v, err := operand(m)
	if err == nil {
		m.unstack(len(m.stack) - 1)
	}
	return v, err
}

func addCells(f function, left, right func(*Machine) (Cell, error)) func(*Machine) (Cell, error) {
	return func(m *Machine) (Cell, error) {
		a, err := left(m)
		if err != nil {
			return Cell{}, err
		}
		b, err := right(m)
		if err != nil {
			return Cell{}, err
		}
		if a.kind == cellInt && b.kind == cellInt {
			if sum := a.number + b.number; (sum > a.number) == (b.number > 0) {
				return IntCell(sum), nil
			}
		}
		if result := addNumbers(a.Scalar, b.Scalar); result.IsScalar() {
			return Cell{Scalar: result}, nil
		}
		return m.call(f, a, b)
	}
}

// addVariables is addCells for two variables.
func addVariables(f function, left, right code) func(*Machine) (Cell, error) {
	slowly := arithmeticCells(addNumbers, f, left.cell(), right.cell())
	first, second := left.slot, right.slot
	return func(m *Machine) (Cell, error) {
		own := m.frame.Own
		if a, b := &own[first], &own[second]; a.kind == cellInt && b.kind == cellInt {
			if sum := a.number + b.number; (sum > a.number) == (b.number > 0) {
				return IntCell(sum), nil
			}
		}
		return slowly(m)
	}
}

// addConstant adds an int that is written in the source.
func addConstant(f function, left code, b int) func(*Machine) (Cell, error) {
	operand, constant := left.cell(), IntCell(b)
	slowly := func(m *Machine) (Cell, error) {
		a, err := operand(m)
		if err != nil {
			return Cell{}, err
		}
		if result := addNumbers(a.Scalar, constant.Scalar); result.IsScalar() {
			return Cell{Scalar: result}, nil
		}
		return m.call(f, a, constant)
	}
	if !left.own {
		return slowly
	}
	slot := left.slot
	return func(m *Machine) (Cell, error) {
		if a := &m.frame.Own[slot]; a.kind == cellInt {
			if sum := a.number + b; (sum > a.number) == (b > 0) {
				return IntCell(sum), nil
			}
		}
		return slowly(m)
	}
}

// subtractConstant subtracts an int that is written in the source.
func subtractConstant(f function, left code, b int) func(*Machine) (Cell, error) {
	operand := left.cell()
	return func(m *Machine) (Cell, error) {
		a, err := operand(m)
		if err != nil {
			return Cell{}, err
		}
		if result := subtractNumbers(a.Scalar, intScalar(b)); result.IsScalar() {
			return Cell{Scalar: result}, nil
		}
		return m.call(f, a, IntCell(b))
	}
}

// moduloConstant divides by an int that is written in the source and is not 0.
func moduloConstant(f function, left code, b int) func(*Machine) (Cell, error) {
	operand, constant := left.cell(), IntCell(b)
	slowly := func(m *Machine) (Cell, error) {
		a, err := operand(m)
		switch {
		case err != nil:
			return Cell{}, err
		case a.kind == cellInt:
			return IntCell(a.number % b), nil
		}
		return m.call(f, a, constant)
	}
	if !left.own {
		return slowly
	}
	slot := left.slot
	return func(m *Machine) (Cell, error) {
		if a := &m.frame.Own[slot]; a.kind == cellInt {
			return IntCell(a.number % b), nil
		}
		return slowly(m)
	}
}

// negationForm is `-x`.
type negationForm struct{}

func (*negationForm) code(_ *closureCompiler, f function, operands []code) code {
	operand := operands[0].cell()
	return code{makes: operands[0].makes, evaluate: func(m *Machine) (Cell, error) {
		v, err := operand(m)
		if err != nil {
			return v, err
		}
		if result := negateNumber(v.Scalar); result.IsScalar() {
			return Cell{Scalar: result}, nil
		}
		return m.call(f, v)
	}}
}
