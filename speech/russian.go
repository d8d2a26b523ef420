package speech

// russian speaks by the rules of Russian. Nouns and the numbers that count
// them are inanimate.
type russian struct{}

func (russian) plus() string { return "плюс" }

func (russian) cases() []Case {
	return []Case{Nominative, Genitive, Dative, Accusative, Instrumental, Locative}
}

func (russian) genders() []Gender { return []Gender{Masculine, Feminine, Neuter} }

func (russian) cardinal(out []string, n int, f Form) []string {
	if n == 0 {
		return append(out, ruSmall[0][f.Case])
	}
	if thousands := n / 1000; thousands > 0 {
		out = ruBelowThousand(out, thousands, Form{Case: f.Case, Gender: Feminine})
		out = append(out, ruThousand.after(thousands, f.Case))
	}
	return ruBelowThousand(out, n%1000, f)
}

// ruBelowThousand appends a number below 1000, and nothing for 0.
func ruBelowThousand(out []string, n int, f Form) []string {
	if n >= 100 {
		out = append(out, ruHundreds[n/100][f.Case])
	}
	n %= 100
	if n >= 20 {
		out = append(out, ruTens[n/10][f.Case])
		n %= 10
	}
	switch {
	case n == 0:
	case n == 1:
		out = append(out, ruOne[f.Gender][f.Case])
	case n == 2 && f.Gender == Feminine:
		out = append(out, ruTwoFeminine[f.Case])
	default:
		out = append(out, ruSmall[n][f.Case])
	}
	return out
}

func (russian) noun(out []string, n int, name string, c Case) []string {
	return append(out, ruNouns[name].after(n, c))
}

// clock says hours and minutes: «двадцать один час тридцать минут».
func (r russian) clock(out []string, hour, minute int, c Case) []string {
	out = r.cardinal(out, hour, Form{Case: c, Gender: Masculine})
	out = r.noun(out, hour, "hours", c)
	if minute == 0 {
		return out
	}
	out = r.cardinal(out, minute, Form{Case: c, Gender: Feminine})
	return r.noun(out, minute, "minutes", c)
}

// date says «пятое января две тысячи двадцать второго года»; the case falls on
// the day.
func (r russian) date(out []string, d day, c Case) []string {
	out = r.ordinal(out, d.day, Form{Case: c, Gender: Neuter})
	out = append(out, ruMonths[d.month])
	if d.year == 0 {
		return out
	}
	out = r.ordinal(out, d.year, Form{Case: Genitive, Gender: Masculine})
	return append(out, "года")
}

// ruNoun is a noun in the forms that numbers ask for.
type ruNoun struct{ one, many [6]string }

// after returns the noun as it stands after n in the case c: минута after 21,
// минуты after 22, минут after 11.
func (r ruNoun) after(n int, c Case) string {
	plain := c == Nominative || c == Accusative
	tens, unit := n/10%10, n%10
	switch {
	case n%1000 == 0: // ноль and тысяча always ask for the genitive
		return r.many[Genitive]
	case unit == 1 && tens != 1:
		return r.one[c]
	case !plain:
		return r.many[c]
	case unit >= 2 && unit <= 4 && tens != 1:
		return r.one[Genitive]
	default:
		return r.many[Genitive]
	}
}
