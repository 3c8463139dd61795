package runtime

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"sync"
)

// randomness is the chance of one run. All of it follows from the seed.
type randomness struct {
	seed   [32]byte
	source *rand.ChaCha8
}

// begin draws a seed.
func (r *randomness) begin(draw func() uint64) {
	for at := 0; at < len(r.seed); at += 8 {
		binary.LittleEndian.PutUint64(r.seed[at:], draw())
	}
	r.source.Seed(r.seed)
}

// next gives 64 bits to the run itself: its expressions and its identifier.
func (r *randomness) next() uint64 { return r.source.Uint64() }

// callRandomness is the chance of one pass through a call, made when it is first
// asked for.
type callRandomness struct {
	mutex  sync.Mutex
	source *rand.ChaCha8
}

func (c *callRandomness) next(seed [32]byte, address string) uint64 {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.source == nil {
		c.source = rand.NewChaCha8(sha256.Sum256(append(seed[:], address...)))
	}
	return c.source.Uint64()
}
