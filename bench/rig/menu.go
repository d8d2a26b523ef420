package rig

import (
	"bytes"
	"context"
	"embed"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ikomek109/deploy"
	"ikomek109/flows"
	"ikomek109/speech"
)

//go:embed menu.yaml
var menuFile embed.FS

const menuName = "menu.yaml"

// The keys of callers.
const (
	// Keys choose the language, the topic: the way of the self-service call.
	Keys = "11"
	// MenuKeys lead to the menu of topics, which is repeated until three silences.
	MenuKeys = "1"
	// WaitKeys lead into the queue.
	WaitKeys = "0"
)

// The prompts: tones of these lengths, so that a menu of ten pieces lasts a
// second, and an answer is told from a menu.
const (
	pieceLength = 100 * time.Millisecond
	// AnswerLength is how long the answer takes to be heard to its end.
	AnswerLength = 400 * time.Millisecond
	// PromptLength is more than any prompt lasts.
	PromptLength = 2 * time.Second
)

// menu is the bench's flow with the sounds for it.
type menu struct {
	flow       *flows.Flow
	voice      *speech.Library
	file       string // the flow, for the program
	recordings string
	prompts    string // where drafts would go; none are made
}

func newMenu(ctx context.Context, dir string, tools *deploy.Tools) (*menu, error) {
	m := &menu{
		file: filepath.Join(dir, menuName), recordings: filepath.Join(dir, "rec"),
		prompts: filepath.Join(dir, "prompts"),
	}
	text, err := menuFile.ReadFile(menuName)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(m.file, text, 0o600); err != nil {
		return nil, err
	}
	var findings flows.Findings
	if m.flow, findings = flows.Load(menuFile, menuName, flows.Known{}); m.flow == nil {
		return nil, fmt.Errorf("the bench's menu has errors: %v", findings)
	}
	if err := m.record(); err != nil {
		return nil, err
	}
	m.voice, err = speech.Open(ctx, speech.Options{
		Recordings: m.recordings, Cache: m.prompts,
		Synth: speech.Espeak(speech.Command(tools.Espeak)), Sox: speech.Command(tools.Sox),
	})
	return m, err
}

// record writes a tone for everything that the flow may say.
func (m *menu) record() error {
	for _, phrase := range m.flow.Phrases() {
		for _, l := range flows.Languages() {
			clips, err := speech.Needs(string(l), phrase.ID, phrase.Text.In(l))
			if err != nil {
				return err
			}
			length := pieceLength
			if phrase.ID == "checkpoints/text" {
				length = AnswerLength
			}
			for i, c := range clips {
				path := filepath.Join(m.recordings, c.Lang, filepath.FromSlash(c.ID)+".wav")
				if err := writeTone(path, 400+50*float64(i%10), length); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// writeTone writes a WAV file: 8 kHz, 16 bits, one channel.
func writeTone(path string, hertz float64, length time.Duration) error {
	const rate, volume = 8000, 6000
	samples := make([]int16, int(length.Seconds()*rate))
	for i := range samples {
		samples[i] = int16(volume * math.Sin(2*math.Pi*hertz*float64(i)/rate))
	}
	size := uint32(2 * len(samples)) //nolint:gosec // under a second
	var out bytes.Buffer
	for _, part := range []any{
		[]byte("RIFF"), 36 + size, []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1),
		uint32(rate), uint32(2 * rate), uint16(2), uint16(16), []byte("data"), size, samples,
	} {
		if err := binary.Write(&out, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o600)
}

// plainNumber is what a phone dials to reach the menu in plain dialplan.
const plainNumber = "9109"

// dialplan writes the same menu for Asterisk alone: the flow engine is led
// along Keys, and what it says at each place becomes one Background.
func (m *menu) dialplan() (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "\n[citizens](+)\nexten = %s,1,Goto(bench-0,s,1)\n", plainNumber)
	env := flows.Env{Now: time.Now(), Mode: "daily"}
	r := m.flow.Begin(env)
	for place := 0; ; place++ {
		fmt.Fprintf(&b, "\n[bench-%d]\nexten = s,1,NoOp()\n", place)
		if place == 0 {
			b.WriteString(" same = n,Set(TIMEOUT(absolute)=7200)\n same = n,Answer(,i)\n same = n,Set(CHANNEL(language)=kk)\n")
		}
		for asked := false; !asked; {
			sounds, err := m.sounds(r.Actions)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, " same = n,Background(%s)\n", sounds)
			if _, asked = r.Actions[len(r.Actions)-1].(flows.Listen); !asked {
				r = m.flow.Step(r.State, flows.Played{}, env)
			}
		}
		b.WriteString(" same = n,WaitExten(30)\n same = n,Hangup()\n")
		if place == len(Keys) {
			return b.String(), nil
		}
		fmt.Fprintf(&b, "exten = %c,1,Goto(bench-%d,s,1)\n", Keys[place], place+1)
		r = m.flow.Step(r.State, flows.Key{Digit: rune(Keys[place])}, env)
	}
}

// sounds gives the files of what is said, as Background takes them.
func (m *menu) sounds(actions []flows.Action) (string, error) {
	var all []string
	for _, a := range actions {
		say, ok := a.(flows.Say)
		if !ok {
			continue
		}
		for _, u := range say.Utterances {
			files, _, err := m.voice.Sounds(string(u.Language), u.Phrase.ID, u.Text(), u.Values)
			if err != nil {
				return "", err
			}
			all = append(all, files...)
		}
	}
	if len(all) == 0 {
		return "", fmt.Errorf("the bench's menu says nothing at a place where it should: %v", actions)
	}
	return strings.Join(all, "&"), nil
}
