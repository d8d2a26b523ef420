package e2e_test

import (
	"context"
	"fmt"
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

	mu    sync.Mutex
	call  *phone.Call   // guarded by mu: the latest
	since time.Duration // what was heard before was looked at already
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

func (a *actor) current() (*phone.Call, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.call == nil {
		return nil, fmt.Errorf("%s is in no call", a.name)
	}
	return a.call, nil
}

// hears waits until the phone heard a phrase, after what was heard before.
func (a *actor) hears(t *testing.T, want heardWhat) error {
	t.Helper()
	prompt, err := want.sound()
	if err != nil {
		return err
	}
	var call *phone.Call
	ok := eventually(t, want.within, func() bool {
		if call, err = a.current(); err != nil {
			return false
		}
		m, ok := want.find(call.Heard().PCM, prompt, a.since)
		if ok {
			a.since = m.At + min(m.Heard, hear.Length(prompt))
		}
		return ok
	})
	if ok || err != nil {
		return err
	}
	return fmt.Errorf("%s did not hear %s within %s; heard was\n%s", a.name, want, want.within, a.transcript(call))
}

// transcript tells which phrases of the flow were heard in a call.
func (a *actor) transcript(call *phone.Call) string {
	library := map[string][]int16{}
	for _, p := range shared.flow.Phrases() {
		for _, l := range flows.Languages() {
			if strings.Contains(p.Text.In(l), "{") {
				continue
			}
			if pcm, err := (heardWhat{language: l, id: p.ID}).sound(); err == nil {
				library[string(l)+" "+p.ID] = pcm
			}
		}
	}
	return hear.Report(hear.Transcript(call.Heard().PCM, library))
}

// heardWhat is a phrase that has to be heard.
type heardWhat struct {
	language flows.Language
	id       string
	values   map[string]string
	within   time.Duration
	start    time.Duration // enough when so much of its beginning was heard; 0: the whole
}

func (w heardWhat) String() string { return fmt.Sprint(w.language, " ", w.id, " ", w.values) }

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

func (w heardWhat) find(heard, prompt []int16, from time.Duration) (hear.Match, bool) {
	o := hear.Options{From: from}
	if w.start > 0 {
		return hear.FindStart(heard, prompt, w.start, o)
	}
	return hear.Find(heard, prompt, o)
}
