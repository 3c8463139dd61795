package runtime

import (
	"context"
	"math/rand/v2"
	"time"
)

// Effects is everything that a run learns from outside its program and inputs:
// time, randomness and what components return. A run reads no other clock and no
// other source of chance, so whoever implements Effects can record a run, replay
// it, or let its time pass at once. Methods may be called from the goroutine of
// the run and from those of its components.
type Effects interface {
	// Now is the current time of the run.
	Now() time.Time
	// Sleep waits for d in the time of the run; it returns the context's error
	// when that ends first.
	Sleep(ctx context.Context, d time.Duration) error
	// Random gives 64 random bits. A run draws its seed from it when it begins,
	// and nothing afterwards: what random(), uuid() and Call.Random give follows
	// from the seed, so that a run that is resumed goes on with its own chance.
	Random() uint64
	// Invoke performs one component call: it calls run once, or gives the
	// recorded result of an earlier run, or returns Suspend.
	Invoke(ctx context.Context, call *Call, run func(context.Context) (any, error)) (any, error)
}

// Direct is the Effects of an ordinary run: the machine's clock, real waits, the
// system's randomness, components called straight through.
type Direct struct{}

// Now is time.Now.
func (Direct) Now() time.Time { return time.Now() }

// Sleep waits on a timer.
func (Direct) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// Random is math/rand/v2's global generator.
func (Direct) Random() uint64 { return rand.Uint64() }

// Invoke calls run.
func (Direct) Invoke(ctx context.Context, _ *Call, run func(context.Context) (any, error)) (any, error) {
	return run(ctx)
}
