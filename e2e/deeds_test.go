package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ikomek109/e2e/hear"
	"ikomek109/flows"
	"ikomek109/phone"
)

// onActor is what somebody with a phone does.
func (s *scenario) onActor(a *actor, words []string) error {
	switch words[0] {
	case "hears":
		if words[1] == "music" {
			return s.hearsMusic(a)
		}
		return s.hears(a, words[1:])
	case "misses":
		return s.misses(a, words[1:])
	case "presses":
		return s.presses(a, words[1:])
	case "dials":
		ctx, cancel := context.WithTimeout(s.t.Context(), s.within)
		defer cancel()
		return a.dial(ctx, s.address(words[1]))
	case "says", "dictates":
		return s.says(a, words[0], words[1:])
	case "rings":
		return s.rings(a)
	case "rests": // for 3s
		return s.rests(a, words[2:])
	case "registers":
		return s.registers(a)
	case "unregisters":
		return a.phone.Unregister(s.t.Context())
	case "takes": // it: answers by hand
		if words[1] == "back" {
			return onHold(s.t.Context(), a, false)
		}
		return s.takes(a, words[2:])
	case "holds": // the caller, by the phone's own button
		return onHold(s.t.Context(), a, true)
	case "picks": // up
		return s.picksUp(a, words[2:])
	case "hangs":
		call, err := a.current()
		if err != nil {
			return err
		}
		return call.Hangup(s.t.Context())
	case "is": // hung up
		return s.ended(a)
	}
	return errStep
}

// beginning is how much of a phrase is its beginning: more than what the options
// of a menu have in common ("Чтобы узнать о…").
const beginning = 2500 * time.Millisecond

// NAME hears music | [the beginning of] LANG PHRASE [place=3] [within 10s]
func (s *scenario) hears(a *actor, words []string) error {
	want, err := s.phraseOf(words)
	if err != nil {
		return err
	}
	return a.hears(s.t, want)
}

// misses is the opposite of hears: the phrase was not heard in the whole call.
func (s *scenario) misses(a *actor, words []string) error {
	want, err := s.phraseOf(words)
	if err != nil {
		return err
	}
	prompt, err := want.sound()
	if err != nil {
		return err
	}
	call, err := a.current()
	if err != nil {
		return err
	}
	if end, ok := want.find(heard(call), prompt); ok {
		return fmt.Errorf("%s heard %s, until %s", a.name, want, end)
	}
	return nil
}

func (s *scenario) phraseOf(words []string) (heardWhat, error) {
	want := heardWhat{values: map[string]string{}, within: s.within}
	if strings.Join(words[:min(3, len(words))], " ") == "the beginning of" {
		want.start, words = beginning, words[3:]
	}
	if len(words) < 2 {
		return want, errStep
	}
	want.language, want.id = flows.Language(words[0]), words[1]
	for i := 2; i < len(words); i++ {
		if name, value, ok := strings.Cut(words[i], "="); ok {
			want.values[name] = value
			continue
		}
		d, err := withinOf(words[i:], 0)
		want.within = d
		return want, err
	}
	return want, nil
}

// NAME presses KEYS [by info]
func (s *scenario) presses(a *actor, words []string) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	method := phone.RFC4733
	if strings.Join(words[1:], " ") == "by info" {
		method = phone.INFO
	}
	for i := range len(words[0]) {
		if _, err := call.SendKey(s.t.Context(), words[0][i], method); err != nil {
			return err
		}
	}
	return nil
}

// NAME says LANG PHRASE [to nobody] | dictates LANG PHRASE: speaks it into the
// phone, once somebody is at the other end, or a recording has begun.
func (s *scenario) says(a *actor, how string, words []string) error {
	words, alone := cutWords(words, "to", "nobody")
	want, err := s.phraseOf(words)
	if err != nil {
		return err
	}
	pcm, err := want.sound()
	if err != nil {
		return err
	}
	call, err := a.current()
	if err != nil {
		return err
	}
	ear := func() bool { return s.sw.joined(s.t, call) }
	switch {
	case how == "dictates":
		ear = s.sw.records
	case s.sw.Running() == nil: // the line has an Asterisk of its own
		alone = true
	}
	if !alone && !eventually(s.t, s.within, ear) {
		return errors.New("nobody listens")
	}
	return call.Say(s.t.Context(), pcm)
}

// cutWords takes words off the end of others, if they are there.
func cutWords(words []string, end ...string) (rest []string, there bool) {
	n := len(words) - len(end)
	if n < 0 || !slices.Equal(words[n:], end) {
		return words, false
	}
	return words[:n], true
}

// NAME rings: the phone is rung, once more than before.
func (s *scenario) rings(a *actor) error {
	if eventually(s.t, s.within, a.rang) {
		a.mu.Lock()
		a.seen++
		a.mu.Unlock()
		return nil
	}
	return errors.New("it does not ring")
}

// NAME rests for 3s: the phone is not rung in that time.
func (s *scenario) rests(a *actor, words []string) error {
	d, err := time.ParseDuration(words[0])
	if err != nil {
		return err
	}
	if eventually(s.t, d, a.rang) {
		return errors.New("it rings")
	}
	return nil
}

// NAME takes it [and listens]: answers the phone that rings.
func (s *scenario) takes(a *actor, rest []string) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	if err := call.Answer(s.t.Context()); err != nil {
		return err
	}
	return s.accepts(a, rest)
}

// accepts has an agent press 1, by which they are joined with the caller at
// once, unless they listen to the words about the caller. It waits until they
// are, if that is soon: what is said before is heard by nobody.
func (s *scenario) accepts(a *actor, rest []string) error {
	if !a.agent || strings.Join(rest, " ") == "and listens" {
		return nil
	}
	if len(rest) > 0 {
		return errStep
	}
	if err := s.presses(a, []string{"1"}); err != nil {
		return err
	}
	eventuallyEvery(s.t, askEvery, soonJoined, func() bool {
		calls, err := s.program.calls(s.t.Context())
		return err == nil && slices.ContainsFunc(calls, func(c record) bool {
			return c["agent"] == a.number && c["outcome"] == nil
		})
	})
	return nil
}

// soonJoined bounds the wait for a conversation that may not come yet: without
// the program there is no record, and a citizen who is called back is rung later.
const soonJoined = 3 * time.Second

// NAME holds CALLER | takes back CALLER: by the phone's own button.
func onHold(ctx context.Context, a *actor, on bool) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	if on {
		return call.Hold(ctx)
	}
	return call.Unhold(ctx)
}

// NAME picks up [and listens]: the phone that rings is answered, as its owner
// was told to.
func (s *scenario) picksUp(a *actor, rest []string) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	select {
	case <-call.Answered():
		return s.accepts(a, rest)
	case <-time.After(s.within):
		return errors.New("it is not answered")
	}
}

// NAME is hung up
func (s *scenario) ended(a *actor) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	select {
	case <-call.Done():
		return nil
	case <-time.After(s.within):
		return fmt.Errorf("the call goes on; heard was\n%s", a.transcript(s.t, call))
	}
}

// Music is loud in most tenths of a second. A line without it sends nothing, or
// the same faint value all the time.
const (
	musicHeard  = 3 * time.Second
	musicWithin = 7 * time.Second // before the place is told again
	musicPart   = 100 * time.Millisecond
	musicLoud   = 100 // of 32767, on an average
)

// hearsMusic takes the sound that follows what was heard last, which the script
// knows to be no prompt, and holds it to being music.
func (s *scenario) hearsMusic(a *actor) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	var music [][]int16 // in parts, from the first loud one on
	parts := int(musicHeard / musicPart)
	if !eventuallyEvery(s.t, hearingEvery, musicWithin, func() bool {
		all := slices.Collect(slices.Chunk(after(heard(call), a.lookedAt()+slack), int(musicPart.Seconds()*hear.Rate)))
		first := slices.IndexFunc(all, isLoud)
		music = all[max(first, 0):]
		return first >= 0 && len(music) > parts
	}) {
		return fmt.Errorf("%s hears no music in %s: %d parts of sound", a.name, musicWithin, len(music))
	}
	loud := 0
	for _, part := range music[:parts] {
		if isLoud(part) {
			loud++
		}
	}
	if loud < parts/2 {
		return fmt.Errorf("%s hears no music: %d of %d parts are loud", a.name, loud, parts)
	}
	return nil
}

func isLoud(pcm []int16) bool { return loudness(pcm) > musicLoud }

// loudness is how far a sound is from silence, on an average.
func loudness(pcm []int16) int {
	sum := 0
	for _, v := range pcm {
		sum += max(int(v), -int(v))
	}
	return sum / len(pcm)
}
