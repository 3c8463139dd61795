package lang

import "slices"

// Blocks gives the blocks of a statement in the order of the source. The body of a
// function or a test is none of them: it has labels and variables of its own.
func Blocks(statement Statement) []*Block {
	var blocks []*Block
	switch s := statement.(type) {
	case *If:
		for _, branch := range s.Branches {
			blocks = append(blocks, branch.Body)
		}
		blocks = append(blocks, s.Else)
	case *Switch:
		for _, one := range s.Cases {
			blocks = append(blocks, one.Body)
		}
		blocks = append(blocks, s.Default)
	case *While:
		blocks = append(blocks, s.Body)
	case *For:
		blocks = append(blocks, s.Body)
	case *Call:
		blocks = append(blocks, s.Failover, s.Catch.body())
	case *Run:
		blocks = append(blocks, s.Catch.body())
	}
	return slices.DeleteFunc(blocks, func(b *Block) bool { return b == nil })
}

func (c *Catch) body() *Block {
	if c == nil {
		return nil
	}
	return c.Body
}
