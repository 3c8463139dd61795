package lang

// Blocks gives the blocks of a statement in the order of the source. The body of a
// function or a test is none of them: it has labels and variables of its own.
func Blocks(statement Statement) []*Block {
	var blocks []*Block
	EachBlock(statement, func(b *Block) { blocks = append(blocks, b) })
	return blocks
}

// EachBlock calls visit for each of the blocks that Blocks gives, in the same order and
// without a list of them. It does not go into the statements of a block: a walk through
// everything calls EachBlock again for each of them. Blocks that the source leaves out,
// such as an `else`, are not visited.
func EachBlock(statement Statement, visit func(*Block)) {
	given := func(b *Block) {
		if b != nil {
			visit(b)
		}
	}
	switch s := statement.(type) {
	case *If:
		for _, branch := range s.Branches {
			given(branch.Body)
		}
		given(s.Else)
	case *Switch:
		for _, one := range s.Cases {
			given(one.Body)
		}
		given(s.Default)
	case *While:
		given(s.Body)
	case *For:
		given(s.Body)
	case *Call:
		given(s.Failover)
		given(s.Catch.body())
	case *Run:
		given(s.Catch.body())
	}
}

func (c *Catch) body() *Block {
	if c == nil {
		return nil
	}
	return c.Body
}
