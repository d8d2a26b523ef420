package speech

import (
	"fmt"
	"strings"
)

// wordPrefix begins the id of every word clip.
const wordPrefix = "n/"

func wordClip(lang, token string) Clip {
	return Clip{Lang: lang, ID: wordPrefix + token, Text: strings.TrimSuffix(token, "-")}
}

// Needs returns every clip that a phrase may need, whatever its values: its
// fixed pieces and all words that its values can turn into. The error is a
// *PhraseError, or ErrLanguage, so this is also the check of a phrase.
func Needs(lang, id, text string) ([]Clip, error) {
	t, err := parse(lang, id, text)
	if err != nil {
		return nil, err
	}
	var clips []Clip
	var w words
	for _, p := range t.parts {
		if p.name == "" {
			clips = append(clips, p.fixed)
			continue
		}
		w.addKind(t.g, p.kind, p.form)
	}
	return append(clips, w.clips(lang)...), nil
}

// Vocabulary returns every word that any value can be spoken with, in every
// form. A line needs only those that its phrases can use, see Needs; the whole
// vocabulary is for a studio that records once for all.
func Vocabulary(lang string) ([]Clip, error) {
	g, err := grammarOf(lang)
	if err != nil {
		return nil, err
	}
	var w words
	for name := range strings.SplitSeq(kindNames, ", ") {
		k, ok := kindOf(name)
		if !ok {
			return nil, fmt.Errorf("the kind %q has no rules", name)
		}
		for _, f := range formsOf(g, k) {
			w.addKind(g, k, f)
		}
	}
	return w.clips(lang), nil
}

// formsOf lists the forms that a kind can take in a language.
func formsOf(g grammar, k kind) []Form {
	var forms []Form
	for _, c := range g.cases() {
		for _, s := range g.genders() {
			if (k.cased || c == Nominative) && (k.gendered || s == Masculine) {
				forms = append(forms, Form{Case: c, Gender: s})
			}
		}
	}
	return forms
}

// words is a set of tokens in the order of their first use.
type words struct {
	tokens []string
	seen   map[string]bool
}

func (w *words) addKind(g grammar, k kind, f Form) {
	if w.seen == nil {
		w.seen = map[string]bool{}
	}
	var buf [32]string
	for _, q := range k.samples() {
		for _, token := range k.say(g, buf[:0], q, f) {
			if !w.seen[token] {
				w.seen[token] = true
				w.tokens = append(w.tokens, token)
			}
		}
	}
}

func (w *words) clips(lang string) []Clip {
	clips := make([]Clip, len(w.tokens))
	for i, token := range w.tokens {
		clips[i] = wordClip(lang, token)
	}
	return clips
}

// sampleNumbers returns numbers that use every word in every place where its
// form can differ: alone, before another word, before the thousands.
func sampleNumbers() []quantity {
	var out []quantity
	add := func(n int) {
		out = append(out, quantity{n: n})
	}
	for n := range 1000 {
		if n > 20 && n%10 != 0 || n > 100 && n%100 != 0 {
			continue
		}
		add(n)
		if n > 0 {
			add(n + 1)
			add(n * 1000)
			add(n*1000 + 1)
		}
	}
	add(21_000)
	add(21_001)
	return out
}

func sampleTimes() []quantity {
	var out []quantity
	for hour := range 25 {
		out = append(out, quantity{n: hour}, quantity{n: hour, minute: 1})
	}
	for minute := range 60 {
		out = append(out, quantity{minute: minute})
	}
	return out
}

func sampleDates() []quantity {
	var out []quantity
	for d := range 31 {
		out = append(out, quantity{day: day{month: d%12 + 1, day: d + 1}})
	}
	for year := minYear; year <= maxYear; year++ {
		out = append(out, quantity{day: day{year: year, month: 1, day: 1}})
	}
	return out
}

func sampleDigits() []quantity { return []quantity{{digits: "+0123456789"}} }
