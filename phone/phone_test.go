package phone_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"ikomek109/phone"

	"go.uber.org/goleak"
)

// TestMain finds goroutines, and with them sockets, that a phone left behind.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// newPhone makes a phone that is closed with the test.
func newPhone(t *testing.T, opts phone.Options) *phone.Phone {
	t.Helper()
	p, err := phone.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return p
}

// patience bounds a test's waiting.
func patience(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// receive waits for the next value of a channel.
func receive[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-patience(t).Done():
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

// pair is two phones in a call with each other.
func pair(t *testing.T, caller, callee phone.Options) (out, in *phone.Call) {
	t.Helper()
	callee.Incoming = phone.AnswerAfter(0, phone.DialOptions{Record: true})
	a, b := newPhone(t, caller), newPhone(t, callee)
	out, err := a.Dial(patience(t), b.URI(), phone.DialOptions{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	in = receive(t, b.Incoming(), "the call")
	receive(t, in.Answered(), "the answer")
	return out, in
}

// tone is a sound that survives G.711 recognisably.
func tone(hz float64, d time.Duration) []int16 {
	pcm := make([]int16, int(d.Seconds()*8000))
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/8000))
	}
	return pcm
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	ctx := patience(t)
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func TestCallAndHangup(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		for _, byCaller := range []bool{true, false} {
			name := transport + "/callee hangs up"
			if byCaller {
				name = transport + "/caller hangs up"
			}
			t.Run(name, func(t *testing.T) {
				opts := phone.Options{Transport: transport, User: "87011234567"}
				out, in := pair(t, opts, phone.Options{Transport: transport, User: "agent"})
				if in.Peer().User != "87011234567" || out.Peer().User != "agent" {
					t.Errorf("parties: callee sees %+v, caller sees %+v", in.Peer(), out.Peer())
				}
				first, second := out, in
				if !byCaller {
					first, second = in, out
				}
				if err := first.Hangup(patience(t)); err != nil {
					t.Fatal(err)
				}
				receive(t, second.Done(), "the end")
				if end, ok := first.Ended(); !ok || end.By != phone.Us {
					t.Errorf("who hung up sees %v", end)
				}
				if end, ok := second.Ended(); !ok || end.By != phone.Them || end.Code != 0 {
					t.Errorf("the other sees %v", end)
				}
				if err := first.Hangup(patience(t)); err != nil {
					t.Errorf("hanging up twice: %v", err)
				}
				if _, err := second.SendKey(patience(t), '1', phone.RFC4733); !errors.Is(err, phone.ErrEnded) {
					t.Errorf("key after the end: %v", err)
				}
			})
		}
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name   string
		policy phone.Policy
		want   int
	}{
		{"unset policy", phone.Policy{}, 480},
		{"busy", phone.RejectWith(486), 486},
		{"a success is no refusal", phone.RejectWith(200), 603},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := newPhone(t, phone.Options{}), newPhone(t, phone.Options{Incoming: tt.policy})
			_, err := a.Dial(patience(t), b.URI(), phone.DialOptions{})
			if phone.StatusCode(err) != tt.want {
				t.Fatalf("got %v, want status %d", err, tt.want)
			}
			if left := a.Calls(); len(left) != 0 {
				t.Errorf("%d calls are left", len(left))
			}
		})
	}
}

func TestAnswerAndRejectByHand(t *testing.T) {
	b := newPhone(t, phone.Options{Incoming: phone.RingOnly(phone.DialOptions{})})
	a := newPhone(t, phone.Options{})
	dial := func() <-chan error {
		result := make(chan error, 1)
		go func() {
			_, err := a.Dial(patience(t), b.URI(), phone.DialOptions{})
			result <- err
		}()
		return result
	}
	result := dial()
	in := receive(t, b.Incoming(), "the call")
	if err := in.Answer(patience(t)); err != nil {
		t.Fatal(err)
	}
	if err := receive(t, result, "the dial"); err != nil {
		t.Fatal(err)
	}
	if err := in.Answer(patience(t)); err == nil {
		t.Error("a call was answered twice")
	}
	result = dial()
	in = receive(t, b.Incoming(), "the second call")
	if err := in.Reject(patience(t), 486); err != nil {
		t.Fatal(err)
	}
	if err := receive(t, result, "the refusal"); phone.StatusCode(err) != 486 {
		t.Errorf("got %v", err)
	}
}

func TestCancelWhileRinging(t *testing.T) {
	b := newPhone(t, phone.Options{Incoming: phone.RingOnly(phone.DialOptions{})})
	a := newPhone(t, phone.Options{})
	ctx, cancel := context.WithCancel(patience(t))
	result := make(chan error, 1)
	go func() {
		_, err := a.Dial(ctx, b.URI(), phone.DialOptions{})
		result <- err
	}()
	in := receive(t, b.Incoming(), "the call")
	cancel()
	if err := receive(t, result, "the dial"); !errors.Is(err, context.Canceled) {
		t.Errorf("dial: %v", err)
	}
	receive(t, in.Done(), "the end")
	if end, _ := in.Ended(); end.By != phone.Them || end.Code != 487 {
		t.Errorf("ended %v", end)
	}
	if err := in.Answer(patience(t)); !errors.Is(err, phone.ErrEnded) {
		t.Errorf("answer after the end: %v", err)
	}
}

func TestKeysArrive(t *testing.T) {
	for _, method := range []phone.KeyMethod{phone.RFC4733, phone.INFO} {
		t.Run(method.String(), func(t *testing.T) {
			out, in := pair(t, phone.Options{}, phone.Options{})
			const pressed = "109*#Dd1"
			var ended []time.Time
			for i := range len(pressed) {
				at, err := out.SendKey(patience(t), pressed[i], method)
				if err != nil {
					t.Fatal(err)
				}
				ended = append(ended, at)
			}
			eventually(t, "all keys came", func() bool { return len(in.Keys()) == len(pressed) })
			var late []time.Duration // of the middle one: a busy machine may stall for one key
			for i, k := range in.Keys() {
				if want := "109*#DD1"[i]; k.Digit != want || k.Method != method {
					t.Errorf("key %d is %v, want %c", i, k, want)
				}
				if k.Duration != 100*time.Millisecond {
					t.Errorf("key %d lasted %s", i, k.Duration)
				}
				late = append(late, k.At.Sub(ended[i]))
			}
			slices.Sort(late)
			if middle := late[len(late)/2]; middle > 500*time.Millisecond || middle < -50*time.Millisecond {
				t.Errorf("keys came %s after they were sent", late)
			}
			if _, err := out.SendKey(patience(t), 'x', method); err == nil {
				t.Error("x was taken for a key")
			}
		})
	}
}

// saidOnce has a tone said, and tells what was wrong with what was heard.
func saidOnce(t *testing.T, out, in *phone.Call) (fault string) {
	t.Helper()
	before, began := len(out.Spells()), time.Now()
	if err := in.Say(patience(t), tone(440, 500*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	at, err := out.WaitSound(patience(t), began)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.WaitSilence(patience(t), 500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	loud := 0
	for _, s := range out.HeardSince(began).PCM {
		if s > 1000 || s < -1000 {
			loud++
		}
	}
	spells := out.Spells()[before:]
	switch share := float64(loud) / 4000; {
	case at.Sub(began) > time.Second:
		return fmt.Sprintf("the sound came after %s", at.Sub(began))
	case share < 0.85 || share > 1:
		return fmt.Sprintf("%.2f of the tone was heard", share)
	case len(spells) != 1 || spells[0].To.Sub(spells[0].From) < 400*time.Millisecond:
		return fmt.Sprintf("spells %v", spells)
	}
	return ""
}

func TestSoundIsHeard(t *testing.T) {
	for _, codec := range []phone.Codec{phone.Alaw, phone.Ulaw} {
		t.Run(codec.String(), func(t *testing.T) {
			out, in := pair(t, phone.Options{Codecs: []phone.Codec{codec}}, phone.Options{})
			fault := saidOnce(t, out, in)
			for tries := 1; fault != "" && tries < 3; tries++ { // a stall of the machine parts the tone in two
				t.Log(fault)
				fault = saidOnce(t, out, in)
			}
			if fault != "" {
				t.Fatal(fault)
			}
			eventually(t, "the end of the sound is noted", func() bool {
				events := out.Events()
				return events[len(events)-1].Kind == phone.EventSilence
			})
		})
	}
}

func TestHold(t *testing.T) {
	for _, byCaller := range []bool{true, false} {
		out, in := pair(t, phone.Options{}, phone.Options{})
		first, second := out, in
		if !byCaller {
			first, second = in, out
		}
		if err := first.Hold(patience(t)); err != nil {
			t.Fatal(err)
		}
		if err := first.Unhold(patience(t)); err != nil {
			t.Fatal(err)
		}
		// It notes a change once its answer is on the way.
		eventually(t, "the other side saw the hold and its end", func() bool {
			var seen []phone.EventKind
			for _, e := range second.Events() {
				if e.Kind == phone.EventHeld || e.Kind == phone.EventResumed {
					seen = append(seen, e.Kind)
				}
			}
			return slices.Equal(seen, []phone.EventKind{phone.EventHeld, phone.EventResumed})
		})
		if err := second.Say(patience(t), tone(440, 100*time.Millisecond)); err != nil {
			t.Error(err)
		}
		if err := second.Hangup(patience(t)); err != nil {
			t.Error(err)
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	out, in := pair(t, phone.Options{}, phone.Options{})
	_ = out
	silent := newPhone(t, phone.Options{Incoming: phone.RingOnly(phone.DialOptions{})})
	a, err := phone.New(phone.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result := make(chan error, 1)
	go func() {
		_, err := a.Dial(patience(t), silent.URI(), phone.DialOptions{})
		result <- err
	}()
	ringing := receive(t, silent.Incoming(), "the call")
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if err := receive(t, result, "the dial"); !errors.Is(err, phone.ErrClosed) {
		t.Errorf("dial: %v", err)
	}
	receive(t, ringing.Done(), "the end of the ringing")
	if _, err := a.Dial(patience(t), silent.URI(), phone.DialOptions{}); !errors.Is(err, phone.ErrClosed) {
		t.Errorf("dial after close: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	if _, ended := in.Ended(); ended {
		t.Error("a stranger's call ended")
	}
}
