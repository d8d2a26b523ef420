package speech

// ruOrdinal is an ordinal: the stem and how it declines.
type ruOrdinal struct {
	stem string
	// stressed ordinals end in -ой in the masculine: второй, сороковой.
	stressed bool
	// soft is третий alone.
	soft bool
}

// The tables below are never written to.
var (
	ruOrdinalSmall = [20]ruOrdinal{
		0: {stem: "нулев", stressed: true},
		1: {stem: "перв"}, 2: {stem: "втор", stressed: true}, 3: {stem: "трет", soft: true},
		4: {stem: "четвёрт"}, 5: {stem: "пят"}, 6: {stem: "шест", stressed: true},
		7: {stem: "седьм", stressed: true}, 8: {stem: "восьм", stressed: true}, 9: {stem: "девят"},
		10: {stem: "десят"}, 11: {stem: "одиннадцат"}, 12: {stem: "двенадцат"},
		13: {stem: "тринадцат"}, 14: {stem: "четырнадцат"}, 15: {stem: "пятнадцат"},
		16: {stem: "шестнадцат"}, 17: {stem: "семнадцат"}, 18: {stem: "восемнадцат"},
		19: {stem: "девятнадцат"},
	}
	ruOrdinalTens = [10]ruOrdinal{
		2: {stem: "двадцат"}, 3: {stem: "тридцат"}, 4: {stem: "сороков", stressed: true},
		5: {stem: "пятидесят"}, 6: {stem: "шестидесят"}, 7: {stem: "семидесят"},
		8: {stem: "восьмидесят"}, 9: {stem: "девяност"},
	}
	ruOrdinalHundreds = [10]ruOrdinal{
		1: {stem: "сот"}, 2: {stem: "двухсот"}, 3: {stem: "трёхсот"}, 4: {stem: "четырёхсот"},
		5: {stem: "пятисот"}, 6: {stem: "шестисот"}, 7: {stem: "семисот"}, 8: {stem: "восьмисот"},
		9: {stem: "девятисот"},
	}
	ruOrdinalThousand = ruOrdinal{stem: "тысячн"}

	ruEndings = [3][6]string{
		Masculine: decline("ый ого ому ый ым ом"),
		Feminine:  decline("ая ой ой ую ой ой"),
		Neuter:    decline("ое ого ому ое ым ом"),
	}
	ruSoftEndings = [3][6]string{
		Masculine: decline("ий ьего ьему ий ьим ьем"),
		Feminine:  decline("ья ьей ьей ью ьей ьей"),
		Neuter:    decline("ье ьего ьему ье ьим ьем"),
	}
)

func (o ruOrdinal) in(f Form) string {
	if o.soft {
		return o.stem + ruSoftEndings[f.Gender][f.Case]
	}
	if o.stressed && f.Gender == Masculine && (f.Case == Nominative || f.Case == Accusative) {
		return o.stem + "ой"
	}
	return o.stem + ruEndings[f.Gender][f.Case]
}

// ordinal inflects the last part alone: «две тысячи двадцать второго». A round
// number of thousands is one word: «двадцатиоднотысячный».
func (r russian) ordinal(out []string, n int, f Form) []string {
	thousands, rest := n/1000, n%1000
	if thousands > 0 && rest == 0 {
		out = ruThousandPrefix(out, thousands)
		return append(out, ruOrdinalThousand.in(f))
	}
	switch {
	case thousands == 1: // «тысяча девятьсот девяносто первый», without «одна»
		out = append(out, ruThousand.one[Nominative])
	case thousands > 1:
		out = r.cardinal(out, thousands*1000, Form{})
	}
	return ruOrdinalBelowThousand(out, rest, f)
}

func ruOrdinalBelowThousand(out []string, n int, f Form) []string {
	hundreds, rest := n/100, n%100
	if hundreds > 0 && rest == 0 {
		return append(out, ruOrdinalHundreds[hundreds].in(f))
	}
	if hundreds > 0 {
		out = append(out, ruHundreds[hundreds][Nominative])
	}
	if rest < 20 {
		return append(out, ruOrdinalSmall[rest].in(f))
	}
	if rest%10 == 0 {
		return append(out, ruOrdinalTens[rest/10].in(f))
	}
	out = append(out, ruTens[rest/10][Nominative])
	return append(out, ruOrdinalSmall[rest%10].in(f))
}

// ruThousandPrefix appends the parts of a number as they stand before
// «тысячный»: in the genitive, but for сто, девяносто and одно.
func ruThousandPrefix(out []string, n int) []string {
	if n == 1 {
		return out
	}
	if n >= 100 {
		word := ruHundreds[n/100][Genitive]
		if n/100 == 1 {
			word = "сто"
		}
		out = append(out, word+"-")
	}
	n %= 100
	if n >= 20 {
		word := ruTens[n/10][Genitive]
		if n/10 == 9 {
			word = "девяносто"
		}
		out = append(out, word+"-")
		n %= 10
	}
	switch n {
	case 0:
	case 1:
		out = append(out, "одно-")
	default:
		out = append(out, ruSmall[n][Genitive]+"-")
	}
	return out
}
