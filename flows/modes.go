package flows

import (
	"fmt"
	"time"

	"go.yaml.in/yaml/v4"
)

// MaxBulletin bounds a bulletin, said in both languages, by estimate: the rule
// for warning the public.
const MaxBulletin = 5 * time.Minute

// maxBulletinText bounds one language of a bulletin, in characters.
const maxBulletinText = 2400

// readModes reads "modes": what the line does first in a mode.
//
//	modes:
//	  emergency:
//	    bulletin:             # said to every caller, before the start node
//	      kk: Қалалық қызметтер төтенше режимде жұмыс істейді.
//	      ru: Городские службы работают в чрезвычайном режиме.
func (b *builder) readModes(e entry) {
	for _, one := range e.fields(Modes()...).given(Modes()) {
		one.what = fmt.Sprintf("mode %q", one.key)
		f := one.fields("bulletin")
		said, ok := f.byKey["bulletin"]
		if !ok {
			continue
		}
		if t, good := said.bulletin(); good {
			id := modeFolder + "/" + one.key
			b.flow.modes[one.key] = Phrase{ID: id, Text: t}
			b.flow.phrases[id] = b.flow.modes[one.key]
		}
	}
}

// given lists the entries that there are of some keys, in their order.
func (f fields) given(keys []string) []entry {
	var all []entry
	for _, key := range keys {
		if one, ok := f.byKey[key]; ok {
			all = append(all, one)
		}
	}
	return all
}

// bulletin reads what every caller is told.
func (e entry) bulletin() (Text, bool) {
	t, ok := e.phrase(wording{most: maxBulletinText, longest: MaxBulletin})
	if long := SpokenFor(t.KK) + SpokenFor(t.RU); ok && long > MaxBulletin {
		e.log.add(e.here(), CodeBadValue, fmt.Sprintf("%s takes about %d seconds in both languages, more than %d", e.what, int(long.Seconds()), int(MaxBulletin.Seconds())),
			"say what has to be done, and put the rest into answers")
		return t, false
	}
	return t, ok
}

// CheckBulletin checks the words of a bulletin that is in no file, as those of
// a flow are. Its findings have no place.
func CheckBulletin(t Text) Findings {
	l := newLog()
	words := &yaml.Node{Kind: yaml.MappingNode}
	for _, language := range Languages() {
		words.Content = append(words.Content,
			&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: string(language)},
			&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: t.In(language)})
	}
	entry{file: "bulletin", what: "the bulletin", at: place{file: "bulletin"}, value: words, log: l}.bulletin()
	return l.found
}

// bulletins says what every caller is told first: the mode's own bulletin, then
// those of the hour. Nobody has chosen a language yet.
func (t *turn) bulletins() {
	if p, ok := t.flow.modes[t.env.Mode]; ok && !t.env.ModeSpared {
		t.bulletin(p)
	}
	for _, b := range t.env.Bulletins {
		t.bulletin(b.phrase())
	}
}

// phrase is the bulletin as it is said and recorded.
func (b Bulletin) phrase() Phrase { return Phrase{ID: bulletinFolder + "/" + b.ID, Text: b.Text} }

func (t *turn) bulletin(p Phrase) {
	said := Say{Node: t.flow.start, Bulletin: p.ID, Barge: true}
	for _, l := range Languages() {
		said.Utterances = append(said.Utterances, Utterance{Phrase: p, Language: l})
	}
	t.actions = append(t.actions, said)
}
