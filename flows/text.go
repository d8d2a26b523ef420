package flows

// Language is the language of a call or of one utterance.
// The zero value is unset: nothing is ever said in it.
type Language string

// The two languages of the line. Kazakh is the state language: it comes
// first, and a caller who chooses nothing hears it.
const (
	Kazakh  Language = "kk"
	Russian Language = "ru"
)

// Languages lists the languages in the order in which they are said and
// offered: the first has key 1 in a language menu.
func Languages() []Language { return []Language{Kazakh, Russian} }

// Known reports whether l is one of the line's languages.
func (l Language) Known() bool { return l == Kazakh || l == Russian }

// Text is one thing said in both languages.
type Text struct {
	KK string `json:"kk"`
	RU string `json:"ru"`
}

// In returns the text in a language; Kazakh for a language that is unset.
func (t Text) In(l Language) string {
	if l == Russian {
		return t.RU
	}
	return t.KK
}

// Phrase is a text under the name by which recordings know it.
type Phrase struct {
	// ID is "<node>/<slot>" for a phrase of a flow, such as
	// "topics/to-transport", and stays the same when options are reordered.
	// Phrases of the program itself have ids such as "key/1" or "goodbye",
	// those of the categories "category/<code>".
	ID   string `json:"id"`
	Text Text   `json:"text"`
}

// Utterance is one phrase to be said in one language.
type Utterance struct {
	Phrase   Phrase   `json:"phrase"`
	Language Language `json:"language"`
	// Values fill the braces of the text, by name without the form:
	// {"place": "3"} for "{place|n}". Nil when the text has none.
	Values map[string]string `json:"values,omitempty"`
}

// Text returns the words of the utterance in its language, braces unfilled.
func (u Utterance) Text() string { return u.Phrase.Text.In(u.Language) }
