package expression

// compiling is the Host of operations that are done while compiling. They make
// little: whatever could become large is left to the run.
type compiling struct{ Host }

func (compiling) Steps(int) error   { return nil }
func (compiling) Counter() *Counter { return nil }
func (compiling) Held() int         { return 0 }

// foldedBytes is how large a constant may be that is computed from others.
const foldedBytes = 4 << 10

func newFolding(limits Limits) *Machine {
	limits.Value, limits.Variables = foldedBytes, foldedBytes*4
	return NewMachine(compiling{}, limits)
}
