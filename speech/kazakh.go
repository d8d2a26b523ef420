package speech

import (
	"strings"
	"unicode/utf8"
)

// kazakh speaks by the rules of Kazakh: no gender, the noun in the singular
// after a number, and every ending on the last word alone.
type kazakh struct{}

// The tables below are never written to.
var (
	kkUnits = [10]string{"нөл", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"}
	kkTens  = [10]string{
		1: "он", 2: "жиырма", 3: "отыз", 4: "қырық", 5: "елу", 6: "алпыс", 7: "жетпіс", 8: "сексен", 9: "тоқсан",
	}
	kkOrdinals = map[string]string{
		"нөл": "нөлінші", "бір": "бірінші", "екі": "екінші", "үш": "үшінші", "төрт": "төртінші",
		"бес": "бесінші", "алты": "алтыншы", "жеті": "жетінші", "сегіз": "сегізінші", "тоғыз": "тоғызыншы",
		"он": "оныншы", "жиырма": "жиырмасыншы", "отыз": "отызыншы", "қырық": "қырқыншы", "елу": "елуінші",
		"алпыс": "алпысыншы", "жетпіс": "жетпісінші", "сексен": "сексенінші", "тоқсан": "тоқсаныншы",
		"жүз": "жүзінші", "мың": "мыңыншы",
	}
	kkNouns  = map[string]string{"minutes": "минут", "hours": "сағат", "days": "күн", "seconds": "секунд"}
	kkMonths = [13]string{
		1: "қаңтар", 2: "ақпан", 3: "наурыз", 4: "сәуір", 5: "мамыр", 6: "маусым",
		7: "шілде", 8: "тамыз", 9: "қыркүйек", 10: "қазан", 11: "қараша", 12: "желтоқсан",
	}
)

func (kazakh) plus() string { return "плюс" }

func (kazakh) cases() []Case {
	return []Case{Nominative, Genitive, Dative, Accusative, Instrumental, Locative, Ablative}
}

func (kazakh) genders() []Gender { return []Gender{Masculine} }

func (kazakh) cardinal(out []string, n int, f Form) []string {
	if n == 0 {
		return kkInflectLast(append(out, kkUnits[0]), f.Case)
	}
	if thousands := n / 1000; thousands > 0 {
		if thousands > 1 {
			out = kkBelowThousand(out, thousands)
		}
		out = append(out, "мың")
	}
	return kkInflectLast(kkBelowThousand(out, n%1000), f.Case)
}

// kkBelowThousand appends a number below 1000, and nothing for 0.
func kkBelowThousand(out []string, n int) []string {
	if hundreds := n / 100; hundreds > 0 {
		if hundreds > 1 {
			out = append(out, kkUnits[hundreds])
		}
		out = append(out, "жүз")
	}
	if tens := n / 10 % 10; tens > 0 {
		out = append(out, kkTens[tens])
	}
	if unit := n % 10; unit > 0 {
		out = append(out, kkUnits[unit])
	}
	return out
}

func (k kazakh) ordinal(out []string, n int, f Form) []string {
	out = k.cardinal(out, n, Form{})
	last := len(out) - 1
	out[last] = kkOrdinals[out[last]]
	return kkInflectLast(out, f.Case)
}

func (kazakh) noun(out []string, _ int, name string, c Case) []string {
	return kkInflectLast(append(out, kkNouns[name]), c)
}

// clock says «тоғыз нөл бес», and the hour alone when it is full, as it stands
// after «сағат».
func (k kazakh) clock(out []string, hour, minute int, c Case) []string {
	if minute == 0 {
		return k.cardinal(out, hour, Form{Case: c})
	}
	out = k.cardinal(out, hour, Form{})
	if minute < 10 {
		out = append(out, kkUnits[0])
	}
	return k.cardinal(out, minute, Form{Case: c})
}

// date says «екі мың жиырма екінші жылғы бесінші қаңтар»; the case falls on
// the month.
func (k kazakh) date(out []string, d day, c Case) []string {
	if d.year != 0 {
		out = append(k.ordinal(out, d.year, Form{}), "жылғы")
	}
	out = k.ordinal(out, d.day, Form{})
	return kkInflectLast(append(out, kkMonths[d.month]), c)
}

func kkInflectLast(out []string, c Case) []string {
	if last := len(out) - 1; c != Nominative {
		out[last] += kkEnding(out[last], c)
	}
	return out
}

// kkEndings holds, for each case, the ending after a vowel, after м н ң, after
// р л й у, after з ж, and after a voiceless consonant: back vowels first, then
// front ones.
var kkEndings = [7][2][5]string{
	Genitive:     {{"ның", "ның", "дың", "дың", "тың"}, {"нің", "нің", "дің", "дің", "тің"}},
	Dative:       {{"ға", "ға", "ға", "ға", "қа"}, {"ге", "ге", "ге", "ге", "ке"}},
	Accusative:   {{"ны", "ды", "ды", "ды", "ты"}, {"ні", "ді", "ді", "ді", "ті"}},
	Instrumental: {{"мен", "мен", "мен", "бен", "пен"}, {"мен", "мен", "мен", "бен", "пен"}},
	Locative:     {{"да", "да", "да", "да", "та"}, {"де", "де", "де", "де", "те"}},
	Ablative:     {{"дан", "нан", "дан", "дан", "тан"}, {"ден", "нен", "ден", "ден", "тен"}},
}

// kkEnding returns the ending of the case c after word. It is right for the
// words of this package: numbers, months and the counted nouns.
func kkEnding(word string, c Case) string {
	last, _ := utf8.DecodeLastRuneInString(word)
	class := 4
	for i, letters := range []string{"аәеөоұүыіи", "мнң", "рлйу", "зж"} {
		if strings.ContainsRune(letters, last) {
			class = i
		}
	}
	return kkEndings[c][kkHarmony(word)][class]
}

// kkHarmony is 1 when the last vowel that tells is a front one, else 0. The
// letters у and и tell nothing; the loans минут and секунд are back.
func kkHarmony(word string) int {
	if word == "минут" || word == "секунд" {
		return 0
	}
	i := strings.LastIndexAny(word, "аоұыәеөүі")
	if i < 0 {
		return 0
	}
	vowel, _ := utf8.DecodeRuneInString(word[i:])
	if strings.ContainsRune("әеөүі", vowel) {
		return 1
	}
	return 0
}
