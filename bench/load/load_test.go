package load_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/bench/load"
	"ikomek109/phone"
)

func TestCrowdMakesEveryCallOnceAndNotTooManyAtATime(t *testing.T) {
	var now, most, ticks atomic.Int64
	crowd := load.Crowd{AtOnce: 3, Tick: func(_, total int) {
		if total == 50 {
			ticks.Add(1)
		}
	}}
	tally := crowd.Make(t.Context(), 50, func(context.Context, *phone.Phone) ([]time.Duration, error) {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		return []time.Duration{time.Millisecond, time.Second}, nil
	})
	if tally.Calls != 50 || tally.Failed != 0 || len(tally.Delays) != 100 || ticks.Load() != 50 {
		t.Errorf("%+v, %d ticks", tally, ticks.Load())
	}
	if most.Load() > 3 {
		t.Errorf("%d calls at once", most.Load())
	}
}

func TestFailedCallsSpoilTheFigures(t *testing.T) {
	reason := errors.New("engaged")
	for _, c := range []struct {
		failing int64
		spoilt  bool
	}{{0, false}, {1, false}, {2, true}} {
		var n atomic.Int64
		tally := load.Crowd{AtOnce: 2}.Make(t.Context(), 200, func(context.Context, *phone.Phone) ([]time.Duration, error) {
			if n.Add(1) <= c.failing {
				return nil, reason
			}
			return nil, nil
		})
		err := tally.Err()
		if (err != nil) != c.spoilt || (c.spoilt && !errors.Is(err, reason)) {
			t.Errorf("%d of 200 failed: %v", c.failing, err)
		}
	}
}

func TestCallsToNobodyFailWithoutHanging(t *testing.T) {
	p, err := phone.New(phone.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	way := load.Way{Address: "sip:109@127.0.0.1:9", Keys: "11"}
	w := &load.Staying{Address: way.Address, Keys: "0"}
	crowd := load.Crowd{Phone: p, AtOnce: 4}
	for name, tally := range map[string]load.Tally{
		"patient": crowd.Make(ctx, 4, way.Patient),
		"hasty":   crowd.Make(ctx, 4, way.Hasty),
		"staying": w.Join(ctx, crowd, 4),
	} {
		if tally.Failed != 4 || !errors.Is(tally.First, context.Canceled) {
			t.Errorf("%s: %+v", name, tally)
		}
	}
	if err := w.Leave(t.Context(), 2); err != nil {
		t.Errorf("nobody could not leave: %v", err)
	}
}
