package load

import (
	"context"
	"fmt"
	"time"

	"ikomek109/phone"
)

// Way is the way of a self-service call.
type Way struct {
	// Address to dial.
	Address string
	// Keys to press, one at each menu.
	Keys string
	// Answer is how long the answer takes that the last key leads to.
	Answer time.Duration
}

// settled is the silence after which a prompt is over: pieces of one prompt
// have no gap between them.
const settled = 150 * time.Millisecond

// Patient dials, hears each menu to its end, presses the key in the silence
// after it, hears the answer to its end and hangs up. It gives the delay from
// the end of each key to the first sound after it.
func (w Way) Patient(ctx context.Context, p *phone.Phone) (delays []time.Duration, err error) {
	call, err := p.Dial(ctx, w.Address, phone.DialOptions{Quiet: true})
	if err != nil {
		return nil, err
	}
	defer hangUp(ctx, call, &err)
	if _, err := call.WaitSound(ctx, time.Time{}); err != nil {
		return nil, fmt.Errorf("waiting for the first prompt: %w", err)
	}
	for i := range len(w.Keys) {
		if err := call.WaitSilence(ctx, settled); err != nil {
			return delays, fmt.Errorf("waiting for the end of prompt %d: %w", i+1, err)
		}
		pressed, err := call.SendKey(ctx, w.Keys[i], phone.RFC4733)
		if err != nil {
			return delays, err
		}
		heard, err := call.WaitSound(ctx, pressed)
		if err != nil {
			return delays, fmt.Errorf("waiting for a prompt after key %d: %w", i+1, err)
		}
		delays = append(delays, heard.Sub(pressed))
	}
	// A quarter of a second more, so that the end of the answer is on record.
	return delays, pause(ctx, call, w.Answer+250*time.Millisecond)
}

// Hasty dials, presses all keys into the prompts, and hangs up when it hears
// the answer begin: the most work for the line in the least time.
func (w Way) Hasty(ctx context.Context, p *phone.Phone) (_ []time.Duration, err error) {
	call, err := p.Dial(ctx, w.Address, phone.DialOptions{Quiet: true})
	if err != nil {
		return nil, err
	}
	defer hangUp(ctx, call, &err)
	pressed, err := press(ctx, call, w.Keys)
	if err != nil {
		return nil, err
	}
	_, err = call.WaitSound(ctx, pressed)
	return nil, err
}

// press presses keys into the prompts, each when the next one begins, and gives the
// end of the last key.
func press(ctx context.Context, call *phone.Call, keys string) (pressed time.Time, err error) {
	for i := range len(keys) {
		if _, err := call.WaitSound(ctx, pressed); err != nil {
			return pressed, fmt.Errorf("waiting for prompt %d: %w", i+1, err)
		}
		if pressed, err = call.SendKey(ctx, keys[i], phone.RFC4733); err != nil {
			return pressed, err
		}
	}
	return pressed, nil
}
