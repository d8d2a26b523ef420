package speech_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"ikomek109/speech"

	"pgregory.net/rapid"
)

// The parsers below know nothing of the tables under test: they read a number
// back from the beginnings of its words.

var russianStems = []struct {
	stem  string
	value int
}{
	{"нол", 0},
	{"одиннадцат", 11},
	{"од", 1},
	{"двадцат", 20},
	{"двенадцат", 12},
	{"дв", 2},
	{"тридцат", 30},
	{"тринадцат", 13},
	{"тр", 3},
	{"четырнадцат", 14},
	{"четыр", 4},
	{"пятьдесят", 50},
	{"пятидесят", 50},
	{"пятьюдесят", 50},
	{"пятнадцат", 15},
	{"пят", 5},
	{"шестьдесят", 60},
	{"шестидесят", 60},
	{"шестьюдесят", 60},
	{"шестнадцат", 16},
	{"шест", 6},
	{"семьдесят", 70},
	{"семидесят", 70},
	{"семьюдесят", 70},
	{"семнадцат", 17},
	{"сем", 7},
	{"восемьдесят", 80},
	{"восьмидесят", 80},
	{"восемьюдесят", 80},
	{"восемнадцат", 18},
	{"вос", 8},
	{"девяност", 90},
	{"девятнадцат", 19},
	{"девят", 9},
	{"десят", 10},
	{"сорок", 40},
	{"ст", 100},
}

func russianWord(word string) (int, bool) {
	for _, s := range russianStems {
		if !strings.HasPrefix(word, s.stem) {
			continue
		}
		hundreds := slices.Contains([]string{"двести", "триста", "четыреста"}, word)
		for _, end := range []string{"сот", "стам", "стами", "стах"} {
			hundreds = hundreds || strings.HasSuffix(word, end)
		}
		if hundreds && s.value < 10 {
			return s.value * 100, true
		}
		return s.value, true
	}
	return 0, false
}

func parseRussian(text string) (int, bool) {
	total, below := 0, 0
	for word := range strings.FieldsSeq(text) {
		if strings.HasPrefix(word, "тысяч") {
			total, below = total+below*1000, 0
			continue
		}
		n, ok := russianWord(word)
		if !ok {
			return 0, false
		}
		below += n
	}
	return total + below, true
}

var kazakhStems = []struct {
	stem  string
	value int
}{
	{"нөл", 0},
	{"бір", 1},
	{"екі", 2},
	{"үш", 3},
	{"төрт", 4},
	{"бес", 5},
	{"алты", 6},
	{"жетпіс", 70},
	{"жеті", 7},
	{"сегіз", 8},
	{"тоғыз", 9},
	{"он", 10},
	{"жиырма", 20},
	{"отыз", 30},
	{"қыр", 40},
	{"елу", 50},
	{"алпыс", 60},
	{"сексен", 80},
	{"тоқсан", 90},
}

func parseKazakh(text string) (int, bool) {
	total, below, unit := 0, 0, 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case strings.HasPrefix(word, "мың"):
			total, below, unit = total+max(below+unit, 1)*1000, 0, 0
			continue
		case strings.HasPrefix(word, "жүз"):
			below, unit = below+max(unit, 1)*100, 0
			continue
		}
		i := slices.IndexFunc(kazakhStems, func(s struct {
			stem  string
			value int
		},
		) bool {
			return strings.HasPrefix(word, s.stem)
		})
		if i < 0 {
			return 0, false
		}
		unit += kazakhStems[i].value
	}
	return total + below + unit, true
}

func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(0, 1200), rapid.IntRange(0, speech.MaxNumber)).Draw(t, "n")
		cases := []speech.Case{
			speech.Nominative, speech.Genitive, speech.Dative, speech.Accusative,
			speech.Instrumental, speech.Locative, speech.Ablative,
		}
		genders := []speech.Gender{speech.Masculine, speech.Feminine, speech.Neuter}
		ru := speech.Form{
			Case:   rapid.SampledFrom(cases[:6]).Draw(t, "ru case"),
			Gender: rapid.SampledFrom(genders).Draw(t, "ru gender"),
		}
		kk := speech.Form{Case: rapid.SampledFrom(cases).Draw(t, "kk case")}
		text, err := speech.Cardinal(speech.Russian, n, ru)
		if got, ok := parseRussian(text); err != nil || !ok || got != n {
			t.Fatalf("%d in Russian %+v is %q (%v), which reads back as %d (%v)", n, ru, text, err, got, ok)
		}
		for name, say := range map[string]func(string, int, speech.Form) (string, error){"cardinal": speech.Cardinal, "ordinal": speech.Ordinal} {
			text, err := say(speech.Kazakh, n, kk)
			if got, ok := parseKazakh(text); err != nil || !ok || got != n {
				t.Fatalf("the %s %d in Kazakh %+v is %q (%v), which reads back as %d (%v)", name, n, kk, text, err, got, ok)
			}
		}
	})
}

// TestOrdinalsDiffer proves that no two ordinals sound the same, where reading
// back is not possible.
func TestOrdinalsDiffer(t *testing.T) {
	seen := map[string]int{}
	for n := range 25_000 {
		text, err := speech.Ordinal(speech.Russian, n, speech.Form{})
		if before, twice := seen[text]; err != nil || twice {
			t.Fatalf("%d and %d are both %q (%v)", before, n, text, err)
		}
		seen[text] = n
	}
}

// drawValue draws a value of any kind, with a form it can take.
func drawValue(t *rapid.T, lang string) (slot, value string) {
	number := rapid.OneOf(rapid.IntRange(0, 130), rapid.IntRange(0, speech.MaxNumber))
	kind := rapid.SampledFrom([]string{"number", "place", "minutes", "hours", "days", "seconds", "time", "date", "digits"}).Draw(t, "kind")
	switch kind {
	case "time":
		value = rapid.StringMatching(`([01][0-9]|2[0-3]):[0-5][0-9]`).Draw(t, "time")
	case "date":
		value = rapid.StringMatching(`((19|20|21)[0-9]{2}-)?(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])`).Draw(t, "date")
	case "digits":
		return "{digits}", rapid.StringMatching(`\+?[0-9]{1,20}`).Draw(t, "digits")
	default:
		value = strconv.Itoa(number.Draw(t, "number"))
	}
	cases := []string{"nom", "gen", "dat", "acc", "ins", "loc", "abl"}
	if lang == speech.Russian {
		cases = cases[:6]
	}
	form := rapid.SampledFrom(cases).Draw(t, "case")
	if lang == speech.Russian && (kind == "number" || kind == "place") {
		form += "," + rapid.SampledFrom([]string{"m", "f", "n"}).Draw(t, "gender")
	}
	return "{v:" + kind + "|" + form + "}", value
}

// TestNeedsAreEnough proves that whatever the value, its clips are among those
// that were rendered beforehand, and not many.
func TestNeedsAreEnough(t *testing.T) {
	whole := map[string]map[speech.Clip]bool{}
	for _, lang := range speech.Languages() {
		clips, err := speech.Vocabulary(lang)
		if err != nil {
			t.Fatal(err)
		}
		whole[lang] = set(clips)
	}
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom(speech.Languages()).Draw(t, "lang")
		slot, value := drawValue(t, lang)
		name := "v"
		if slot == "{digits}" {
			name = "digits"
		}
		said, err := speech.Split(lang, "p/say", slot, map[string]string{name: value})
		if err != nil || len(said) == 0 || len(said) > 21 {
			t.Fatalf("%s %s of %q: %d clips, %v", lang, slot, value, len(said), err)
		}
		needs, err := speech.Needs(lang, "p/say", slot)
		if err != nil {
			t.Fatal(err)
		}
		needed := set(needs)
		for _, c := range said {
			if !needed[c] || !whole[lang][c] {
				t.Fatalf("%s %s of %q: %v is not rendered beforehand (needs %v, vocabulary %v)",
					lang, slot, value, c, needed[c], whole[lang][c])
			}
		}
	})
}

func set(clips []speech.Clip) map[speech.Clip]bool {
	m := map[speech.Clip]bool{}
	for _, c := range clips {
		m[c] = true
	}
	return m
}

func FuzzSplit(f *testing.F) {
	f.Add("ru", "a/b", "Через {minutes|acc}.", "minutes", "21")
	f.Add("kk", "a", "{from:number|abl} {", "from", "7")
	f.Add("ru", "a", "{digits}", "digits", "+7 (700)")
	f.Add("kk", "../..", "{date|loc}{time}", "date", "2022-01-05")
	f.Add("ru", "a", "з{minutes}", "", "0")
	f.Add("", "", "}{|:", "", "")
	f.Fuzz(func(t *testing.T, lang, id, text, name, value string) {
		clips, err := speech.Split(lang, id, text, map[string]string{name: value})
		if (err == nil) != (len(clips) > 0) {
			t.Errorf("%d clips and error %v", len(clips), err)
		}
		for _, c := range clips {
			if c.Text == "" || strings.Contains("/"+c.ID+"/", "/../") || strings.HasPrefix(c.ID, "/") {
				t.Errorf("clip %+v", c)
			}
		}
	})
}
