package speech

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a phrase.
const (
	maxText  = 2500 // letters of a phrase: nearly three minutes of speech, a bulletin
	maxSlots = 12   // values in one phrase
	maxID    = 120  // bytes of a clip's id, which is also a file name
	maxValue = 64   // bytes of a value
)

// template is a phrase, read: fixed pieces and places for values.
type template struct {
	lang, id string
	g        grammar
	parts    []part
	slots    int
}

// part is either a fixed clip or the place of a value.
type part struct {
	fixed Clip
	// name is the value's name; empty for a fixed clip.
	name, kindName string
	kind           kind
	form           Form
}

// Split cuts a phrase into the clips that speak it with the given values. The
// fixed pieces are named after the phrase (id/1, id/2 …; the id itself when
// there are no values), the words of values n/<word>. The error is a
// *PhraseError, or ErrLanguage.
func Split(lang, id, text string, values map[string]string) ([]Clip, error) {
	t, err := parse(lang, id, text)
	if err != nil {
		return nil, err
	}
	var clips []Clip
	var tokens [32]string
	err = t.walk(values, tokens[:0], func(c Clip) error {
		clips = append(clips, c)
		return nil
	}, func(token string) error {
		clips = append(clips, wordClip(lang, token))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return clips, nil
}

// walk visits the clips of the phrase in order: fixed pieces and the words of
// the values. Buf is scratch space.
func (t *template) walk(values map[string]string, buf []string, fixed func(Clip) error, word func(string) error) error {
	if err := t.known(values); err != nil {
		return err
	}
	for i := range t.parts {
		p := &t.parts[i]
		if p.name == "" {
			if err := fixed(p.fixed); err != nil {
				return err
			}
			continue
		}
		tokens, err := t.speak(p, values, buf)
		if err != nil {
			return err
		}
		for _, token := range tokens {
			if err := word(token); err != nil {
				return err
			}
		}
	}
	return nil
}

// known refuses values that the phrase has no place for.
func (t *template) known(values map[string]string) error {
	for name := range values {
		if !slices.ContainsFunc(t.parts, func(p part) bool { return p.name == name }) {
			return t.fault(name, ErrUnknownValue, "the phrase has "+t.names())
		}
	}
	return nil
}

func (t *template) names() string {
	names := map[string]bool{}
	for _, p := range t.parts {
		if p.name != "" {
			names["{"+p.name+"}"] = true
		}
	}
	if len(names) == 0 {
		return "no values"
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

// speak appends the tokens of one value to buf.
func (t *template) speak(p *part, values map[string]string, buf []string) ([]string, error) {
	value, given := values[p.name]
	if !given {
		return nil, t.fault(p.name, ErrNoValue, "give it, as "+p.kindName)
	}
	if len(value) > maxValue {
		return nil, t.fault(p.name, ErrRange, fmt.Sprintf("it is longer than %d bytes", maxValue))
	}
	q, err := p.kind.read(value)
	if err != nil {
		return nil, t.fault(p.name, ErrRange, err.Error())
	}
	return p.kind.say(t.g, buf, q, p.form), nil
}

func (t *template) fault(value string, kind error, detail string) error {
	return &PhraseError{Lang: t.lang, Phrase: t.id, Value: value, Detail: detail, Err: kind}
}

// parse reads a phrase. It refuses what could not be spoken or stored.
func parse(lang, id, text string) (*template, error) {
	g, err := grammarOf(lang)
	if err != nil {
		return nil, err
	}
	t := &template{lang: lang, id: id, g: g}
	if err := checkID(id); err != nil {
		return nil, t.fault("", ErrTemplate, err.Error())
	}
	if text, err = plain(text); err != nil {
		return nil, t.fault("", ErrTemplate, err.Error())
	}
	for rest := text; rest != ""; {
		if rest, err = t.next(rest); err != nil {
			return nil, err
		}
	}
	if len(t.parts) == 0 {
		return nil, t.fault("", ErrTemplate, "it has no words; write what is to be said")
	}
	t.number()
	return t, nil
}

// next reads one fixed piece or one value off the front of text.
func (t *template) next(text string) (rest string, err error) {
	at := strings.IndexAny(text, "{}")
	switch {
	case at < 0:
		t.addFixed(text)
		return "", nil
	case at > 0:
		t.addFixed(text[:at])
		return text[at:], nil
	}
	inner, rest, closed := strings.Cut(text[1:], "}")
	if text[0] == '}' || !closed || strings.Contains(inner, "{") {
		return "", t.fault("", ErrTemplate,
			fmt.Sprintf("the braces at %q do not match; a value is written {minutes}", shorten(text, 20)))
	}
	return rest, t.addSlot(inner)
}

func (t *template) addFixed(text string) {
	text = strings.TrimSpace(strings.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".,;:!?…)–—-", r)
	}))
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		t.parts = append(t.parts, part{fixed: Clip{Lang: t.lang, Text: text}})
	}
}

// addSlot reads name:kind|form.
func (t *template) addSlot(inner string) error {
	head, form, _ := strings.Cut(inner, "|")
	name, kindName, typed := strings.Cut(head, ":")
	name, kindName = strings.TrimSpace(name), strings.TrimSpace(kindName)
	if !typed {
		kindName = name
	}
	k, ok := kindOf(kindName)
	if !ok {
		return t.fault(name, ErrTemplate, fmt.Sprintf("there is no kind %q; the kinds are %s; another name is written {from:number}",
			shorten(kindName, 20), kindNames))
	}
	if name == "" {
		return t.fault("", ErrTemplate, "a value has no name; it is written {minutes} or {from:minutes}")
	}
	f, err := readForm(t.g, k, form)
	if err != nil {
		return t.fault(name, ErrTemplate, err.Error())
	}
	if t.slots++; t.slots > maxSlots {
		return t.fault(name, ErrTemplate, fmt.Sprintf("more than %d values; make it two phrases", maxSlots))
	}
	t.parts = append(t.parts, part{name: name, kindName: kindName, kind: k, form: f})
	return nil
}

// readForm reads the words after the bar.
func readForm(g grammar, k kind, text string) (Form, error) {
	var f Form
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		c := slices.Index([]string{"nom", "gen", "dat", "acc", "ins", "loc", "abl"}, word)
		s := slices.Index([]string{"m", "f", "n"}, word)
		switch {
		case c >= 0 && k.cased && c < len(g.cases()):
			f.Case = g.cases()[c]
		case s >= 0 && k.gendered && s < len(g.genders()) && len(g.genders()) > 1:
			f.Gender = g.genders()[s]
		default:
			return f, fmt.Errorf("the form %q does not fit here; see the forms of the language in the guide", shorten(word, 20))
		}
	}
	return f, nil
}

// number gives the fixed pieces their ids.
func (t *template) number() {
	if len(t.parts) == 1 && t.slots == 0 {
		t.parts[0].fixed.ID = t.id
		return
	}
	n := 0
	for i := range t.parts {
		if t.parts[i].name == "" {
			n++
			t.parts[i].fixed.ID = t.id + "/" + strconv.Itoa(n)
		}
	}
}

// plain checks a text and joins its lines into one.
func plain(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("it is not valid UTF-8; save the file as UTF-8")
	}
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > maxText {
		return "", fmt.Errorf("it is longer than %d letters; cut it", maxText)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", fmt.Errorf("it holds control characters; delete them")
	}
	return text, nil
}

// checkID refuses an id that is no safe file name: it comes from the files of
// authors.
func checkID(id string) error {
	if id == "" || len(id) > maxID {
		return fmt.Errorf("an id has 1 to %d bytes", maxID)
	}
	for segment := range strings.SplitSeq(id, "/") {
		if segment == "" || segment[0] == '.' {
			return fmt.Errorf("the id %q has an empty part or one that begins with a dot", shorten(id, 40))
		}
		for _, r := range segment {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune("_-.", r) {
				return fmt.Errorf("the id %q holds %q; use letters, digits, _ and -", shorten(id, 40), r)
			}
		}
	}
	return nil
}
