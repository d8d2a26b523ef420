package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"ikomek109/flows"
	"ikomek109/speech"
)

// TestEveryValueCanBeSaid holds the types that a menu's variables can have to
// what the voice can say: what the checker takes must be heard.
func TestEveryValueCanBeSaid(t *testing.T) {
	values := map[string][]string{
		"digits": {"0", "00000000000000000000", "12"}, "time": {"00:00", "09:05", "24:00"},
		"date": {"2026-12-16", "1900-01-01", "2199-12-31", "2028-02-29"},
	}
	for _, kind := range flows.ValueTypes() {
		if kind == "text" {
			continue
		}
		samples := values[kind]
		if samples == nil {
			samples = []string{"0", "1", "21", "999999"}
		}
		for _, value := range samples {
			text := fmt.Sprintf("flow: f\nstart: s\noperator: o\ngoodbye: b\nvars: {v: {type: %s, start: %q}}\nnodes:\n"+
				"  s: {kind: say, text: {kk: \"Міне {v}.\", ru: \"Вот {v}.\"}, to: b}\n  o: {kind: queue, queue: main}\n  b: {kind: end}\n", kind, value)
			flow, found := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(text)}}, "f.yaml", flows.Known{})
			if flow == nil {
				t.Errorf("%s %q: %v", kind, value, found)
				continue
			}
			said := flow.Walk(flows.Start{}, flows.Env{}).Said()
			if len(said) != len(flows.Languages()) {
				t.Errorf("%s %q: %d are said", kind, value, len(said))
			}
			for _, u := range said {
				if _, err := speech.Split(string(u.Language), u.Phrase.ID, u.Text(), u.Values); err != nil {
					t.Errorf("%s %q: %v", kind, value, err)
				}
			}
		}
	}
}

// TestWhatTheMenuSaysOfItselfCanBeSaid splits every phrase that the menu fills
// in itself, as a call on each kind of node would.
func TestWhatTheMenuSaysOfItselfCanBeSaid(t *testing.T) {
	text := strings.ReplaceAll(`flow: f
start: s
operator: o
goodbye: b
vars: {v: digits}
nodes:
  s: {kind: input, TEXT, length: 3, into: v, confirm: true, to: m}
  m: {kind: survey, TEXT, keys: 2-9, to: b}
  o: {kind: queue, queue: main}
  b: {kind: end}
`, "TEXT", "text: {kk: Мәтін, ru: Текст}")
	flow, found := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(text)}}, "f.yaml", flows.Known{})
	if flow == nil {
		t.Fatal(found)
	}
	w := flow.Walk(flows.Start{}, flows.Env{})
	for _, script := range []string{"109", "1"} {
		words, err := flows.ParseWords(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if err := w.Do(word); err != nil {
				t.Fatal(err)
			}
		}
		filled := 0
		for _, u := range w.Said() {
			if _, err := speech.Split(string(u.Language), u.Phrase.ID, u.Text(), u.Values); err != nil {
				t.Error(err)
			}
			filled += len(u.Values)
		}
		if filled == 0 {
			t.Errorf("after %s nothing is filled in", script)
		}
	}
}

// TestTheFormsOfTheCheckerAreThoseOfTheVoice tries every form of every value in
// both languages: the checker must take what the voice can say, and nothing else.
func TestTheFormsOfTheCheckerAreThoseOfTheVoice(t *testing.T) {
	samples := map[string]string{"digits": "12", "time": "09:05", "date": "2026-12-16"}
	for _, kind := range append(flows.ValueTypes()[1:], "place") {
		for _, form := range strings.Fields("nom gen dat acc ins loc abl m f n gen,f dat,m x") {
			for _, language := range flows.Languages() {
				value := samples[kind]
				if value == "" {
					value = "21"
				}
				words := map[flows.Language]string{"kk": "Міне {v}.", "ru": "Вот {v}."}
				kindOf := kind
				if kind == "place" {
					kindOf = "number"
				}
				words[language] = fmt.Sprintf("Я {v:%s|%s}.", kind, form)
				text := fmt.Sprintf("flow: f\nstart: s\noperator: o\ngoodbye: b\nvars: {v: {type: %s, start: %q}}\nnodes:\n"+
					"  s: {kind: say, text: {kk: %q, ru: %q}, to: b}\n  o: {kind: queue, queue: main}\n  b: {kind: end}\n", kindOf, value, words["kk"], words["ru"])
				_, found := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(text)}}, "f.yaml", flows.Known{})
				_, err := speech.Split(string(language), "s/text", words[language], map[string]string{"v": value})
				if found.HasErrors() != (err != nil) {
					t.Errorf("{v:%s|%s} in %s: the checker says %v, the voice %v", kind, form, language, found, err)
				}
			}
		}
	}
}
