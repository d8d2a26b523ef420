package speech

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// FlawCode names a kind of flaw of a recording. It never changes its meaning.
type FlawCode string

// What can be wrong with a recording.
const (
	FlawMissing FlawCode = "rec-missing" // there is none, and the draft voice is not wanted
	FlawStale   FlawCode = "rec-stale"   // its words are not those of the phrase any more
	FlawBroken  FlawCode = "rec-broken"  // the file cannot be played
	FlawClipped FlawCode = "rec-clipped" // recorded too loud: the tops are cut off
	FlawQuiet   FlawCode = "rec-quiet"   // softer than the other prompts, or hardly to be heard
	FlawLoud    FlawCode = "rec-loud"    // louder than the other prompts
	FlawSilence FlawCode = "rec-silence" // nothing is heard, or nothing for too long
	FlawLength  FlawCode = "rec-length"  // too short or too long for its words
)

// FlawCodes lists all codes of flaws.
func FlawCodes() []FlawCode {
	return []FlawCode{
		FlawMissing, FlawStale, FlawBroken, FlawClipped, FlawQuiet, FlawLoud, FlawSilence, FlawLength,
	}
}

// Flaw is one thing wrong with a recording, and its cure.
type Flaw struct {
	Code FlawCode
	Clip Clip
	// File is the recording; empty when there is none.
	File string
	// Message says what is wrong, Cure what to do about it.
	Message, Cure string
	// Mute tells that a caller would hear nothing.
	Mute bool
}

// String names the clip, the flaw and its cure.
func (f Flaw) String() string {
	return fmt.Sprintf("%s: %s %s; %s", f.Clip, f.Code, f.Message, f.Cure)
}

// FlawError refuses a recording for its flaws.
type FlawError struct{ Flaws []Flaw }

// Error tells all of them.
func (e *FlawError) Error() string {
	var all []string
	for _, f := range e.Flaws {
		all = append(all, f.String())
	}
	return strings.Join(all, "\n")
}

// What is still a good recording.
const (
	quietest   = -45.0 // LUFS of a source: raised by more than 25 dB, its noise is heard
	within     = 2.0   // LU between a file and what all prompts have
	longPause  = 2 * time.Second
	longEdge   = time.Second // silence before the first word or after the last
	fewestTops = 10          // a flat top or two are no distortion
	mostTops   = 0.0001      // share of the samples
)

// flawed tells whether the tops of the sound are cut off.
func (m measure) flawed() bool { return m.tops >= fewestTops && m.clipped > mostTops }

// ofSource judges a file as it comes from the studio. Expected is how long its
// words should take, 0 when that is not known. What trimming and levelling
// mend is no flaw.
func (m measure) ofSource(c Clip, expected time.Duration) []Flaw {
	if m.loudness < -70 || math.IsInf(m.loudness, -1) {
		return []Flaw{muted(c)}
	}
	var all []Flaw
	add := func(code FlawCode, message, cure string) {
		all = append(all, Flaw{Code: code, Clip: c, Message: message, Cure: cure})
	}
	if m.flawed() {
		add(FlawClipped, fmt.Sprintf("the tops are cut off in %d places", m.tops), cureClipped)
	}
	if m.loudness < quietest {
		add(FlawQuiet, fmt.Sprintf("it is very quiet, %.0f LUFS, and would hiss when raised", m.loudness), "record it again, nearer to the microphone")
	}
	if m.pause > longPause {
		add(FlawSilence, fmt.Sprintf("nothing is heard for %.1f s in the middle", m.pause.Seconds()), cureSilence)
	}
	spoken := m.length - m.head - m.tail
	switch {
	case m.length > maxSound:
		add(FlawLength, fmt.Sprintf("it is longer than %.0f minutes", maxSound.Minutes()), "cut it, or make it several phrases")
	case expected > 0 && tooShort(spoken, expected):
		add(FlawLength, fmt.Sprintf("it has %.1f s of speech, and its words take about %.1f s", spoken.Seconds(), expected.Seconds()), cureLength)
	case expected > 0 && spoken > 5*expected/2+time.Second:
		add(FlawLength, fmt.Sprintf("it has %.1f s of speech, and its words take about %.1f s", spoken.Seconds(), expected.Seconds()), cureLength)
	}
	return all
}

// tooShort leaves a fast reader alone, and single words.
func tooShort(spoken, expected time.Duration) bool {
	return expected > time.Second && spoken < 2*expected/5 || spoken < 80*time.Millisecond
}

// ofFile judges a file as it would be played.
func (m measure) ofFile(c Clip, file string) []Flaw {
	var all []Flaw
	add := func(code FlawCode, message, cure string) {
		all = append(all, Flaw{Code: code, Clip: c, File: file, Message: message, Cure: cure})
	}
	if m.loudness < -70 || math.IsInf(m.loudness, -1) {
		f := muted(c)
		f.File = file
		return []Flaw{f}
	}
	if m.flawed() {
		add(FlawClipped, fmt.Sprintf("the tops are cut off in %d places", m.tops), cureClipped)
	}
	switch off := m.loudness - targetLoudness; {
	case off < -within:
		add(FlawQuiet, fmt.Sprintf("it is %.1f LU softer than the other prompts", -off), cureLevel)
	case off > within:
		add(FlawLoud, fmt.Sprintf("it is %.1f LU louder than the other prompts", off), cureLevel)
	}
	if longest := max(m.pause-longPause, m.head-longEdge, m.tail-longEdge); longest > 0 {
		add(FlawSilence, fmt.Sprintf("nothing is heard for %.1f s", max(m.pause, m.head, m.tail).Seconds()), cureSilence)
	}
	return all
}

func muted(c Clip) Flaw {
	return Flaw{Code: FlawSilence, Clip: c, Message: "nothing is heard in it", Cure: "record it again, and look at the microphone", Mute: true}
}

// Cures that are told in more than one place.
const (
	cureClipped = "record it again, with less gain"
	cureSilence = "cut the silence out, or record it again"
	cureLength  = "see whether it is the right phrase, whole; if it is, bring it in --anyway"
	cureLevel   = "run `ikomek109 prompts import` on the file: it is levelled then"
)

// codes lists the codes of flaws, each once.
func codes(flaws []Flaw) []FlawCode {
	var all []FlawCode
	for _, f := range flaws {
		if !slices.Contains(all, f.Code) {
			all = append(all, f.Code)
		}
	}
	return all
}
