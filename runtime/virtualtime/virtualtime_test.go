package virtualtime_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/virtualtime"
)

var _ runtime.Effects = (*virtualtime.Effects)(nil)

var start = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func TestWaitMovesTimeAheadAndTakesNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var told []time.Duration
		effects := virtualtime.New(start, func(d time.Duration) { told = append(told, d) })
		for _, d := range []time.Duration{5 * time.Minute, time.Hour} {
			if err := effects.Sleep(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		if want := start.Add(65 * time.Minute); !effects.Now().Equal(want) {
			t.Errorf("the run's time is %v, want %v", effects.Now(), want)
		}
		if !slices.Equal(told, []time.Duration{5 * time.Minute, time.Hour}) {
			t.Errorf("told of the waits %v", told)
		}
		if !time.Now().Equal(began) {
			t.Errorf("the waits took %v", time.Since(began))
		}
	})
}

func TestTimeGoesOnBetweenWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		effects := virtualtime.New(start, nil)
		time.Sleep(time.Second)
		if want := start.Add(time.Second); !effects.Now().Equal(want) {
			t.Errorf("the run's time is %v, want %v", effects.Now(), want)
		}
	})
}

func TestWaitsLongerThanADurationAddUp(t *testing.T) {
	effects := virtualtime.New(start, nil)
	for range 3 {
		if err := effects.Sleep(t.Context(), 200*365*24*time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if year := effects.Now().Year(); year < 2600 {
		t.Errorf("three waits of 200 years lead to %d", year)
	}
}

func TestWaitFailsAfterCancellation(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("enough")
	cancel(reason)
	effects := virtualtime.New(start, func(time.Duration) { t.Error("told of a wait that did not happen") })
	if err := effects.Sleep(ctx, time.Hour); !errors.Is(err, reason) {
		t.Errorf("Sleep gives %v, want %v", err, reason)
	}
}

func TestNoWaitLeavesTimeAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		effects := virtualtime.New(start, func(time.Duration) { t.Error("told of a wait of nothing") })
		for _, d := range []time.Duration{0, -time.Hour} {
			if err := effects.Sleep(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		if !effects.Now().Equal(start) {
			t.Errorf("the run's time is %v, want %v", effects.Now(), start)
		}
	})
}

func TestAStillTimeMovesByWaitsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		effects := virtualtime.NewStill(start, nil)
		time.Sleep(time.Hour)
		if !effects.Now().Equal(start) {
			t.Errorf("without a wait it is %v", effects.Now())
		}
		if err := effects.Sleep(t.Context(), time.Minute); err != nil || !effects.Now().Equal(start.Add(time.Minute)) {
			t.Errorf("after a minute it is %v, %v", effects.Now(), err)
		}
	})
}
