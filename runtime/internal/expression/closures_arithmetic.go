package expression

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
	quick := quickNumbers[operator]
	switch {
	case right.makes:
		made.evaluate = arithmeticHolding(quick, f, left.cell(), right.cell())
	case right.constant:
		made.evaluate = arithmeticConstant(quick, f, left.cell(), right.value)
	default:
		made.evaluate = arithmeticCells(quick, f, left.cell(), right.cell())
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

// arithmeticConstant is arithmeticCells for a right operand that is written in the source.
func arithmeticConstant(quick numbers, f function, left func(*Machine) (Cell, error), b Cell) func(*Machine) (Cell, error) {
	return func(m *Machine) (Cell, error) {
		a, err := left(m)
		if err != nil {
			return Cell{}, err
		}
		if result := quick(a.Scalar, b.Scalar); result.IsScalar() {
			return Cell{Scalar: result}, nil
		}
		return m.call(f, a, b)
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
