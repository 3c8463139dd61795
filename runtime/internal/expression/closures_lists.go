package expression

import "github.com/expr-lang/expr/ast"

// list is `[a, b]`.
func (k *closureCompiler) list(n *ast.ArrayNode) code {
	items := k.operands(n.Nodes)
	defer k.release(items)
	evaluate, size := stacked(items), len(items)
	return code{makes: anyMakes(items), evaluate: func(m *Machine) (Cell, error) {
		base := len(m.stack)
		if _, err := evaluate(m); err != nil {
			return Cell{}, err
		}
		list := make([]any, size)
		for i := range list {
			list[i] = m.stack[base+i].Value()
		}
		m.unstack(base)
		return otherCell(list), nil
	}}
}

// mapping is `{a: 1, (key): 2}`. Of two keys that turn out to be the same the first
// counts, as on the VM.
func (k *closureCompiler) mapping(n *ast.MapNode) code {
	parts := make([]code, 0, 2*len(n.Pairs))
	for _, pair := range n.Pairs {
		pair := pair.(*ast.PairNode)
		parts = append(parts, k.compile(pair.Key), k.compile(pair.Value))
	}
	evaluate := stacked(parts)
	return code{makes: anyMakes(parts), evaluate: func(m *Machine) (Cell, error) {
		base := len(m.stack)
		if _, err := evaluate(m); err != nil {
			return Cell{}, err
		}
		fields := make(map[string]any, len(parts)/2)
		for i := len(m.stack) - 2; i >= base; i -= 2 {
			key, _ := m.stack[i].Text()
			fields[key] = m.stack[i+1].Value()
		}
		m.unstack(base)
		return otherCell(fields), nil
	}}
}
