package ivr_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// TestServiceRecords has a service record what is said into an agent's phone,
// twice, and play it; nothing is left in the switch afterwards.
func TestServiceRecords(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		var lengths []int
		var kept int
		b.with(func(o *ivr.Options) {
			o.Recordings = b.sw
			o.Services = map[string]ivr.Service{"*16": func(ctx context.Context, h *ivr.Handset) error {
				for range 2 {
					wav, err := h.Record(ctx, time.Minute, 3*time.Second)
					if err != nil {
						return err
					}
					lengths = append(lengths, len(wav))
					kept = max(kept, len(b.sw.Tapes()))
					if err := h.Replay(ctx); err != nil {
						return err
					}
				}
				return h.Play(ctx, []string{"/sounds/kk/a"}, time.Second)
			}}
		})
		b.sw.Speak("c", 7*time.Second)
		b.dial("*16")
		b.after(time.Minute)
		want := len(ivrtest.WAV(7 * time.Second))
		if len(lengths) != 2 || lengths[0] != want || lengths[1] != want {
			t.Errorf("recorded are %v bytes, want twice %d", lengths, want)
		}
		if kept != 1 || len(b.sw.Tapes()) != 0 {
			t.Errorf("the switch kept %d at once, and %v to the end", kept, b.sw.Tapes())
		}
		if len(b.sw.Legs()) > 0 {
			t.Error("the phone is not hung up")
		}
	})
}

// TestServiceRecordsNobody hangs up, breaks and cannot record at all.
func TestServiceRecordsNobody(t *testing.T) {
	for name, k := range map[string]struct {
		with   func(*bench, *ivr.Options)
		do     func(*bench)
		hungUp bool
	}{
		"hang-up":   {with: func(b *bench, o *ivr.Options) { o.Recordings = b.sw }, do: func(b *bench) { b.sw.HangUp("c") }, hungUp: true},
		"no record": {with: func(*bench, *ivr.Options) {}, do: func(*bench) {}},
		"refused": {with: func(b *bench, o *ivr.Options) {
			o.Recordings = b.sw
			b.sw.Break(func(op string, _ ivr.ChannelID) error {
				if op == "record" {
					return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "no"}
				}
				return nil
			})
		}, do: func(*bench) {}},
	} {
		inBubble(t, func(t *testing.T, b *bench) {
			var ended error
			b.with(func(o *ivr.Options) {
				k.with(b, o)
				o.Services = map[string]ivr.Service{"*16": func(ctx context.Context, h *ivr.Handset) error {
					if _, ended = h.Record(ctx, time.Minute, 3*time.Second); ended == nil {
						_, _, ended = h.Key(ctx, time.Hour)
					}
					return ended
				}}
			})
			b.dial("*16")
			b.after(5 * time.Second)
			k.do(b)
			b.after(time.Minute)
			if ended == nil || ivr.HungUp(ended) != k.hungUp || !k.hungUp && !errors.As(ended, new(*ivr.Error)) {
				t.Errorf("%s: %v", name, ended)
			}
			if len(b.sw.Tapes()) > 0 {
				t.Errorf("%s: left are %v", name, b.sw.Tapes())
			}
		})
	}
}
