package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ikomek109/e2e/hear"
	"ikomek109/flows"
	"ikomek109/phone"
)

// actor is somebody with a phone in a scenario.
type actor struct {
	name   string
	number string // as shown; tells the caller's record among the others
	phone  *phone.Phone
	agent  bool // of the line; set before the phone registers

	mu    sync.Mutex
	call  *phone.Call   // guarded by mu: the latest
	since time.Duration // guarded by mu: what was heard before was looked at already
	rings int           // guarded by mu: how often this phone was rung
	seen  int           // guarded by mu: how many of them the script has looked at
}

// dial calls the line, or a code.
func (a *actor) dial(ctx context.Context, to string) error {
	call, err := a.phone.Dial(ctx, to, phone.DialOptions{Record: true})
	if err != nil {
		return err
	}
	a.take(call)
	return nil
}

func (a *actor) take(call *phone.Call) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.call, a.since = call, 0
}

// answerRings keeps the latest call to this phone.
func (a *actor) answerRings() {
	for call := range a.phone.Incoming() {
		a.mu.Lock()
		a.rings++
		a.mu.Unlock()
		a.take(call)
	}
}

// rang tells whether the phone was rung since the script last asked.
func (a *actor) rang() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.rings > a.seen
}

func (a *actor) current() (*phone.Call, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.call == nil {
		return nil, fmt.Errorf("%s is in no call", a.name)
	}
	return a.call, nil
}

// hearingEvery is how often a recording is searched: it is the dearest thing
// that a scenario does.
const hearingEvery = 250 * time.Millisecond

// hears waits until the phone heard a phrase to its end, after what was heard
// before.
func (a *actor) hears(t *testing.T, want heardWhat) error {
	t.Helper()
	prompt, err := want.sound()
	if err != nil {
		return err
	}
	var call *phone.Call
	var end time.Duration
	ok := eventuallyEvery(t, hearingEvery, want.within, func() bool {
		if call, err = a.current(); err != nil {
			return false
		}
		var ok bool
		end, ok = a.find(call, want, prompt)
		return ok
	})
	if !ok || err != nil {
		return errors.Join(err, fmt.Errorf("%s did not hear %s within %s; heard was\n%s", a.name, want, want.within, a.transcript(t, call)))
	}
	a.hearOut(t, call, end)
	return nil
}

// slack is how far a prompt may begin before the one before it has ended, as
// far as the ear can tell.
const slack = 300 * time.Millisecond

// find looks for a phrase in what was not looked at yet, and gives its end.
func (a *actor) find(call *phone.Call, want heardWhat, prompt []int16) (end time.Duration, ok bool) {
	from := max(a.lookedAt()-slack, 0)
	end, ok = want.find(after(heard(call), from), prompt)
	return from + end, ok
}

// hearOut waits for the rest of a phrase that was recognised before its end.
func (a *actor) hearOut(t *testing.T, call *phone.Call, end time.Duration) {
	t.Helper()
	eventually(t, 10*time.Second, func() bool {
		_, over := call.Ended()
		return over || hear.Length(heard(call)) >= end-slack/2
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.call == call {
		a.since = end
	}
}

func (a *actor) lookedAt() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.since
}

// heard is what came to the phone, without the gaps in which nothing came: on
// a busy machine Asterisk stumbles, for seconds even, and goes on where it was.
// Silence that was sent is no gap: A-law has no zero.
func heard(call *phone.Call) []int16 {
	pcm := call.Heard().PCM
	kept := pcm[:0]
	for i := 0; i < len(pcm); {
		sound := i
		for sound < len(pcm) && pcm[sound] == 0 {
			sound++
		}
		end := sound
		for end < len(pcm) && pcm[end] != 0 {
			end++
		}
		if sound-i >= shortestGap {
			i = sound
		}
		kept = append(kept, pcm[i:end]...)
		i = end
	}
	return kept
}

// shortestGap is a packet that did not come.
const shortestGap = hear.Rate / 50

// after is the part of a recording from a time on.
func after(pcm []int16, from time.Duration) []int16 {
	i := int(max(from, 0).Seconds() * hear.Rate)
	return pcm[min(i, len(pcm)):]
}

// transcript tells which phrases of the flow were heard in a call.
// With -artifacts the sound itself is kept, too.
func (a *actor) transcript(t *testing.T, call *phone.Call) string {
	t.Helper()
	if call == nil {
		return "nothing: there was no call"
	}
	if err := call.Heard().WriteWAV(filepath.Join(t.ArtifactDir(), a.name+".wav")); err != nil {
		t.Log(err)
	}
	library := map[string][]int16{}
	add := func(w heardWhat) {
		if pcm, err := w.sound(); err == nil {
			library[w.String()] = pcm
		}
	}
	for _, p := range shared.flow.Phrases() {
		for _, l := range flows.Languages() {
			if !strings.Contains(p.Text.In(l), "{") {
				add(heardWhat{language: l, id: p.ID})
			}
		}
	}
	for _, place := range []string{"1", "2", "3"} {
		for _, l := range flows.Languages() {
			add(heardWhat{language: l, id: "queue/place", values: map[string]string{"place": place}})
		}
	}
	return hear.Report(hear.Transcript(heard(call), library)) + fmt.Sprintf("looked at until %s", a.lookedAt())
}

// heardWhat is a phrase that has to be heard.
type heardWhat struct {
	language flows.Language
	id       string
	values   map[string]string
	within   time.Duration
	start    time.Duration // enough when so much of its beginning was heard; 0: the whole
}

func (w heardWhat) String() string {
	s := string(w.language) + " " + w.id
	for name, value := range w.values {
		s += " " + name + "=" + value
	}
	return s
}

// sound gives the phrase as the line would play it.
func (w heardWhat) sound() ([]int16, error) {
	p, ok := shared.flow.Phrase(w.id)
	if !ok {
		return nil, fmt.Errorf("the flow has no phrase %q", w.id)
	}
	files, _, err := shared.voice.Files(string(w.language), p.ID, p.Text.In(w.language), w.values)
	if err != nil {
		return nil, err
	}
	var pcm []int16
	for _, f := range files {
		part, err := hear.Load(f)
		if err != nil {
			return nil, err
		}
		pcm = append(pcm, part...)
	}
	return pcm, nil
}

// alike is the score from which on a phrase was heard. Another that shares half
// its words scores 0.6 at most; one whose first or last packets were lost, on a
// busy machine, may come to less than the ear's own default.
const alike = 0.72

// find gives when the phrase, or as much of it as has to be heard, had ended.
func (w heardWhat) find(heard, prompt []int16) (end time.Duration, ok bool) {
	if n := int(w.start.Seconds() * hear.Rate); n > 0 {
		prompt = prompt[:min(n, len(prompt))]
	}
	if len(heard) < len(prompt)*3/4 {
		return 0, false // too short to hold it: not worth a search
	}
	// Where nothing is sent after it, its last packets may lie in a gap that was
	// taken out.
	heard = append(slices.Clip(heard), make([]int16, int(slack.Seconds()*hear.Rate))...)
	m, ok := hear.Find(heard, prompt, hear.Options{MinScore: alike, From: -slack})
	return m.At + hear.Length(prompt), ok
}
