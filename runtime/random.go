package runtime

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"sync"
)

// randomness is the chance of one run. All of it follows from the seed.
type randomness struct {
	seed   [32]byte
	source *rand.ChaCha8
	drawn  bool // the seed is
}

// begin draws a seed.
func (r *randomness) begin(draw func() uint64) {
	for at := 0; at < len(r.seed); at += 8 {
		binary.LittleEndian.PutUint64(r.seed[at:], draw())
	}
	r.generator().Seed(r.seed)
	r.drawn = true
}

func (r *randomness) generator() *rand.ChaCha8 {
	if r.source == nil {
		r.source = new(rand.ChaCha8)
	}
	return r.source
}

// seed draws the seed of a run, and its identifier where the host gives none. The
// chance of the machine is drawn when it is wanted: nobody can tell the difference.
func (r *run) seed() {
	if !r.direct {
		r.drawSeed()
	}
}

func (r *run) drawSeed() {
	r.random.begin(r.draw)
	first, second := r.random.source.Uint64(), r.random.source.Uint64() // in any case, so that what follows is the same
	if r.id == "" {
		r.id = identifier(first, second)
	}
}

// seeded sees to it that the run has a seed, and an identifier.
func (r *run) seeded() {
	if !r.random.drawn {
		r.drawSeed()
	}
}

// identity is the identifier of the run.
func (r *run) identity() string {
	if r.id == "" {
		r.seeded()
	}
	return r.id
}

// chance gives 64 bits to the run itself.
func (r *run) chance() uint64 {
	r.seeded()
	return r.random.source.Uint64()
}

// identifier writes the identifier of a run.
func identifier(first, second uint64) string {
	var drawn [16]byte
	binary.BigEndian.PutUint64(drawn[:8], first)
	binary.BigEndian.PutUint64(drawn[8:], second)
	return hex.EncodeToString(drawn[:])
}

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
