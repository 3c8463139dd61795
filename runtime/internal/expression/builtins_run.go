package expression

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"
)

// runBuiltins give what differs from run to run.
var runBuiltins = map[string]builtin{
	"random": {"random(below)", 0, 1, "", random, false},
	"uuid":   {"uuid()", 0, 0, "string", uuid, false},
}

// random is a float from 0 up to 1, or with an argument an int from 0 up to it.
func random(m *Machine, arguments []any) (any, error) {
	if len(arguments) == 0 {
		return float64(m.host.Random()>>11) / (1 << 53), nil
	}
	n, err := integer("random", arguments, 0)
	if err != nil {
		return nil, err
	}
	if n <= 0 {
		return nil, faultf("random needs a number above 0, not %d", n).of(1)
	}
	high, _ := bits.Mul64(m.host.Random(), uint64(n))
	return int(high), nil
}

// uuid is a random UUID (RFC 9562, version 4).
func uuid(m *Machine, _ []any) (any, error) {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], m.host.Random())
	binary.BigEndian.PutUint64(raw[8:], m.host.Random())
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	digits := hex.EncodeToString(raw[:])
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:], nil
}
