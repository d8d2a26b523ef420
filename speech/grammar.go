package speech

import "fmt"

// Case is a grammatical case. The zero value is the nominative.
type Case uint8

// The cases of both languages. Ablative exists in Kazakh alone; Locative is
// the prepositional case of Russian.
const (
	Nominative Case = iota
	Genitive
	Dative
	Accusative
	Instrumental
	Locative
	Ablative
)

// Gender is a grammatical gender, of which Kazakh has none. The zero value is
// the masculine.
type Gender uint8

// The genders of Russian.
const (
	Masculine Gender = iota
	Feminine
	Neuter
)

// Form says in which form a value is spoken. The zero value is the form in
// which one counts: nominative, masculine.
type Form struct {
	Case   Case
	Gender Gender
}

// MaxNumber is the greatest number that can be spoken.
const MaxNumber = 999_999

// grammar is what a language must be able to say. Every method returns tokens,
// which are the words of the value in order; a token that ends in "-" is joined
// to the one after it in writing. Numbers are within 0 and MaxNumber.
type grammar interface {
	cardinal(out []string, n int, f Form) []string
	ordinal(out []string, n int, f Form) []string
	noun(out []string, n int, name string, c Case) []string
	clock(out []string, hour, minute int, c Case) []string
	date(out []string, d day, c Case) []string
	plus() string
	cases() []Case
	genders() []Gender
}

// day is a date, of which the year may be missing (0).
type day struct{ year, month, day int }

func grammarOf(lang string) (grammar, error) {
	switch lang {
	case Kazakh:
		return kazakh{}, nil
	case Russian:
		return russian{}, nil
	default:
		return nil, fmt.Errorf("%w %q: the line speaks %q and %q", ErrLanguage, lang, Kazakh, Russian)
	}
}

// Cardinal returns n in words. It refuses a language or a form that it does
// not know and a number outside 0 to MaxNumber.
func Cardinal(lang string, n int, f Form) (string, error) {
	return inWords(lang, n, f, func(g grammar) []string { return g.cardinal(nil, n, f) })
}

// Ordinal returns the ordinal of n in words, under the same conditions as
// Cardinal.
func Ordinal(lang string, n int, f Form) (string, error) {
	return inWords(lang, n, f, func(g grammar) []string { return g.ordinal(nil, n, f) })
}

func inWords(lang string, n int, f Form, say func(grammar) []string) (string, error) {
	g, err := grammarOf(lang)
	if err != nil {
		return "", err
	}
	if err := allowed(g, lang, f); err != nil {
		return "", err
	}
	if n < 0 || n > MaxNumber {
		return "", fmt.Errorf("%w: %d is not within 0 and %d", ErrRange, n, MaxNumber)
	}
	return joinTokens(say(g)), nil
}

func allowed(g grammar, lang string, f Form) error {
	if int(f.Case) >= len(g.cases()) {
		return fmt.Errorf("%w: language %q does not have this case", ErrTemplate, lang)
	}
	if int(f.Gender) >= len(g.genders()) {
		return fmt.Errorf("%w: language %q does not have this gender", ErrTemplate, lang)
	}
	return nil
}

// joinTokens writes tokens as text.
func joinTokens(tokens []string) string {
	var text []byte
	for i, t := range tokens {
		joined := len(t) > 0 && t[len(t)-1] == '-'
		if joined {
			t = t[:len(t)-1]
		}
		text = append(text, t...)
		if !joined && i < len(tokens)-1 {
			text = append(text, ' ')
		}
	}
	return string(text)
}
